"""What the sender reads and does on the private page: write, withdraw, or erase."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from inquiries import privacy
from inquiries.danger import phrases
from inquiries.intake import corrections, reception
from inquiries.ledger import case_rows, transitions
from inquiries.ledger.bindings import NOTHING_ELSE, Written
from inquiries.ledger.events import record_event
from inquiries.mail import staff_notices
from inquiries.models import Event, Inquiry, Message
from inquiries.outcomes import Outcome
from inquiries.states import ErasureReason, State

#: Identical text sent within this time is one message, repeated by a double tap or a bad network.
REPEAT_WINDOW = timedelta(minutes=10)
#: Limit on what may arrive between two of our visits. No person writes more, and it would bury
#: what came first.
MAX_UNREAD = 100


def load_history(inquiry: Inquiry) -> list[Event]:
    """Load everything that happened to a request, oldest first, with the messages of both sides.

    Notes are left out, because they are for colleagues.
    """
    rows = Event.objects.filter(inquiry=inquiry).exclude(kind=Event.Kind.NOTED)
    events = list(rows.select_related("by", "message", "addition").order_by("number"))
    for event in events:
        event.inquiry = inquiry  # its data key decrypts the text
    return events


def is_inbox_full(inquiry: Inquiry) -> bool:
    """Whether too much came from outside since our last visit to accept any more."""
    if not settings.RATE_LIMITS_ENABLED:
        return False
    events = Event.objects.filter(inquiry=inquiry)
    last_look = events.filter(by__isnull=False).order_by("-number").values("number")[:1]
    # Unproven sendings do not count, so that a stranger cannot lock the sender out.
    of_theirs = events.exclude(kind=Event.Kind.UNPROVEN).filter(by__isnull=True)
    unseen = of_theirs.filter(number__gt=Coalesce(Subquery(last_look), 0))
    return unseen[:MAX_UNREAD].count() == MAX_UNREAD


@transaction.atomic
def write_message(inquiry: Inquiry, *, text: str, gave_detail: bool = True) -> Inquiry:
    """Store the sender's message, reactivate the request in any state, and start the clock.

    The request leaves quarantine. Someone who came by a mailed link and gave a detail
    (`gave_detail`) is a person. Someone who came straight from the confirmation, or by a link
    created there, may be the bot that sent the request, so no mail goes out.
    The same text twice within REPEAT_WINDOW, with no message of ours between, is one message.
    Raise StepRefused if the request was erased.
    """
    return _store_message(transitions.lock_inquiry(inquiry), text, may_write=gave_detail)


def _store_message(inquiry: Inquiry, text: str, *, may_write: bool) -> Inquiry:
    """The row is locked, and its version is the one that the message makes."""
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
        reception.leave_quarantine(inquiry, by=None, may_write=may_write)
    transitions.reactivate_inquiry(inquiry)
    if "urgent" in detail:
        staff_notices.notify_if_urgent(inquiry)
    staff_notices.notify_owner(inquiry)
    return inquiry


@transaction.atomic
def withdraw_inquiry(inquiry: Inquiry) -> Inquiry:
    """Record that the sender wants no more contact; idempotent. Raise StepRefused if erased."""
    inquiry = transitions.lock_inquiry(inquiry)
    if inquiry.state == State.CLOSED and inquiry.outcome == Outcome.WITHDRAWN:
        inquiry.version -= 1
        return inquiry
    inquiry.state, inquiry.outcome, inquiry.burst = State.CLOSED, Outcome.WITHDRAWN, None
    inquiry.closed_at, inquiry.wakes_at = timezone.now(), None
    inquiry.undelivered_at = None
    inquiry.save()
    canceled = case_rows.cancel_all_tasks(inquiry, inquiry.closed_at)
    record_event(inquiry, Event.Kind.CLOSED, by=None, wrote=canceled, outcome=inquiry.outcome)
    if inquiry.duplicate_of:  # its owner may be about to call
        staff_notices.notify_owner(inquiry.duplicate_of)
    return inquiry


@transaction.atomic
def erase_by_sender(inquiry: Inquiry) -> Inquiry:
    """Erase everything at the sender’s request. Raise StepRefused if it was already erased."""
    held = transitions.lock_inquiry(inquiry)
    return privacy.erase_inquiry(
        held, reason=ErasureReason.SENDER, version=held.version - 1, by=None
    )


@transaction.atomic
def say_whether_answered(inquiry: Inquiry, *, answered: bool) -> Inquiry:
    """Record whether the sender’s questions were answered; a “no” reopens the request. Idempotent.

    Raise StepRefused if it was erased.
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


@transaction.atomic
def say_whether_helped(inquiry: Inquiry, *, helped: str, text: str = "") -> Inquiry:
    """Record what the sender says after the end, asked once: later answers change nothing.

    `helped` is one of Helped. Two kinds of words count as a message, which reopens the request, so
    that nobody overlooks them: those that may mean danger, and those that come when nothing was
    asked anymore. Raise StepRefused if it was erased.
    """
    inquiry = transitions.lock_inquiry(inquiry)
    if not asks_if_helped(inquiry):
        if text and text not in _said_after_the_end(inquiry):
            return _store_message(inquiry, text, may_write=False)
        inquiry.version -= 1
        return inquiry
    inquiry.helped = helped
    inquiry.save()
    is_danger = phrases.has_danger_words(text)
    wrote = Written(words=Message(text=text)) if text and not is_danger else NOTHING_ELSE
    record_event(inquiry, Event.Kind.HELPED, by=None, wrote=wrote)
    if is_danger:
        inquiry.version += 1
        _store_message(inquiry, text, may_write=True)
    return inquiry


def _said_after_the_end(inquiry: Inquiry) -> list[str]:
    events = Event.objects.filter(inquiry=inquiry, kind=Event.Kind.HELPED, message__isnull=False)
    said = []
    for event in events.select_related("message"):
        event.inquiry = inquiry  # its data key decrypts the text
        said.append(event.message.text)
    return said


def asks_if_helped(inquiry: Inquiry) -> bool:
    """Whether to ask: it ended with our help, and they haven't said yet."""
    is_ended = inquiry.state == State.CLOSED and Outcome(inquiry.outcome).end.asks_if_helped
    return is_ended and not inquiry.helped


def _is_repeated(inquiry: Inquiry, text: str, now: datetime) -> bool:
    words = (Event.Kind.WROTE, Event.Kind.REPLIED)
    recent = Event.objects.filter(inquiry=inquiry, kind__in=words, at__gt=now - REPEAT_WINDOW)
    for event in recent.select_related("message").order_by("-number"):
        if event.kind == Event.Kind.REPLIED:  # the same “Yes” answers a new question
            return False
        event.inquiry = inquiry
        if event.message.text == text:
            return True
    return False
