"""Offering one's requests to colleagues, such as before going home, and answering an offer.

Until an offer is accepted, the request stays with its owner, who is reminded of it as always. An
offer gives nobody a right that they lack: accepting it is taking the request over.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from inquiries.ledger import transitions
from inquiries.ledger import words as ledger_words
from inquiries.ledger.bindings import NOTHING_ELSE, Written
from inquiries.ledger.events import record_event
from inquiries.ledger.transitions import StepRefused
from inquiries.mail import staff_notices
from inquiries.models import Event, Inquiry, Note, Notice, Offer
from inquiries.states import OWNED
from inquiries.team import availability
from inquiries.triage import steps, words

if TYPE_CHECKING:
    from portal.models import User

Result = Offer.Result


@transaction.atomic
def offer_request(  # noqa: PLR0913 - each is a part of what is offered
    inquiry: Inquiry,
    *,
    to: "User",
    word: str,
    answer_by: datetime,
    version: int,
    by: "User",
) -> Offer:
    """Offer it to a colleague who is here, with a word for them that is sealed like a note.

    `answer_by` is aware; if the request is due before that, its due time counts. Raise StepRefused.
    """
    current, now = _lock(inquiry), timezone.now()
    if current.owner_id != by.pk or current.state not in OWNED:
        raise StepRefused(words.NOT_YOURS_TO_OFFER)
    if current.version != version:
        change = transitions.describe_last_change(current, by)
        raise StepRefused(ledger_words.CHANGED_MEANWHILE % {"change": change})
    if to.pk == by.pk:
        raise StepRefused(words.OWNS_IT_ALREADY % {"who": to})
    if why := availability.unavailable_reason(to):
        raise StepRefused(words.CANNOT_TAKE_IT[why] % {"who": to})
    if answer_by <= now:
        raise StepRefused(words.ANSWER_LATER)
    waiting = Offer.objects.open().filter(inquiry=current)
    waiting.exclude(offered_by=by).update(result=Result.MOOT, settled_at=now)
    if other := waiting.select_related("offered_to").first():
        raise StepRefused(words.OFFERED_ALREADY % {"who": other.offered_to})
    wrote = Written(words=Note(text=word)) if word else NOTHING_ELSE
    event = record_event(current, Event.Kind.OFFERED, by=by, wrote=wrote, to=str(to.pk))
    staff_notices.queue_notice(Notice.Kind.OFFERED, current, [to], by=by)
    return Offer.objects.create(
        inquiry=current,
        offered_by=by,
        offered_to=to,
        number=event.number,
        made_at=now,
        answer_by=min(answer_by, current.due_at) if current.due_at > now else answer_by,
    )


@transaction.atomic
def accept_offer(offer: Offer, *, by: "User") -> Inquiry:
    """Take the request over. Raise StepRefused if the offer is gone, or is not theirs."""
    inquiry = _start_answer(offer, by=by, answers="offered_to")
    if why := availability.unavailable_reason(by):
        raise StepRefused(words.CANNOT_TAKE_IT[why] % {"who": by})
    _settle(offer, Result.ACCEPTED)
    return steps.take_over(inquiry, version=inquiry.version, by=by)


@transaction.atomic
def decline_offer(offer: Offer, *, by: "User") -> None:
    inquiry = _start_answer(offer, by=by, answers="offered_to")
    _settle(offer, Result.DECLINED)
    record_event(inquiry, Event.Kind.OFFER_ENDED, by=by, result=str(Result.DECLINED))
    staff_notices.notify_owner(inquiry, Notice.Kind.OFFER_DECLINED, by=by)


@transaction.atomic
def withdraw_offer(offer: Offer, *, by: "User") -> None:
    inquiry = _start_answer(offer, by=by, answers="offered_by")
    _settle(offer, Result.WITHDRAWN)
    record_event(inquiry, Event.Kind.OFFER_ENDED, by=by, result=str(Result.WITHDRAWN))


@transaction.atomic
def tell_of_late_offer(offer: Offer) -> bool:
    """Tell the owner and the leads, once, that nobody has answered; return whether that was needed.

    An offer whose request went another way is settled instead.
    """
    inquiry, now = _lock(offer.inquiry), timezone.now()
    late = Offer.objects.open().filter(pk=offer.pk, told_at__isnull=True)
    if not late.filter(pk__in=Offer.objects.live().values("pk")).exists():
        late.update(result=Result.MOOT, settled_at=now)
        return False
    late.update(told_at=now)
    owner = [inquiry.owner] if inquiry.owner else []
    staff_notices.queue_notice(
        Notice.Kind.OFFER_LATE, inquiry, {*owner, *availability.leads_to_notify()}
    )
    return True


def _lock(inquiry: Inquiry) -> Inquiry:
    """Return the row as it is now, locked: the event of an offer changes nothing in it."""
    transitions.hold(inquiry.pk)
    return Inquiry.objects.for_reading().get(pk=inquiry.pk)


def _start_answer(offer: Offer, *, by: "User", answers: str) -> Inquiry:
    """Return its request, locked. `answers`: the column that has to name `by`."""
    inquiry = _lock(offer.inquiry)
    if not Offer.objects.live().filter(pk=offer.pk, **{answers: by}).exists():
        raise StepRefused(words.OFFER_GONE)
    return inquiry


def _settle(offer: Offer, result: Offer.Result) -> None:
    Offer.objects.filter(pk=offer.pk).update(result=result, settled_at=timezone.now())
