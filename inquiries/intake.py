"""How a request comes in: once, whatever the network, the browser or the sender's thumb does."""

from contextlib import suppress
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.models import Article, Category
from inquiries import danger, deliveries, finding, ledger, notices, suspicion
from inquiries.deadlines import due_by
from inquiries.models import (
    AccessLink,
    Addition,
    Channel,
    Clock,
    DataKey,
    Delivery,
    Event,
    Inquiry,
)
from inquiries.reference import digest_of, reference_for
from inquiries.states import Sign, State, Urgency, suggested_urgency
from inquiries.submission import Submission

if TYPE_CHECKING:
    from portal.models import User

_ATTEMPTS = 5


@transaction.atomic
def receive(  # noqa: PLR0913 - what is known of a request besides its words
    submission: Submission,
    *,
    key: str,
    article: Article | None = None,
    revision: int | None = None,
    topic: Category | None = None,
    channel: Channel = Channel.WEB,
    by: "User | None" = None,
    signs: set[Sign] = frozenset(),  # type: ignore[assignment]
    at: datetime | None = None,
) -> Inquiry:
    """Store a request, or find it again where the form with this idempotency `key` came before.

    The same words again change nothing. Other words under the same key are kept as an addition for
    the coordinator to see, and open the request again where it was closed. `revision` is the number
    of the one she had read of `article`. `by` is whoever entered
    it for a caller; `at`, when it was accepted, where that was before now.
    """
    at = at or timezone.now()
    for attempt in range(_ATTEMPTS):
        inquiry = _new(submission, key=key, attempt=attempt, signs=signs, at=at)
        inquiry.article, inquiry.topic, inquiry.channel = article, topic, channel
        inquiry.revision = article.read_as(revision) if article else None
        data_key = DataKey.new_for(inquiry)
        try:
            with transaction.atomic():
                inquiry.save(force_insert=True)
        except IntegrityError:
            known = Inquiry.objects.filter(key_digest=inquiry.key_digest).first()
            if known:
                # Erased at this moment? Then this is a new one.
                with suppress(ledger.Refused):
                    return correct(known, submission, at=at, by=by, signs=signs)
            elif not Inquiry.objects.filter(reference=inquiry.reference).exists():
                raise
            # Another request has this reference by chance.
            continue
        data_key.save(force_insert=True)
        finding.index(inquiry)
        detail = {
            "channel": str(channel),
            "state": inquiry.state,
            "urgent": inquiry.urgent,
            "suspicion": inquiry.suspicion,
        }
        ledger.record(
            inquiry,
            Event.Kind.RECEIVED,
            by=by,
            **{name: said for name, said in detail.items() if said},
        )
        ledger.receipt(inquiry)
        notices.tell_if_urgent(inquiry, by=by)
        if inquiry.state != State.QUARANTINED:  # or a machine could write to anybody through us
            deliveries.enqueue(inquiry, Delivery.Kind.ACKNOWLEDGEMENT)
        return inquiry
    raise RuntimeError(f"{_ATTEMPTS} references in a row were taken.")


def _new(
    submission: Submission, *, key: str, attempt: int, signs: set[Sign], at: datetime
) -> Inquiry:
    urgent = danger.is_in(submission.message)
    urgency = suggested_urgency(urgent=urgent)
    # Of somebody who may be in danger only the surest sign of a machine keeps a person waiting.
    waits = suspicion.is_enough(signs) and (not urgent or Sign.TRAP in signs)
    return Inquiry(
        **submission.kept(),
        reference=reference_for(key, attempt),
        key_digest=digest_of(key),
        content_digest=submission.digest(),
        state=State.QUARANTINED if waits else State.NEW,
        urgent=urgent,
        urgency=urgency,
        suspicion=suspicion.written(signs),
        received_at=at,
        due_at=due_by(at, urgency, Clock.Kind.LOOK if waits else Clock.Kind.FIRST_ATTEMPT),
    )


