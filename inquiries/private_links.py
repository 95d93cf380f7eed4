"""Private links: each opens the page of one request, if the visitor also knows a detail of it.

A token has 256 random bits and exists only in the link itself: the database stores its hash.
"""

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from articles.text_cleaning import clean_code
from inquiries.contact_details import email_typos, phone_numbers
from inquiries.ledger import transitions, words
from inquiries.ledger.bindings import Written
from inquiries.ledger.events import record_event
from inquiries.models import AccessLink, ContactMethod, EndedVisit, Event, Inquiry, KeptQuery
from inquiries.states import State
from inquiries.submission import Submission

#: Long enough for an illness. Each new link that they ask for starts the time again.
LIFETIME = timedelta(days=180)
_TOKEN_BYTES = 32
#: Longer than any visit or confirmation lasts.
_ENDED_KEPT = timedelta(days=1)
ENDING_KINDS = frozenset({Event.Kind.UNLINKED, Event.Kind.LINKS_ENDED})
_LINK_KINDS = ENDING_KINDS | {Event.Kind.LINKED, Event.Kind.LINK_ASKED}


@transaction.atomic
def create_link(inquiry: Inquiry, *, mailed: bool = False) -> str:
    """Return a new token; older links stay valid. Raise StepRefused if the request was erased."""
    inquiry = _reload_unless_erased(inquiry)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    now = timezone.now()
    link = AccessLink.objects.create(
        inquiry=inquiry,
        token_digest=_digest(token),
        made_at=now,
        ends_at=now + LIFETIME,
        mailed=mailed,
    )
    record_event(inquiry, Event.Kind.LINKED, by=None, wrote=Written(links=[link]))
    return token


@transaction.atomic
def revoke_links(inquiry: Inquiry) -> None:
    """Turn off all links created so far. Raise StepRefused if the request was erased."""
    inquiry = _reload_unless_erased(inquiry)
    ended = end_links(live_links(inquiry))
    record_event(inquiry, Event.Kind.UNLINKED, by=None, wrote=Written(ended=ended))


def end_links(links: QuerySet[AccessLink]) -> list[int]:
    """Turn these links off; return their ids, for the event that records it."""
    ids = list(links.values_list("pk", flat=True))
    AccessLink.objects.filter(pk__in=ids).update(revoked_at=timezone.now())
    return ids


def live_links(*inquiries: Inquiry) -> QuerySet[AccessLink]:
    """Return links that still open something."""
    return _live(timezone.now()).filter(inquiry__in=inquiries)


def _live(now: datetime) -> QuerySet[AccessLink]:
    rows: QuerySet[AccessLink] = AccessLink.objects.filter(revoked_at__isnull=True, ends_at__gt=now)
    return rows


_LIVE = KeptQuery(lambda pk, now: _live(now).filter(inquiry=pk), pk=UUID, now=datetime)


def has_live_link(inquiry: Inquiry) -> bool:
    return bool(_LIVE.fetch(pk=inquiry.pk, now=timezone.now()))


def may_mail_link(
    inquiry: Inquiry, sending: Inquiry, events: Iterable[Event] | None = None
) -> bool:
    """Whether a link may be mailed: only to those who chose email and read it alone.

    Anyone who has a link is halfway in. An address that looks mistyped gets no link until the
    sender has confirmed it. No link is sent after all links were turned off or ended, unless
    somebody has asked for one since. Pass `events` (of the request, in order) if they are already
    loaded.
    """
    return _has_private_address(sending) and _last_link_event(inquiry, events) not in ENDING_KINDS


def may_mail_link_on_request(
    inquiry: Inquiry, sending: Inquiry, events: Iterable[Event] | None = None
) -> bool:
    """Whether a colleague may mail a link at the sender's request.

    Links that ended because somebody was guessing were not the sender's wish, and don't prevent it.
    """
    return (
        _has_private_address(sending) and _last_link_event(inquiry, events) != Event.Kind.UNLINKED
    )


