"""Mails to the senders of requests: who gets one, and what happens to a request whose mail failed.

Waiting and retries are in `outbox`.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from inquiries import submission_history
from inquiries.contact_details import inboxes
from inquiries.encryption import KeyRefused, SealBroken
from inquiries.ledger import events, transitions
from inquiries.ledger.bindings import delivery_mac
from inquiries.mail import outbox, staff_notices
from inquiries.models import BounceReason, ContactMethod, Delivery, Event, Inquiry, Notice
from inquiries.outcomes import Outcome
from inquiries.search import lookup
from inquiries.search.normalization import normalized_words
from inquiries.states import State
from inquiries.submission import Submission

Kind = Delivery.Kind
#: Limit per address, kind, and day: our form must not flood anyone's inbox.
MAX_PER_DAY = 5
_LIMITED = {Kind.ACKNOWLEDGEMENT, Kind.CHANGED, Kind.LINK}
#: Sent without a person's decision. A link may be as well; its caller checks for that.
_BY_ITSELF = {Kind.ACKNOWLEDGEMENT, Kind.CHANGED, Kind.ENDED}
#: In English and Spanish, in the form that `normalized_words` returns.
_WORDS_FOR_MAIL = frozenset(
    {
        *("mail", "mails", "email", "emails", "emailed", "emailing", "inbox", "inboxes"),
        *("write", "writes", "writing", "written", "correo", "correos", "electronico"),
        *("escribir", "escriba", "escriban", "escribirme", "escribanme", "escribame"),
    }
)


def queue_mail(
    inquiry: Inquiry,
    kind: Kind,
    sending: Inquiry | Submission | None = None,
    *,
    sent_with: Event | None = None,
) -> Delivery | None:
    """Queue a mail to go out on commit; return None if we may not send one.

    `sending` holds the contact details that count now, if those are not the request's own; with
    `sent_with`, it is what came with that event and no longer counts. A waiting mail of the same
    kind is dropped in its favor, unless it goes to someone else.
    """
    sending = sending or inquiry
    if not may_email(sending) or (kind in _BY_ITSELF and not may_mail_by_itself(inquiry)):
        return None
    now = timezone.now()
    before = outbox.waiting_mails(Delivery).filter(inquiry=inquiry, kind=kind, sent_with=sent_with)
    before.update(state=Delivery.State.DROPPED, settled_at=now)
    delivery = Delivery(inquiry=inquiry, kind=kind, made_at=now, due_at=now, sent_with=sent_with)
    _address(delivery, sending)
    delivery.save(force_insert=True)
    return delivery


def first_mail(inquiry: Inquiry) -> Delivery | None:
    """Return a request's confirmation, to be inserted with it; None if we may not send one."""
    if not may_email(inquiry) or not may_mail_by_itself(inquiry):
        return None
    now = timezone.now()
    delivery = Delivery(inquiry=inquiry, kind=Kind.ACKNOWLEDGEMENT, made_at=now, due_at=now)
    _address(delivery, inquiry)
    return delivery


def _address(delivery: Delivery, sending: Inquiry | Submission) -> None:
    """Set where a mail goes. Drop the mail at once if its inbox has had enough."""
    delivery.address = digest_inbox(sending.email)
    if delivery.kind in _LIMITED and _is_flooded(delivery):
        delivery.state, delivery.settled_at = Delivery.State.DROPPED, delivery.made_at
        delivery.failure = "too many to one address"
    delivery.mac = delivery_mac(delivery, delivery.inquiry.data_key)


def notify_of_change(
    inquiry: Inquiry, before: Submission, after: Submission, *, sent_with: Event
) -> None:
    """Tell the previous address that the contact details changed.

    Otherwise someone who has stolen a browser could take a request over unnoticed. `sent_with`:
    the event of `before`. An address that we have never mailed gets no notice.
    """
    if not _has_news(before, after):
        return
    address = digest_inbox(before.email)
    if Delivery.objects.filter(inquiry=inquiry, address=address, failure="").exists():
        queue_mail(inquiry, Kind.CHANGED, before, sent_with=sent_with)


def may_notify_of_change(before: Submission, after: Submission) -> bool:
    """Whether the previous address may be notified; also True if it need not be.

    Not if others read that inbox, or if the sender ruled it out, then or since: in that case a
    coordinator has to verify the change.
    """
    if not _has_news(before, after):
        return True
    is_shared = before.shared_email or (after.email == before.email and after.shared_email)
    never = (is_email_forbidden(each, address=before.email) for each in (before, after))
    return not is_shared and not any(never)


def _has_news(before: Submission, after: Submission) -> bool:
    """Whether there is a previous address, and a change that it should be told of."""
    return bool(before.email) and (before.email, before.phone) != (after.email, after.phone)


def may_mail_by_itself(inquiry: Inquiry) -> bool:
    """Whether mail may go out without a person's decision; a bot must not mail anyone through us.

    This depends on the spam signals, however urgent the request seems. (A request that an older
    release put into quarantine has no mail flag.)
    """
    return not inquiry.mails_held and inquiry.state != State.QUARANTINED