def leave_quarantine(inquiry: Inquiry, *, by: "User | None") -> Inquiry:
    """Into the queue, with the deadline it would have had from the start; `inquiry` is held."""
    inquiry.state = State.NEW
    inquiry.save()
    ledger.record(inquiry, Event.Kind.CLEARED, by=by)
    notices.tell_if_urgent(inquiry, by=by)
    deliveries.enqueue(inquiry, Delivery.Kind.ACKNOWLEDGEMENT, latest(inquiry))
    return inquiry


# --- Corrections ----------------------------------------------------------------------------------


@transaction.atomic
def correct(  # noqa: PLR0913 - what is known of a correction besides its words
    inquiry: Inquiry,
    submission: Submission,
    *,
    at: datetime | None = None,
    by: "User | None" = None,
    signs: set[Sign] | None = None,
    keep: AccessLink | None = None,
) -> Inquiry:
    """Keep what she says now beside what she said before; the same words again change nothing.

    A closed request is opened again. `at`, where she said it earlier than now: what she has said
    since goes on to count. `keep`: the link by which she came; others that were mailed to an
    address that does not count any more open nothing. Raise Refused where the request was erased.
    """
    inquiry = ledger.hold(inquiry)
    last = _last_addition(inquiry)
    # Against the latest only: who corrects a correction back means what she sent last.
    if submission.digest() == (last.content_digest if last else inquiry.content_digest):
        inquiry.version -= 1
        return inquiry
    before, said_at = submission_of(inquiry), last.event.at if last else inquiry.received_at
    now = inquiry.added_at = timezone.now()
    detail = {}
    if submission.message != before.message:
        detail = {"asks": True, **ask_again(inquiry, submission.message, now)}
    inquiry.save()  # whoever has it open learns by its version that she has not seen everything
    event = ledger.record(inquiry, Event.Kind.ADDED, by=by, **detail)
    addition = Addition(
        event=event, content_digest=submission.digest(), written=submission.as_json()
    )
    addition.save(force_insert=True)
    finding.index(inquiry, addition.sending)
    if "urgent" in detail:
        notices.tell_if_urgent(inquiry, by=by)
    if at and at < said_at:
        return correct(inquiry, before)
    if submission.email != before.email:
        mailed = AccessLink.objects.filter(inquiry=inquiry, mailed=True, revoked_at__isnull=True)
        if keep:
            mailed = mailed.exclude(pk=keep.pk)
        mailed.update(revoked_at=now)
        if inquiry.state != State.QUARANTINED and not suspicion.is_enough(signs or set()):
            deliveries.enqueue(inquiry, Delivery.Kind.ACKNOWLEDGEMENT, addition.sending)
    ledger.rouse(inquiry)
    notices.tell_owner(inquiry, by=by)
    return inquiry


def ask_again(inquiry: Inquiry, words: str, now: datetime) -> dict[str, bool]:
    """New words of hers wait for an answer. The caller saves.

    Return what its event says of them: whether they may mean danger. Then they count as urgent
    until somebody has judged them, whatever was judged before.
    """
    inquiry.wrote_at = now
    if not danger.is_in(words):
        return {}
    inquiry.urgent, inquiry.is_graded = True, False
    inquiry.urgency = Urgency.URGENT
    return {"urgent": True}


def submission_of(inquiry: Inquiry) -> Submission:
    """What counts now, as it was sent."""
    addition = _last_addition(inquiry)
    if addition:
        return addition.submission
    topic = inquiry.topic.name if inquiry.topic else ""
    kept = {field.name for field in fields(Submission)} - {"topic"}
    return Submission(topic=topic, **{name: getattr(inquiry, name) for name in kept})


def latest(inquiry: Inquiry) -> Inquiry:
    """What counts now of what she sent, to be shown like a request; never saved."""
    addition = _last_addition(inquiry)
    return addition.sending if addition else inquiry


def _last_addition(inquiry: Inquiry) -> Addition | None:
    rows = Addition.objects.filter(event__inquiry=inquiry).select_related("event")
    addition = rows.order_by("event").last()
    if addition:
        addition.event.inquiry = inquiry  # whose key opens it
    return addition
