"""What coordinators do with a request, from clearing it from quarantine to closing it.

Each function checks who may act and what is allowed now, changes the request only if it is still
at `version`, and writes its event in the same transaction.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from inquiries import private_links, submission_history
from inquiries.contact import plan
from inquiries.deadlines import service_levels
from inquiries.intake import reception
from inquiries.ledger import case_rows, transitions
from inquiries.ledger.bindings import NOTHING_ELSE, Written
from inquiries.ledger.events import record_event
from inquiries.ledger.transitions import StepRefused
from inquiries.mail import patient_mail, staff_notices
from inquiries.models import Delivery, Event, Inquiry, Message, Note, Notice, Task
from inquiries.outcomes import CHOSEN_OUTCOMES, VOID_OUTCOMES, Outcome
from inquiries.states import Step, Urgency
from inquiries.team import availability, permissions
from inquiries.triage import words

if TYPE_CHECKING:
    from portal.models import User

#: The longest time for which a request can be set aside at once.
LONGEST_WAIT = timedelta(days=90)


@transaction.atomic
def clear_from_quarantine(inquiry: Inquiry, *, version: int, by: "User") -> Inquiry:
    """Mark it as not spam: take it out of quarantine, or release mails that were held."""
    inquiry = transitions.start_transition(inquiry, Step.CLEAR, version=version, by=by)
    return reception.leave_quarantine(inquiry, by=by)


@transaction.atomic
def discard(inquiry: Inquiry, *, version: int, by: "User") -> Inquiry:
    """Close it as spam. It is kept for as long as other requests closed with that outcome."""
    inquiry = transitions.start_transition(inquiry, Step.DISCARD, version=version, by=by)
    inquiry.outcome = Outcome.NOT_A_REQUEST
    inquiry.closed_at = timezone.now()
    inquiry.save()
    canceled = case_rows.cancel_all_tasks(inquiry, inquiry.closed_at)
    record_event(inquiry, Event.Kind.CLOSED, by=by, wrote=canceled, outcome=inquiry.outcome)
    return inquiry


@transaction.atomic
def claim(inquiry: Inquiry, *, version: int, by: "User") -> Inquiry:
    """Claim it. If two people claim it at once, one gets it and the other is told who."""
    inquiry = transitions.start_transition(inquiry, Step.CLAIM, version=version, by=by)
    inquiry.owner = by
    return save_and_record(inquiry, Event.Kind.CLAIMED, by=by)


@transaction.atomic
def release(inquiry: Inquiry, *, version: int, by: "User", text: str = "") -> Inquiry:
    """Put it back in the queue with its deadline unchanged. `text` is for whoever takes it."""
    inquiry = transitions.start_transition(inquiry, Step.RELEASE, version=version, by=by)
    inquiry.owner = None
    return save_and_record(inquiry, Event.Kind.RELEASED, by=by, note=text)


@transaction.atomic
def release_for_absence(inquiry: Inquiry, *, why: str) -> Inquiry:
    """Put it back in the queue, deadline unchanged, because its owner cannot look after it.

    `why` is a key of `models.words.RELEASE_REASONS`.
    """
    inquiry = transitions.start_transition(inquiry, Step.RELEASE, version=inquiry.version, by=None)
    inquiry.owner = None
    return save_and_record(inquiry, Event.Kind.RELEASED, by=None, why=why)


@transaction.atomic
def reassign(inquiry: Inquiry, *, to: "User", version: int, by: "User", text: str = "") -> Inquiry:
    """Give it to a colleague who is available, with a word to them.

    Only a lead can assign an unclaimed request.
    """
    inquiry = transitions.start_transition(inquiry, Step.REASSIGN, version=version, by=by)
    if to.pk == inquiry.owner_id:
        raise StepRefused(words.OWNS_IT_ALREADY % {"who": to})
    if why := availability.unavailable_reason(to):
        raise StepRefused(words.CANNOT_TAKE_IT[why] % {"who": to})
    inquiry.owner = to
    staff_notices.queue_notice(Notice.Kind.ASSIGNED, inquiry, [to], by=by)
    return save_and_record(
        inquiry, Event.Kind.REASSIGNED, by=by, note=text, to=str(to.pk), state=str(inquiry.state)
    )


@transaction.atomic
def take_over(inquiry: Inquiry, *, version: int, by: "User", text: str = "") -> Inquiry:
    """Take a request over from a colleague, who is notified and may read a word about it."""
    inquiry = transitions.start_transition(inquiry, Step.TAKE_OVER, version=version, by=by)
    staff_notices.notify_owner(inquiry, Notice.Kind.TAKEN_OVER, by=by)
    inquiry.owner = by
    return save_and_record(inquiry, Event.Kind.TAKEN_OVER, by=by, note=text)


@transaction.atomic
def set_urgency(inquiry: Inquiry, *, urgency: str, version: int, by: "User") -> Inquiry:
    """Record a person's judgment of how soon to reach the patient; the deadlines follow."""
    inquiry = transitions.start_transition(inquiry, Step.GRADE, version=version, by=by)
    inquiry.urgency, inquiry.is_graded = urgency, True
    return save_and_record(inquiry, Event.Kind.GRADED, by=by, urgency=urgency)


