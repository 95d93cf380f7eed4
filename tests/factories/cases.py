"""Tasks, referrals, and what leads keep for them."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from inquiries.models import Checklist, ChecklistItem, DirectoryEntry, Inquiry, Referral, Task
from inquiries.states import State
from inquiries.triage import referrals, tasks
from inquiries.triage.tasks import Due
from portal.models import Role, User
from tests.factories.inquiries import make_inquiry
from tests.factories.portal import make_staff

_numbers = count(1)


def in_days(days: int) -> Due:
    return Due(timezone.localdate() + timedelta(days=days))


def make_checklist(*texts: str) -> Checklist:
    checklist = Checklist.objects.create(title=f"Checklist {next(_numbers)}")
    for days, text in enumerate(texts or ("Send the form", "Ask for it")):
        ChecklistItem.objects.create(checklist=checklist, text=text, days=days)
    return checklist


def make_checklistitem() -> ChecklistItem:
    return make_checklist().items.all()[0]


def make_directoryentry(**fields: Any) -> DirectoryEntry:
    words = {"name": f"Lupus clinic {next(_numbers)}", "kind": "clinic", "phone": "202-555-0133"}
    return DirectoryEntry.objects.create(**{**words, **fields})


def make_task(
    inquiry: Inquiry | None = None, by: User | None = None, *, due: Due | None = None, **said: Any
) -> Task:
    """Add a task, due tomorrow, to a request that somebody owns."""
    by = by or make_staff(Role.COORDINATOR)
    inquiry = inquiry or make_inquiry(State.CLAIMED, owner=by)
    inquiry.refresh_from_db()
    said = {"text": "Call the hospital.", "due": due or in_days(1), **said}
    inquiry = tasks.add_task(inquiry, version=inquiry.version, by=by, **said)
    return inquiry.tasks.get(pk=_newest(inquiry))


def _newest(inquiry: Inquiry) -> Any:
    bound = inquiry.events.latest("number").bound or {}
    return next(iter(bound["rows"])).split(" ")[1]


def make_referral(inquiry: Inquiry | None = None, by: User | None = None) -> Referral:
    by = by or make_staff(Role.COORDINATOR)
    inquiry = inquiry or make_inquiry(State.CLAIMED, owner=by)
    inquiry.refresh_from_db()
    day = timezone.localdate() + timedelta(days=referrals.ASK_AFTER_DAYS)
    inquiry = referrals.refer(
        inquiry,
        to=make_directoryentry(),
        text="Faxed the records.",
        ask_on=day,
        version=inquiry.version,
        by=by,
    )
    return inquiry.referrals.get()
