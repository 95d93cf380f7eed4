"""What an erased request looks like: nothing the sender said is left."""

from typing import Any

from django.db.models import Q

from inquiries.submission import NOTHING_SAID

#: The value of each field after an erasure.
ERASED: dict[str, Any] = {
    **dict.fromkeys(("key_digest", "article", "revision", "duplicate_of", "undelivered_at")),
    **dict.fromkeys(("content_digest", "page_code"), ""),
    **NOTHING_SAID,
}
#: The same as a database condition. Django sorts the names, so their order causes no migration.
ERASED_FIELDS_EMPTY = Q(
    **{
        **{name: nothing for name, nothing in ERASED.items() if nothing is not None},
        **{f"{name}__isnull": True for name, nothing in ERASED.items() if nothing is None},
    }
)