def _has_private_address(sending: Inquiry) -> bool:
    chosen = sending.contact_method == ContactMethod.EMAIL and not sending.shared_email
    return chosen and bool(sending.email) and not is_address_doubted(sending)


def _last_link_event(inquiry: Inquiry, events: Iterable[Event] | None) -> str:
    """Return the last event kind for the links of a request; empty if there is none."""
    if events is None:
        events = inquiry.events.filter(kind__in=_LINK_KINDS).order_by("number")
    kinds = [event.kind for event in events if event.kind in _LINK_KINDS]
    return kinds[-1] if kinds else ""


def is_address_doubted(sending: Inquiry | Submission) -> bool:
    """Whether the address looks mistyped and the sender has not confirmed it."""
    return not sending.email_checked and email_typos.suggest_domain(sending.email) is not None


def _reload_unless_erased(inquiry: Inquiry) -> Inquiry:
    current = Inquiry.objects.get(pk=inquiry.pk)
    if current.state == State.ERASED:
        raise transitions.StepRefused(words.STANDS[State.ERASED])
    return current


def find_link(token: str) -> AccessLink | None:
    """Return the link for this token, as long as it opens anything."""
    now = timezone.now()
    link = AccessLink.objects.select_related("inquiry__data_key").filter(
        token_digest=_digest(token), revoked_at__isnull=True, ends_at__gt=now
    )
    return link.exclude(inquiry__state=State.ERASED).first()


def find_opened_inquiry(
    inquiry_id: str, *, link_id: int | None, since: datetime, visit: str = ""
) -> Inquiry | None:
    """Return the request that this link still opens. None if the `visit` has ended.

    Without a link: the visit that began at `since`, unless all links were turned off or ended after
    that.
    """
    rows = Inquiry.objects.for_reading().filter(pk=inquiry_id).exclude(state=State.ERASED)
    rows = rows.exclude(Exists(EndedVisit.objects.filter(digest=_digest(visit))))
    if link_id is not None:
        links = AccessLink.objects.filter(inquiry=OuterRef("pk"), pk=link_id)
        open_ones = links.filter(revoked_at__isnull=True, ends_at__gt=timezone.now())
        return rows.filter(Exists(open_ones)).first()
    ended = Event.objects.filter(inquiry=OuterRef("pk"), kind__in=ENDING_KINDS, at__gte=since)
    return rows.exclude(Exists(ended)).first()


def end_visit(secret: str) -> None:
    """End it for copies of the cookie of this visit or confirmation, too; empty means none."""
    if secret:
        ended = EndedVisit(digest=_digest(secret), ended_at=timezone.now())
        EndedVisit.objects.bulk_create([ended], ignore_conflicts=True)


def is_visit_ended(secret: str) -> bool:
    """Whether the sender's browser has left it."""
    return EndedVisit.objects.filter(digest=_digest(secret)).exists()


def forget_ended_visits() -> None:
    """Delete ended visits that would have expired by now anyway."""
    EndedVisit.objects.filter(ended_at__lt=timezone.now() - _ENDED_KEPT).delete()


def asks_for_digits(sending: Inquiry) -> bool:
    """Whether the page asks for the phone's last digits; otherwise it asks for its own code.

    None of our mails contains either one. The email address would not do: it is in the mail's
    header.
    """
    return bool(sending.phone_e164)


def is_detail_correct(inquiry: Inquiry, sending: Inquiry, detail: str) -> bool:
    """Whether the detail is the last four digits of a current phone number, or the page's code.

    `sending` is what now counts for the request.
    """
    # Accept digits of other scripts, because a keyboard may produce them.
    typed = clean_code(detail)
    digits = "".join(str(unicodedata.decimal(each, "")) for each in typed)
    numbers = phone_numbers.index_terms(sending.phone, sending.phone_e164)
    is_of_phone = any(_same(digits[-4:], number[-4:]) for number in numbers)
    return is_of_phone or (bool(inquiry.page_code) and _same(digits, inquiry.page_code))


def _same(typed: str, known: str) -> bool:
    return secrets.compare_digest(typed.encode(), known.encode())


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
