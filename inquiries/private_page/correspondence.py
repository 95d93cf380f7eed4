"""What the sender reads and does on the private page: write, withdraw, erase."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from inquiries import privacy
from inquiries.intake import corrections, reception
from inquiries.ledger import transitions
from inquiries.ledger.bindings import Written
from inquiries.ledger.events import record_event
from inquiries.mail import staff_notices
from inquiries.models import Event, Inquiry, Message
from inquiries.outcomes import Outcome
from inquiries.states import ErasureReason, State

#: The same words again so soon are the same message, sent by a thumb or a network that was unsure.
REPEAT_WINDOW = timedelta(minutes=10)
#: What may come in between two looks of ours. More is no person’s, and buries what came first.
MAX_UNREAD = 100


def load_history(inquiry: Inquiry) -> list[Event]:
    """All that happened to a request, oldest first, with the words of both sides.

    Without the notes, which are for colleagues.
    """
    rows = Event.objects.filter(inquiry=inquiry).exclude(kind=Event.Kind.NOTED)
    events = list(rows.select_related("by", "message", "addition").order_by("number"))
    for event in events:
        event.inquiry = inquiry  # whose key opens the words
    return events


def is_inbox_full(inquiry: Inquiry) -> bool:
    """Whether so much came from outside since one of us last opened it that no more is taken."""
    if not settings.RATE_LIMITS_ENABLED:
        return False
    events = Event.objects.filter(inquiry=inquiry)
    last_look = events.filter(by__isnull=False).order_by("-number").values("number")[:1]
    # What is not proven to be theirs does not shut the sender out.
    of_theirs = events.exclude(kind=Event.Kind.UNPROVEN).filter(by__isnull=True)
    unseen = of_theirs.filter(number__gt=Coalesce(Subquery(last_look), 0))
    return unseen[:MAX_UNREAD].count() == MAX_UNREAD


@transaction.atomic
def write_message(inquiry: Inquiry, *, text: str, gave_detail: bool = True) -> Inquiry:
    """A message of the sender wakes the request, whatever its state, and starts the clock.

    It leaves quarantine. Who came by a link that was mailed, and gave a detail (`gave_detail`), is
    a person; who came straight from the confirmation, or by a link made there, may be the machine
    that sent it: no mail goes out. The
    same words twice within ONCE_WITHIN, with no word of ours between, are one message. Raise
    StepRefused where the request was erased.
    """
    inquiry = transitions.lock_inquiry(inquiry)
    now = timezone.now()
    if inquiry.is_open and _is_repeated(inquiry, text, now):
        inquiry.version -= 1
        return inquiry
    detail = corrections.mark_awaiting_answer(inquiry, text, now)
    inquiry.save()
    wrote = Written(words=Message(text=text))
    record_event(inquiry, Event.Kind.WROTE, by=None, wrote=wrote, **detail)
    if inquiry.state == State.QUARANTINED:
        inquiry.version += 1
        reception.leave_quarantine(inquiry, by=None, may_write=gave_detail)
    transitions.reactivate_inquiry(inquiry)
    if "urgent" in detail:
        staff_notices.notify_if_urgent(inquiry)
    staff_notices.notify_owner(inquiry)
    return inquiry


@transaction.atomic
def withdraw_inquiry(inquiry: Inquiry) -> Inquiry:
    """The sender wants no more contact. Twice is once. Raise StepRefused where it was erased."""
    inquiry = transitions.lock_inquiry(inquiry)
    if inquiry.state == State.CLOSED and inquiry.outcome == Outcome.WITHDRAWN:
        inquiry.version -= 1
        return inquiry
    inquiry.state, inquiry.outcome, inquiry.burst = State.CLOSED, Outcome.WITHDRAWN, None
    inquiry.closed_at, inquiry.wakes_at = timezone.now(), None
    inquiry.undelivered_at = None
    inquiry.save()
    record_event(inquiry, Event.Kind.CLOSED, by=None, outcome=inquiry.outcome)
    return inquiry


@transaction.atomic
def erase_by_sender(inquiry: Inquiry) -> Inquiry:
    """All that was told us, at the sender’s wish. Raise StepRefused where it was erased before."""
    held = transitions.lock_inquiry(inquiry)
    return privacy.erase_inquiry(
        held, reason=ErasureReason.SENDER, version=held.version - 1, by=None
    )


@transaction.atomic
def say_whether_answered(inquiry: Inquiry, *, answered: bool) -> Inquiry:
    """Whether the sender’s questions were answered; a no opens the request again. Twice is once.

    Raise StepRefused where it was erased.
    """
    inquiry = transitions.lock_inquiry(inquiry)
    if inquiry.said_answered is answered and (answered or inquiry.awaits_answer):
        inquiry.version -= 1
        return inquiry
    inquiry.said_answered = answered
    if not answered and not inquiry.awaits_answer:
        inquiry.wrote_at = timezone.now()
    inquiry.save()
    record_event(inquiry, Event.Kind.JUDGED, by=None, answered=answered)
    if not answered:
        transitions.reactivate_inquiry(inquiry)
        staff_notices.notify_owner(inquiry)
    return inquiry


def _is_repeated(inquiry: Inquiry, text: str, now: datetime) -> bool:
    words = (Event.Kind.WROTE, Event.Kind.REPLIED)
    recent = Event.objects.filter(inquiry=inquiry, kind__in=words, at__gt=now - REPEAT_WINDOW)
    for event in recent.select_related("message").order_by("-number"):
        if event.kind == Event.Kind.REPLIED:  # “Yes” to another question is another yes
            return False
        event.inquiry = inquiry
        if event.message.text == text:
            return True
    return False