def may_email(sending: Inquiry | Submission) -> bool:
    """Whether we may send mail to the address of a sending.

    An address that others read, or that the sender ruled out, gets mail only if the sender
    chose email anyway.
    """
    if not sending.email:
        return False
    chosen = sending.contact_method == ContactMethod.EMAIL
    return chosen or not (sending.shared_email or is_email_forbidden(sending))


def is_email_forbidden(sending: Inquiry | Submission, *, address: str = "") -> bool:
    """Whether the sender's limits on contact mention mail, or name the `address`.

    `address` defaults to the sending's own. When in doubt, the answer is yes: a mail not sent costs
    us only a call.
    """
    never, address = sending.never_contact.casefold(), (address or sending.email).casefold()
    is_named = bool(address) and address in never
    return is_named or not _WORDS_FOR_MAIL.isdisjoint(normalized_words(never))


def digest_inbox(email: str) -> bytes:
    """Return a hash that identifies an inbox, however its address is spelled."""
    return lookup.email_digest(inboxes.inbox_of(email))


def _is_flooded(delivery: Delivery) -> bool:
    """Whether this address or this request has had enough mails of this kind within a day."""
    since = delivery.made_at - timedelta(days=1)
    if _made_to(delivery.address, delivery.kind, since) >= MAX_PER_DAY:
        return True
    # A change notice goes only to an address that this request has mailed; a new request has none.
    if delivery.kind == Kind.CHANGED or delivery.inquiry._state.adding:
        return False
    made = Delivery.objects.filter(kind=delivery.kind, made_at__gt=since, failure="").values("pk")
    return len(made.filter(inquiry=delivery.inquiry_id)[:MAX_PER_DAY]) >= MAX_PER_DAY


def _made_to(address: bytes | memoryview, kind: str, since: datetime) -> int:
    """Count them, up to MAX_PER_DAY.

    Every request runs this: as a QuerySet, building it takes three times as long as running it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT 1 FROM inquiries_delivery WHERE address = %s "
            "AND kind = %s AND made_at > %s AND failure = %s LIMIT %s) AS made",
            [
                bytes(address),
                kind,
                connection.ops.adapt_datetimefield_value(since),
                "",
                MAX_PER_DAY,
            ],
        )
        return int(cursor.fetchone()[0])


# --- The worker's part ----------------------------------------------------------------------------


@transaction.atomic
def handle_failure(delivery: Delivery, failure: str, *, is_permanent: bool = False) -> None:
    """Retry later, or give up: then the queue shows that a person has to look at the request."""
    if outbox.retry_or_fail(delivery, failure, is_permanent=is_permanent):
        _mark_undelivered(delivery, failure)


@transaction.atomic
def handle_bounce(delivery: Delivery, reason: BounceReason, *, inbox: bytes) -> bool:
    """Fail a mail that its server sent back after accepting it, as `handle_failure` does.

    `inbox`: where it went, from `return_addresses.mark_inbox`. Return whether it has just failed;
    the same bounce again changes nothing.
    """
    transitions.hold(delivery.inquiry_id)  # as every verb does first, so that no two deadlock
    if not outbox.fail_bounced(Delivery.objects.filter(pk=delivery.pk), reason):
        return False
    _mark_undelivered(delivery, reason, inbox=inbox)
    return True


def _mark_undelivered(delivery: Delivery, failure: str, *, inbox: bytes | None = None) -> None:
    """Have the queue show that somebody has to look at the request, and tell its owner."""
    try:
        inquiry = transitions.lock_inquiry(Inquiry.objects.get(pk=delivery.inquiry_id))
    except transitions.StepRefused:  # erased: there is no request to mark
        return
    if inquiry.outcome == Outcome.WITHDRAWN:  # the sender wants no contact of any kind
        return
    if delivery.sent_with_id:  # a notice about details that no longer count
        return
    detail: dict[str, Any] = {"mail": delivery.kind, "failure": str(failure)}
    if inbox is not None and not _is_current(inbox, inquiry):
        if delivery.kind != Kind.REPLY:  # the others were sent again when the address was corrected
            return
        detail["inbox"] = "earlier"
    inquiry.undelivered_at = timezone.now()
    if delivery.kind == Kind.REPLY:
        inquiry.answered_at = None
    inquiry.save()
    events.record_event(inquiry, Event.Kind.UNDELIVERED, by=None, **detail)
    # Before it is reopened, because then it is nobody's.
    staff_notices.notify_owner(inquiry, Notice.Kind.UNDELIVERED)
    transitions.reactivate_inquiry(inquiry)


def _is_current(inbox: bytes, inquiry: Inquiry) -> bool:
    """Whether the sender still has this address; yes if nobody can read it anymore."""
    from inquiries.mail import return_addresses  # only needed here, and by the worker

    try:
        email = submission_history.current_sending(inquiry).email
    except (KeyRefused, SealBroken):
        return True
    return return_addresses.mark_inbox(email) == inbox