@transaction.atomic
def log_handover(inquiry: Inquiry, *, to: str, version: int, by: "User") -> Inquiry:
    """Record that they were in danger, and who took over while they were on the line.

    Whoever has them on the phone logs it, no matter who owns the request. `to`: see EmergencyHelp.
    """
    inquiry = transitions.start_transition(inquiry, Step.HANDOVER, version=version, by=by)
    inquiry.urgency, inquiry.is_graded = Urgency.URGENT, True
    inquiry.answered_at = timezone.now()
    staff_notices.notify_owner(inquiry, Notice.Kind.LOGGED, by=by)
    staff_notices.queue_notice(Notice.Kind.CRISIS, inquiry, availability.leads_to_notify(), by=by)
    return save_and_record(inquiry, Event.Kind.HANDED_OVER, by=by, to=to)


@transaction.atomic
def add_note(inquiry: Inquiry, *, text: str, by: "User", version: int | None = None) -> Inquiry:
    """Add a note for colleagues; the patient never sees it.

    It needs no version, because it changes nothing that anyone else may have decided meanwhile.
    Without one, the same note sent twice by the same person is one note.
    """
    if version is None:
        last = transitions.lock_last_event(inquiry)
        if last.kind == Event.Kind.NOTED and last.by == by and last.has_note(text):
            return last.inquiry
    inquiry = transitions.start_transition(inquiry, Step.NOTE, version=version, by=by)
    staff_notices.notify_owner(inquiry, Notice.Kind.LOGGED, by=by)
    return save_and_record(inquiry, Event.Kind.NOTED, by=by, note=text)


@transaction.atomic
def log_attempt(  # noqa: PLR0913 - what an attempt is
    inquiry: Inquiry, *, method: str, reached: str, version: int, by: "User", text: str = ""
) -> Inquiry:
    """Record that somebody tried to reach the patient, and how that ended.

    Whoever tried logs it, no matter who owns the request; the owner is notified.
    """
    inquiry = transitions.start_transition(inquiry, Step.ATTEMPT, version=version, by=by)
    inquiry.undelivered_at = None
    staff_notices.notify_owner(inquiry, Notice.Kind.LOGGED, by=by)
    return save_and_record(
        inquiry, Event.Kind.ATTEMPTED, by=by, note=text, method=method, reached=reached
    )


@transaction.atomic
def log_conversation(  # noqa: PLR0913 - what a conversation is
    inquiry: Inquiry, *, method: str, identity: str, version: int, by: "User", text: str = ""
) -> Inquiry:
    """Record that somebody spoke with the patient, and how they confirmed the patient's identity.

    Whoever spoke logs it, no matter who owns the request; the owner is notified.
    """
    inquiry = transitions.start_transition(inquiry, Step.CONNECT, version=version, by=by)
    inquiry.answered_at = timezone.now()
    inquiry.undelivered_at = None
    reception.release_mails(inquiry)
    staff_notices.notify_owner(inquiry, Notice.Kind.LOGGED, by=by)
    return save_and_record(
        inquiry, Event.Kind.CONNECTED, by=by, note=text, method=method, identity=identity
    )


