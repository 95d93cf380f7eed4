"""What an erased request looks like: nothing that it said is left."""

from typing import Any

from django.db.models import Q

from inquiries.submission import NOTHING_SAID

#: What each field holds that an erasure empties.
ERASED: dict[str, Any] = {
    **dict.fromkeys(("key_digest", "article", "revision", "duplicate_of", "undelivered_at")),
    **dict.fromkeys(("content_digest", "page_code"), ""),
    **NOTHING_SAID,
}
#: The same, for the database. Django sorts the names: their order here makes no migration.
ERASED_FIELDS_EMPTY = Q(
    **{
        **{name: nothing for name, nothing in ERASED.items() if nothing is not None},
        **{f"{name}__isnull": True for name, nothing in ERASED.items() if nothing is None},
    }
)
