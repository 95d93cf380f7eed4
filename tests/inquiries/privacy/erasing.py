"""A request to erase, and everything that is stored about it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from inquiries import privacy
from inquiries.models import Inquiry
from inquiries.outcomes import Outcome
from inquiries.private_page import correspondence
from inquiries.states import NEXT, ErasureReason, State, Step
from inquiries.triage import duplicates, steps
from portal.models import User
from tests.factories import make_category, make_inquiry

ERASABLE = [state for state in State if Step.ERASE in NEXT[state]]


def erase(inquiry: Inquiry, by: User | None, version: int | None = None) -> Inquiry:
    inquiry.refresh_from_db()
    return privacy.erase_inquiry(
        inquiry, reason=ErasureReason.ASKED, version=version or inquiry.version, by=by
    )


def close_as_duplicate(inquiry: Inquiry, by: User) -> Inquiry:
    """Close it as a duplicate of a request that was withdrawn and erased since."""
    first = make_inquiry(State.CLAIMED, owner=by)
    linked = duplicates.link_duplicate(inquiry, of=first, version=inquiry.version, by=by)
    first.refresh_from_db()
    erase(correspondence.withdraw_inquiry(first), None)
    return Inquiry.objects.get(pk=linked.pk)


# Each word appears in one field that a sender fills in; none of them is in our own text.
FIRST: dict[str, Any] = {
    "full_name": "Xaviera Firstcanary",
    "patient_name": "Yolanda Patientcanary",
    "email": "firstcanary@example.org",
    "phone": "(202) 555-0161",
    "phone_e164": "+12025550161",
    "time_zone": "Pacific/Kiritimati",
    "message": "Messagecanary: please call.",
}
CORRECTED: dict[str, Any] = FIRST | {
    "full_name": "Xaviera Secondcanary",
    "email": "secondcanary@example.org",
    "phone": "(202) 555-0162",
    "phone_e164": "+12025550162",
    "message": "Correctedcanary: please write.",
}
NOTE = "Notecanary: left a message."
CANARIES = (
    *("canary", "Xaviera", "Yolanda", "555-0161", "5550161", "555-0162", "5550162", "Kiritimati"),
    *("xaviera", "yolanda"),
)


def everything_stored() -> dict[str, list[bytes]]:
    """Return every value of every table, as the database returns it."""
    stored: dict[str, list[bytes]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - the names are our own
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    raw = isinstance(value, bytes | memoryview)
                    stored.setdefault(f"{table}.{column}", []).append(
                        bytes(value) if raw else str(value).encode()
                    )
    return stored


def make_eventful(state: State, owner: User) -> Inquiry:
    """Make a request that its sender corrected, with a note."""
    key = uuid4().hex
    first = State.QUARANTINED if state == State.QUARANTINED else State.NEW
    make_inquiry(first, key=key, topic=make_category(), **FIRST)
    inquiry = make_inquiry(key=key, **CORRECTED)
    if state == State.QUARANTINED:
        return inquiry
    for verb, words in (
        (steps.claim, {}),
        (steps.add_note, {"text": NOTE}),
        (steps.log_conversation, {"method": "phone", "identity": "detail"}),
        (steps.set_aside, {"until": timezone.now() + timedelta(days=1), "why": "asked"}),
        (steps.close, {"outcome": Outcome.REFERRED}),
        (steps.reopen, {}),
    ):
        inquiry.refresh_from_db()
        if inquiry.state == state and state != State.NEW:
            return inquiry
        verb(inquiry, version=inquiry.version, by=owner, **words)
    inquiry.refresh_from_db()
    return inquiry


def erased() -> set[str]:
    return set(Inquiry.objects.filter(state=State.ERASED).values_list("reference", flat=True))