@transaction.atomic
def set_aside(  # noqa: PLR0913 - what a wait is
    inquiry: Inquiry, *, until: datetime, why: str, version: int, by: "User", text: str = ""
) -> Inquiry:
    """Set it aside until then (an aware datetime), when it resumes on its own; it never closes.

    Its clocks keep running, unless the sender asked for the wait.
    """
    inquiry = transitions.start_transition(inquiry, Step.WAIT, version=version, by=by)
    now = timezone.now()
    if not now < until <= now + LONGEST_WAIT:
        raise StepRefused(words.CHOOSE_A_TIME % {"days": LONGEST_WAIT.days})
    inquiry.wakes_at = until
    return save_and_record(
        inquiry, Event.Kind.WAITED, by=by, note=text, until=until.isoformat(), why=why
    )


@transaction.atomic
def wake(inquiry: Inquiry, *, version: int, by: "User | None") -> Inquiry:
    """Resume a request that was set aside; `by` is None if its time has come."""
    inquiry = transitions.start_transition(inquiry, Step.WAKE, version=version, by=by)
    return save_and_record(inquiry, Event.Kind.WOKEN, by=by)


@transaction.atomic
def reply(inquiry: Inquiry, *, text: str, version: int, by: "User") -> Inquiry:
    """Write to them on their private page. If they gave an address, an email tells them so.

    Raise StepRefused if they could not open that page: then nobody would read the message, and
    nobody would call.
    """
    inquiry = transitions.start_transition(inquiry, Step.REPLY, version=version, by=by)
    sending = submission_history.current_sending(inquiry)
    if not private_links.live_links(inquiry).exists() and not private_links.may_mail_link(
        inquiry, sending
    ):
        raise StepRefused(words.CANNOT_WRITE)
    inquiry.answered_at = timezone.now()
    inquiry.undelivered_at = None
    inquiry.save()
    record_event(inquiry, Event.Kind.REPLIED, by=by, wrote=Written(words=Message(text=text)))
    patient_mail.queue_mail(inquiry, Delivery.Kind.REPLY, sending)
    return inquiry


@transaction.atomic
def close(
    inquiry: Inquiry, *, outcome: str, version: int, by: "User", cancel_tasks: bool = False
) -> Inquiry:
    """Close it with an outcome. Only a lead can use unreachable, once the contact policy is met.

    `cancel_tasks`: cancel what is still to do. Otherwise open tasks refuse it, except those that
    ask about a referral, which outlive it.
    """
    inquiry = transitions.start_transition(inquiry, Step.CLOSE, version=version, by=by)
    if outcome not in CHOSEN_OUTCOMES:
        raise StepRefused(words.CHOOSE_THE_FIRST)
    tasks = Task.objects.filter(inquiry=inquiry).blocking()
    if outcome in VOID_OUTCOMES:
        tasks = Task.objects.filter(inquiry=inquiry).open()
    if not cancel_tasks and (count := tasks.blocking().count()):
        raise StepRefused(words.OPEN_TASKS % {"count": count})
    if outcome == Outcome.UNREACHABLE:
        _refuse_too_early(inquiry, by)
    inquiry.outcome = outcome
    inquiry.closed_at = timezone.now()
    inquiry.undelivered_at = None
    inquiry.save()
    canceled = case_rows.cancel_tasks(inquiry, tasks, inquiry.closed_at)
    record_event(inquiry, Event.Kind.CLOSED, by=by, wrote=canceled, outcome=outcome)
    return inquiry


@transaction.atomic
def reopen(inquiry: Inquiry, *, version: int, by: "User") -> Inquiry:
    """Put a closed request back in the queue, unclaimed, with a deadline counted from now."""
    inquiry = transitions.start_transition(inquiry, Step.REOPEN, version=version, by=by)
    transitions.reopen_inquiry(inquiry, by=by)
    return inquiry


def _refuse_too_early(inquiry: Inquiry, by: "User") -> None:
    events = Event.objects.filter(inquiry=inquiry).exclude(kind=Event.Kind.READ)
    level = service_levels.level_for(inquiry.urgency)
    done = plan.measure_progress(
        submission_history.current_sending(inquiry), events, level, timezone.now()
    )
    if why := plan.explain_not_unreachable(done, by_lead=by.has_perm(permissions.LEAD_TRIAGE)):
        raise StepRefused(why)


def save_and_record(
    inquiry: Inquiry, kind: Event.Kind, *, by: "User | None", note: str = "", **detail: Any
) -> Inquiry:
    """`note` is for colleagues, sealed, and bound to the event."""
    inquiry.save()
    wrote = Written(words=Note(text=note)) if note else NOTHING_ELSE
    record_event(inquiry, kind, by=by, wrote=wrote, **detail)
    return inquiry
