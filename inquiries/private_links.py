"""Private links: each opens the page of one request, for who also knows a detail of it.

A token has 256 random bits and stands nowhere but in the link itself: the database keeps its hash.
"""

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from articles.text_cleaning import clean_code
from inquiries.contact_details import email_typos, phone_numbers
from inquiries.ledger import transitions, words
from inquiries.ledger.bindings import Written
from inquiries.ledger.events import record_event
from inquiries.models import AccessLink, ContactMethod, EndedVisit, Event, Inquiry
from inquiries.states import State
from inquiries.submission import Submission

#: Long enough for an illness, and renewed with every link that they ask for.
LIFETIME = timedelta(days=180)
_TOKEN_BYTES = 32
#: Longer than any visit or confirmation lasts.
_ENDED_KEPT = timedelta(days=1)
ENDING_KINDS = frozenset({Event.Kind.UNLINKED, Event.Kind.LINKS_ENDED})
_LINK_KINDS = ENDING_KINDS | {Event.Kind.LINKED, Event.Kind.LINK_ASKED}


@transaction.atomic
def create_link(inquiry: Inquiry, *, mailed: bool = False) -> str:
    """A new token; links given out before go on. Raise StepRefused where the request was erased."""
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
    """No link given out so far opens the page any more. Raise StepRefused where it was erased."""
    inquiry = _reload_unless_erased(inquiry)
    ended = end_links(live_links(inquiry))
    record_event(inquiry, Event.Kind.UNLINKED, by=None, wrote=Written(ended=ended))


def end_links(links: QuerySet[AccessLink]) -> list[int]:
    """They open nothing any more; return their ids, for the event that says so."""
    ids = list(links.values_list("pk", flat=True))
    AccessLink.objects.filter(pk__in=ids).update(revoked_at=timezone.now())
    return ids


def live_links(*inquiries: Inquiry) -> QuerySet[AccessLink]:
    """Those that open something."""
    rows: QuerySet[AccessLink] = AccessLink.objects.filter(
        inquiry__in=inquiries, revoked_at__isnull=True, ends_at__gt=timezone.now()
    )
    return rows


def may_mail_link(
    inquiry: Inquiry, sending: Inquiry, events: Iterable[Event] | None = None
) -> bool:
    """By mail, only who chose mail and reads it alone: whoever has a link is half way in.

    None to an address that looks mistyped, before the sender has said that it is right; and none
    where all links were taken back, or ended, and nobody has asked for one since. `events` of the
    request, in order, are given where they are known already.
    """
    return _has_private_address(sending) and _last_link_event(inquiry, events) not in ENDING_KINDS


def may_mail_link_on_request(
    inquiry: Inquiry, sending: Inquiry, events: Iterable[Event] | None = None
) -> bool:
    """Whether a colleague may have one mailed, at the sender's wish.

    Links that ended because somebody guessed are no wish of theirs, and do not stand against it.
    """
    return (
        _has_private_address(sending) and _last_link_event(inquiry, events) != Event.Kind.UNLINKED
    )


def _has_private_address(sending: Inquiry) -> bool:
    chosen = sending.contact_method == ContactMethod.EMAIL and not sending.shared_email
    return chosen and bool(sending.email) and not is_address_doubted(sending)


def _last_link_event(inquiry: Inquiry, events: Iterable[Event] | None) -> str:
    """What happened last to the links of a request; empty for nothing."""
    if events is None:
        events = inquiry.events.filter(kind__in=_LINK_KINDS).order_by("number")
    kinds = [event.kind for event in events if event.kind in _LINK_KINDS]
    return kinds[-1] if kinds else ""


def is_address_doubted(sending: Inquiry | Submission) -> bool:
    """Whether the address looks mistyped to us, and the sender has not said that it is right."""
    return not sending.email_checked and email_typos.suggest_domain(sending.email) is not None


def _reload_unless_erased(inquiry: Inquiry) -> Inquiry:
    current = Inquiry.objects.get(pk=inquiry.pk)
    if current.state == State.ERASED:
        raise transitions.StepRefused(words.STANDS[State.ERASED])
    return current


def find_link(token: str) -> AccessLink | None:
    """The link of this token, while it opens anything."""
    now = timezone.now()
    link = AccessLink.objects.select_related("inquiry__data_key").filter(
        token_digest=_digest(token), revoked_at__isnull=True, ends_at__gt=now
    )
    return link.exclude(inquiry__state=State.ERASED).first()


def find_opened_inquiry(
    inquiry_id: str, *, link_id: int | None, since: datetime, visit: str = ""
) -> Inquiry | None:
    """The request that this link opens, while it does; to be read. None once the `visit` was left.

    Without a link: what was let in at `since`, unless all links were taken back, or ended, since.
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
    """Whoever has copied the cookie of this visit or confirmation is out, too; empty means none."""
    if secret:
        ended = EndedVisit(digest=_digest(secret), ended_at=timezone.now())
        EndedVisit.objects.bulk_create([ended], ignore_conflicts=True)


def is_visit_ended(secret: str) -> bool:
    """Whether its browser has left it."""
    return EndedVisit.objects.filter(digest=_digest(secret)).exists()


def forget_ended_visits() -> None:
    """Those that would have ended by themselves meanwhile."""
    EndedVisit.objects.filter(ended_at__lt=timezone.now() - _ENDED_KEPT).delete()


def asks_for_digits(sending: Inquiry) -> bool:
    """Whether the door asks for the phone's last digits, or else for the page's code.

    Either is something that no mail of ours holds; the address stands in the mail's own head.
    """
    return bool(sending.phone_e164)


def is_detail_correct(inquiry: Inquiry, sending: Inquiry, detail: str) -> bool:
    """Whether who opens the page knows the last four digits of a phone that counts, or its code.

    `sending` is what counts now of the request.
    """
    # Digits of other scripts too: a keyboard may give those.
    typed = clean_code(detail)
    digits = "".join(str(unicodedata.decimal(each, "")) for each in typed)
    numbers = phone_numbers.index_terms(sending.phone, sending.phone_e164)
    is_of_phone = any(_same(digits[-4:], number[-4:]) for number in numbers)
    return is_of_phone or (bool(inquiry.page_code) and _same(digits, inquiry.page_code))


def _same(typed: str, known: str) -> bool:
    return secrets.compare_digest(typed.encode(), known.encode())


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
