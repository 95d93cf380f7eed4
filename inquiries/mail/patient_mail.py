"""Mails to the senders of requests: who gets one, and what becomes of a request whose mail failed.

How they wait and are tried again is `outbox`.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from inquiries.contact_details import inboxes
from inquiries.ledger import events, transitions
from inquiries.ledger.bindings import delivery_mac
from inquiries.mail import outbox
from inquiries.models import ContactMethod, Delivery, Event, Inquiry
from inquiries.outcomes import Outcome
from inquiries.search import lookup
from inquiries.search.normalization import normalized_words
from inquiries.states import State
from inquiries.submission import Submission

Kind = Delivery.Kind
#: To one address, so many of a kind a day at most: our form must not flood anybody's inbox.
MAX_PER_DAY = 5
_LIMITED = {Kind.ACKNOWLEDGEMENT, Kind.CHANGED, Kind.LINK}
#: Sent without a person's decision. A link may be, too: who queues it asks.
_BY_ITSELF = {Kind.ACKNOWLEDGEMENT, Kind.CHANGED, Kind.ENDED}
#: In English and Spanish, as `wording` gives them.
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
    """To be sent when the transaction is committed; None where no mail of ours may go.

    `sending` is what counts now of how to reach the patient, where that is not the request itself;
    with `sent_with`, what came with that event and does not count any more. One of the same kind
    that still waits is dropped for it, unless it goes to somebody else.
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
    """The confirmation of a request, to be inserted with it; None where no mail of ours may go."""
    if not may_email(inquiry) or not may_mail_by_itself(inquiry):
        return None
    now = timezone.now()
    delivery = Delivery(inquiry=inquiry, kind=Kind.ACKNOWLEDGEMENT, made_at=now, due_at=now)
    _address(delivery, inquiry)
    return delivery


def _address(delivery: Delivery, sending: Inquiry | Submission) -> None:
    """Dropped at once where its inbox has had enough."""
    delivery.address = digest_inbox(sending.email)
    if delivery.kind in _LIMITED and _is_flooded(delivery):
        delivery.state, delivery.settled_at = Delivery.State.DROPPED, delivery.made_at
        delivery.failure = "too many to one address"
    delivery.mac = delivery_mac(delivery, delivery.inquiry.data_key)


def notify_of_change(
    inquiry: Inquiry, before: Submission, after: Submission, *, sent_with: Event
) -> None:
    """Word to the address before that how to reach the patient was changed, or a thief of a browser
    would take a request over unnoticed. `sent_with`: the event of `before`. Who has had no mail of
    ours has nothing to hear.
    """
    if not _has_news(before, after):
        return
    address = digest_inbox(before.email)
    if Delivery.objects.filter(inquiry=inquiry, address=address, failure="").exists():
        queue_mail(inquiry, Kind.CHANGED, before, sent_with=sent_with)


def may_notify_of_change(before: Submission, after: Submission) -> bool:
    """Whether nothing stands against a word to the address before; also where there is no need.

    Not where others read that inbox, or it is never to be used, then or by now: then a coordinator
    has to make sure of the change.
    """
    if not _has_news(before, after):
        return True
    is_shared = before.shared_email or (after.email == before.email and after.shared_email)
    never = (is_email_forbidden(each, address=before.email) for each in (before, after))
    return not is_shared and not any(never)


def _has_news(before: Submission, after: Submission) -> bool:
    """Whether there is an address before, and something changed of what it should hear of."""
    return bool(before.email) and (before.email, before.phone) != (after.email, after.phone)


def may_mail_by_itself(inquiry: Inquiry) -> bool:
    """Whether mails go out before a person decides it, or a machine could write to anybody by us.

    It hangs on the signs of a machine, however urgent the request seems. (One that an older release
    put into quarantine says nothing of mails.)
    """
    return not inquiry.mails_held and inquiry.state != State.QUARANTINED


def may_email(sending: Inquiry | Submission) -> bool:
    """An address that others read, or that is never to be used, gets mail only where the sender
    chose it all the same.
    """
    if not sending.email:
        return False
    chosen = sending.contact_method == ContactMethod.EMAIL
    return chosen or not (sending.shared_email or is_email_forbidden(sending))


def is_email_forbidden(sending: Inquiry | Submission, *, address: str = "") -> bool:
    """Whether what was said of when and how never to contact the patient speaks of mail, or names
    the `address` (its own, where none is given). In doubt it does: a mail too few costs a call.
    """
    never, address = sending.never_contact.casefold(), (address or sending.email).casefold()
    is_named = bool(address) and address in never
    return is_named or not _WORDS_FOR_MAIL.isdisjoint(normalized_words(never))


def digest_inbox(email: str) -> bytes:
    """By which two mails to one inbox are known for that, however its address is spelled."""
    return lookup.email_digest(inboxes.inbox_of(email))


def _is_flooded(delivery: Delivery) -> bool:
    """Whether enough of this kind went to this address within a day, or for this request."""
    since = delivery.made_at - timedelta(days=1)
    if _made_to(delivery.address, delivery.kind, since) >= MAX_PER_DAY:
        return True
    # A change goes only to where others of the same request went before; of a new one, none did.
    if delivery.kind == Kind.CHANGED or delivery.inquiry._state.adding:
        return False
    made = Delivery.objects.filter(kind=delivery.kind, made_at__gt=since, failure="").values("pk")
    return len(made.filter(inquiry=delivery.inquiry_id)[:MAX_PER_DAY]) >= MAX_PER_DAY


def _made_to(address: bytes | memoryview, kind: str, since: datetime) -> int:
    """How many, at most MAX_PER_DAY. Every request asks: as a QuerySet it takes three times as long
    to write as to answer.
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
    """Later again; or never, and then a person has to look: the request says so in the queue."""
    if not outbox.retry_or_fail(delivery, failure, is_permanent=is_permanent):
        return
    try:
        inquiry = transitions.lock_inquiry(Inquiry.objects.get(pk=delivery.inquiry_id))
    except transitions.StepRefused:  # erased: there is nobody to tell about
        return
    if inquiry.outcome == Outcome.WITHDRAWN:  # nobody is to reach them, this way or another
        return
    if delivery.sent_with_id:  # it told the address before: how to reach the patient now is another
        return
    inquiry.undelivered_at = timezone.now()
    if delivery.kind == Kind.REPLY:
        inquiry.answered_at = None
    inquiry.save()
    events.record_event(
        inquiry, Event.Kind.UNDELIVERED, by=None, mail=delivery.kind, failure=failure
    )
    transitions.reactivate_inquiry(inquiry)
