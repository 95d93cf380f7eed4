"""Emails to senders and staff: they say that something is there, never what it is.

No name, no topic, no article, none of their words: others may see the screen, and mail servers read
along.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _

from inquiries import private_links, submission_history
from inquiries.mail import patient_mail, return_addresses, staff_notices
from inquiries.models import AccessLink, Delivery, Inquiry, Notice
from inquiries.outcomes import Outcome
from inquiries.states import State
from inquiries.worker import daily_digest, mail_server, words

_SUBJECTS = {
    Delivery.Kind.ACKNOWLEDGEMENT: _("We have your request"),
    Delivery.Kind.REPLY: _("We sent you a message"),
    Delivery.Kind.LINK: _("Your private link"),
    Delivery.Kind.CHANGED: _("Your contact details were changed"),
    Delivery.Kind.ENDED: _("Your private link was turned off"),
}


class MailNotNeeded(Exception):
    """There is no longer anybody to write to."""


def send_delivery(delivery: Delivery) -> None:
    """Write the mail as things stand now and hand it to the mail server.

    Raise MailNotNeeded or Unsendable. The server's reply goes no further, because it contains their
    address.
    """
    inquiry = Inquiry.objects.for_reading().get(pk=delivery.inquiry_id)
    if inquiry.state == State.ERASED:
        raise MailNotNeeded
    event = delivery.sent_with
    sending = (
        submission_history.sending_of_event(event)
        if event
        else submission_history.current_sending(inquiry)
    )
    # After a withdrawal nothing more is sent, except the notice that tells an earlier address of a
    # change.
    is_over = inquiry.outcome == Outcome.WITHDRAWN and event is None
    if is_over or not patient_mail.may_email(sending):
        raise MailNotNeeded
    # They read the mail, and the pages it links to, in the language that they chose.
    with translation.override(sending.language or settings.LANGUAGE_CODE):
        mail = _compose(delivery, inquiry, sending)
    return_addresses.return_delivery(mail, delivery, sending.email)
    mail_server.hand_over(mail)


def _compose(delivery: Delivery, inquiry: Inquiry, sending: Inquiry) -> EmailMultiAlternatives:
    context = {
        "reference": inquiry.reference,
        "due_at": _clinic_time(inquiry.due_at) if inquiry.awaits_answer else None,
        "clinic": settings.CLINIC.in_language_of_mail(),
        "page": _create_link_url(delivery, inquiry)
        if _includes_link(delivery, inquiry, sending)
        else "",
        "asks_for_digits": private_links.asks_for_digits(sending),
        "ask": _absolute_url(reverse("inquiries:coordinator")),
    }
    return _build_mail(
        f"inquiries/mail/{delivery.kind}",
        context,
        to=sending.email,
        subject=f"{_SUBJECTS[Delivery.Kind(delivery.kind)]} ({inquiry.reference})",
        # The same for every attempt, so that a mail sent twice shows up once.
        message_id=f"{inquiry.reference}.{delivery.pk}",
    )


def _includes_link(delivery: Delivery, inquiry: Inquiry, sending: Inquiry) -> bool:
    is_to_whom_counts = delivery.kind not in {Delivery.Kind.CHANGED, Delivery.Kind.ENDED}
    return is_to_whom_counts and private_links.may_mail_link(inquiry, sending)


def _build_mail(
    name: str, context: dict[str, Any], *, to: str, subject: str, message_id: str
) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"{name}.txt", context),
        to=[to],
        headers={
            "Auto-Submitted": "auto-generated",  # RFC 3834: no autoreplies
            "Message-ID": f"<{message_id}@{_sender_domain()}>".lower(),
        },
    )
    mail.attach_alternative(render_to_string(f"{name}.html", context), "text/html")
    return mail


def _create_link_url(delivery: Delivery, inquiry: Inquiry) -> str:
    """Each mail has one link: the link of a failed attempt is deleted."""
    token = private_links.create_link(inquiry, mailed=True)
    if delivery.link_id:
        AccessLink.objects.filter(pk=delivery.link_id).delete()
    Delivery.objects.filter(pk=delivery.pk).update(link=private_links.find_link(token))
    return _absolute_url(reverse("inquiries:private_link", args=[token]))


# --- To staff -------------------------------------------------------------------------------------

#: Beyond this number, requests and articles are counted but not listed: their lists have them.
_MOST_LISTED = 25
#: Most serious first.
_ORDER = (
    *(kind for kind in Notice.Kind if kind in Notice.ABOUT_ACCOUNT),
    *(Notice.Kind.CRISIS, Notice.Kind.URGENT, *staff_notices.ALERTS),
    *(Notice.Kind.OVERDUE, Notice.Kind.TASK_OVERDUE, Notice.Kind.TASK_DUE, Notice.Kind.WROTE),
    Notice.Kind.UNDELIVERED,
    Notice.Kind.TASK_GIVEN,
    *(Notice.Kind.OFFER_LATE, Notice.Kind.OFFERED, Notice.Kind.OFFER_DECLINED),
    Notice.Kind.LEAD_ASKED,
    *(Notice.Kind.ASSIGNED, Notice.Kind.TAKEN_OVER, Notice.Kind.LOGGED),
    Notice.Kind.DUE_SOON,
    *(Notice.Kind.REVIEW_WAITS, Notice.Kind.REVIEW_ASKED),
    *(Notice.Kind.DRAFT_SENT_BACK, Notice.Kind.DRAFT_APPROVED, Notice.Kind.COMMENTED),
    *(Notice.Kind.COMMENT_ANSWERED, Notice.Kind.REVIEW_DUE),
    Notice.Kind.DIGEST,
)
_DAY_SECONDS = 24 * 60 * 60
_WITH_TIME = {Notice.Kind.OVERDUE, Notice.Kind.DUE_SOON}


@dataclass
class _NoticeItem:
    """One request, and what to say about it: an email to staff says nothing more."""

    reference: str
    link: str
    kinds: list[str] = field(default_factory=list)
    #: On the clinic's clock; set if the notice is about a deadline.
    due_at: datetime | None = None


def send_notices(told: list[Notice]) -> None:
    """Send one person a single mail about all of their notices; drop those no longer needed.

    Raise MailNotNeeded if none are left, or Unsendable.
    """
    needed = [notice for notice in told if staff_notices.is_needed(notice)]
    staff_notices.settle_notices(
        [each for each in told if each not in needed], Notice.State.DROPPED
    )
    if not needed:
        raise MailNotNeeded
    needed.sort(key=lambda notice: _ORDER.index(Notice.Kind(notice.kind)))
    user, requests, articles = needed[0].user, _by_request(needed), _by_article(needed)
    digest = daily_digest.digest_lines(user) if needed[-1].kind == Notice.Kind.DIGEST else []
    alerts = [each.get_kind_display() for each in needed if each.kind in staff_notices.ALERTS]
    about = [each for each in needed if each.kind in Notice.ABOUT_ACCOUNT]
    if not any((requests, digest, alerts, about, articles)):
        raise MailNotNeeded
    other = [*(each.get_kind_display() for each in about), *alerts]
    other += [kind for kinds in articles.values() for kind in kinds]
    subject = _subject(requests, other)
    context = {
        "requests": requests[:_MOST_LISTED],
        "more": len(requests[_MOST_LISTED:]),
        "digest": [(line, _absolute_url(_queue_url(line.view))) for line in digest],
        "queue": _absolute_url(_queue_url("open")),
        "articles": list(articles.items())[:_MOST_LISTED],
        "more_articles": max(len(articles) - _MOST_LISTED, 0),
        "article_list": _absolute_url(reverse("admin:articles_article_changelist")),
        "alerts": alerts,
        "account": [(each.get_kind_display(), _account_url(each)) for each in about],
        "link_days": settings.PASSWORD_RESET_TIMEOUT // _DAY_SECONDS,
        "bursts": _absolute_url(reverse("admin:inquiries_inquiry_bursts")),
        "clinic": settings.CLINIC,
        "subject": subject,
    }
    ids = [notice.pk for notice in needed]
    mail = _build_mail(
        "inquiries/mail/notice",
        context,
        to=user.email,
        subject=subject,
        # The next attempt may include more notices, which makes it a different mail.
        message_id=f"notice.{min(ids)}.{max(ids)}.{len(ids)}",
    )
    return_addresses.return_notices(mail, needed, user.email)
    mail_server.hand_over(mail)


def _account_url(notice: Notice) -> str:
    """Link to the sign-in, or to a page where they set a password once.

    The link is made here and stored nowhere. It ends with the password that it was made for.
    """
    if notice.kind not in Notice.WITH_PASSWORD_LINK:
        return _absolute_url(reverse("account_login"))
    key = urlsafe_base64_encode(force_bytes(notice.user.pk))
    token = default_token_generator.make_token(notice.user)
    return _absolute_url(reverse("account_set_password", args=[key, token]))


def _by_request(needed: Iterable[Notice]) -> list[_NoticeItem]:
    found: dict[object, _NoticeItem] = {}
    for notice in needed:
        inquiry = notice.inquiry
        if inquiry is None:
            continue
        link = _absolute_url(reverse("admin:inquiries_inquiry_change", args=[inquiry.pk]))
        told = found.setdefault(inquiry.pk, _NoticeItem(inquiry.reference, link))
        told.kinds.append(notice.get_kind_display())
        if notice.kind in _WITH_TIME:
            told.due_at = _clinic_time(inquiry.due_at)
    return list(found.values())


def _by_article(needed: Iterable[Notice]) -> dict[str, list[str]]:
    """Return what to say of each article, by its link. Nobody but staff knows a draft's title."""
    found: dict[str, list[str]] = {}
    for notice in needed:
        if notice.article_id:
            path = reverse("admin:articles_article_change", args=[notice.article_id])
            found.setdefault(_absolute_url(path), []).append(notice.get_kind_display())
    return found


def _queue_url(view: str) -> str:
    if view == daily_digest.LIMBO:
        return reverse("admin:inquiries_inquiry_limbo")
    return f"{reverse('admin:inquiries_inquiry_changelist')}?view={view}"


def _subject(requests: list[_NoticeItem], alerts: list[str]) -> str:
    if not requests:
        return alerts[0] if alerts else str(Notice.Kind.DIGEST.label)
    first, more = requests[0], len(requests) - 1
    said = {"what": first.kinds[0], "reference": first.reference, "more": more}
    return (words.SUBJECT_OF_SEVERAL if more else words.SUBJECT) % said


def _absolute_url(path: str) -> str:
    return f"{settings.PORTAL_URL}{path}"


def _sender_domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")


def _clinic_time(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(settings.CLINIC.time_zone))
