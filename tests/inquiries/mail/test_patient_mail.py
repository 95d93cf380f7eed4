"""Mail to senders holds nothing that others may not read, and goes only to those who may get it."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core import mail
from django.utils import timezone

from inquiries import privacy as erasing
from inquiries import private_links
from inquiries.ledger.transitions import StepRefused
from inquiries.mail import outbox, patient_mail
from inquiries.models import Delivery
from inquiries.private_page import correspondence
from inquiries.states import ErasureReason, SpamSignal, State
from inquiries.triage import steps
from portal.models import User
from tests.factories import correct, make_article, make_category, make_inquiry, make_submission
from tests.inquiries.mail.patient_mails import ADDRESS, BY_MAIL, send_all, token_in, whole

pytestmark = pytest.mark.django_db

CANARY = "Quillfeather"


def test_a_confirmation_gives_reference_and_deadline_but_none_of_their_text() -> None:
    inquiry = make_inquiry(
        topic=make_category(f"Topic {CANARY}"),
        article=make_article(title=f"Article {CANARY}"),
        topic_name=f"Topic {CANARY}",
        full_name=f"Ana {CANARY}",
        patient_name=CANARY,
        message=f"{CANARY} hurts.",
        never_contact=CANARY,
        phone="(202) 555-0147",
        **BY_MAIL,
    )
    (sent,) = send_all()
    assert sent.to == [ADDRESS]
    assert sent.subject == f"We have your request ({inquiry.reference})"
    text = whole(sent)
    assert text.count(inquiry.reference) >= 3
    assert re.search(r"will try to reach you by 5 p\.m\. Eastern on \w+day, \w+ \d", text)
    for private in (CANARY, "Ana", "hurts", "555-0147", "lupus", str(inquiry.pk)):
        assert private not in text.replace(f"To: {ADDRESS}", "")
    assert "auto-generated" in text
    kinds = [part.get_content_type() for part in sent.message().walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]


def test_the_link_opens_their_request_and_appears_nowhere_else() -> None:
    inquiry = make_inquiry(**BY_MAIL)
    (sent,) = send_all()
    token = token_in(whole(sent))
    link = private_links.find_link(token)
    assert link
    assert link.inquiry == inquiry
    assert token not in str(list(inquiry.links.values_list())), "only its hash is kept"


@pytest.mark.parametrize(
    "fields",
    [
        {"contact_method": "phone", "email": ADDRESS},
        {"contact_method": "email", "email": ADDRESS, "shared_email": True},
    ],
)
def test_no_link_is_sent_if_they_did_not_choose_email_or_others_read_it(
    fields: dict[str, Any],
) -> None:
    make_inquiry(**fields)
    (sent,) = send_all()
    assert "/request/" not in whole(sent)


def test_a_reply_is_announced_but_not_quoted(coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator, **BY_MAIL)
    steps.reply(inquiry, text=f"About {CANARY}.", version=inquiry.version, by=coordinator)
    *_, sent = send_all()
    assert sent.subject == f"We sent you a message ({inquiry.reference})"
    assert CANARY not in whole(sent)
    assert token_in(whole(sent))


def test_people_who_chose_spanish_get_emails_in_spanish(coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator, language="es", **BY_MAIL)
    steps.reply(inquiry, text="Hola.", version=inquiry.version, by=coordinator)
    first, second = send_all()
    assert first.subject == f"Tenemos su solicitud ({inquiry.reference})"
    assert second.subject == f"Le enviamos un mensaje ({inquiry.reference})"
    for sent in (first, second):
        assert "/es/care-coordinator/request/" in whole(sent)
        assert 'lang="es"' in whole(sent)


@pytest.mark.parametrize("kind", Delivery.Kind)
@pytest.mark.parametrize("may_have_link", [True, False])
def test_each_email_is_in_one_language_throughout(
    kind: Delivery.Kind, settings: Any, *, may_have_link: bool
) -> None:
    settings.CLINIC = replace(
        settings.CLINIC, phone="(202) 555-0123", hours="–", text_number="(202) 555-0125"
    )
    lines: dict[str, set[str]] = {}
    how = BY_MAIL if may_have_link else {"contact_method": "phone", "email": ADDRESS}
    for language in ("en", "es"):
        inquiry = make_inquiry(language=language, **how)
        send_all()
        mail.outbox.clear()
        patient_mail.queue_mail(inquiry, kind)
        (sent,) = send_all()
        mail.outbox.clear()
        html = BeautifulSoup(str(sent.alternatives[0][0]), "html.parser")
        parts = [str(sent.subject), str(sent.body), html.text]
        text = "\n".join(parts).replace(inquiry.reference, "")
        lines[language] = {line.strip() for line in text.splitlines() if re.search(r"\w{3}", line)}
    assert {
        each for each in lines["en"] & lines["es"] if not each.startswith("Care Portal")
    } == set()


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"contact_method": "phone", "email": ADDRESS, "shared_email": True},
    ],
)
def test_people_without_an_address_or_with_a_shared_one_get_no_email(
    fields: dict[str, Any],
) -> None:
    make_inquiry(**fields)
    assert send_all() == []


def test_quarantined_requests_send_nothing_until_staff_clear_them(coordinator: User) -> None:
    inquiry = make_inquiry(State.QUARANTINED, **BY_MAIL)
    assert send_all() == []
    steps.clear_from_quarantine(inquiry, version=inquiry.version, by=coordinator)
    assert [sent.to for sent in send_all()] == [[ADDRESS]]


def test_a_corrected_address_gets_the_confirmation_but_other_corrections_do_not() -> None:
    inquiry = make_inquiry(contact_method="email", email="typo@ashgrove.exampel")
    correct(inquiry, make_submission(**BY_MAIL))
    correct(inquiry, make_submission(**BY_MAIL, message="One thing more."))
    told = {sent.to[0]: sent.subject for sent in send_all()}
    assert told.keys() == {ADDRESS, "typo@ashgrove.exampel"}
    assert "Your contact details were changed" in told["typo@ashgrove.exampel"]
    confirmed = Delivery.objects.filter(kind=Delivery.Kind.ACKNOWLEDGEMENT).order_by("pk")
    states = confirmed.values_list("state", flat=True)
    assert list(states) == [Delivery.State.DROPPED, Delivery.State.SENT]


def test_the_form_cannot_flood_an_inbox() -> None:
    now = timezone.now()
    for hours, sent in ((0, 5), (23, 5), (24, 6)):
        with time_machine.travel(now + timedelta(hours=hours), tick=False):
            for _ in range(1 if hours else 8):
                make_inquiry(**BY_MAIL)
            assert len(send_all()) == sent, hours


def test_nothing_is_sent_after_an_erasure(privacy: User) -> None:
    inquiry = make_inquiry(**BY_MAIL)
    erasing.erase_inquiry(inquiry, reason=ErasureReason.ASKED, version=inquiry.version, by=privacy)
    assert send_all() == []
    assert Delivery.objects.get().state == Delivery.State.DROPPED


def test_people_who_withdrew_get_no_email_and_no_follow_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inquiry = make_inquiry(**BY_MAIL)
    outbox.claim_next(Delivery)
    correspondence.withdraw_inquiry(inquiry)
    patient_mail.handle_failure(Delivery.objects.get(), "refused", is_permanent=True)
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.undelivered_at) == (State.CLOSED, None)
    other = make_inquiry(**BY_MAIL)
    correspondence.withdraw_inquiry(other)
    assert send_all() == []


def test_an_inbox_others_read_gets_nothing_from_then_on() -> None:
    inquiry = make_inquiry(contact_method="phone", email=ADDRESS)
    shared = make_submission(contact_method="phone", email=ADDRESS, shared_email=True)
    correct(inquiry, shared)
    assert send_all() == []


def test_revoked_links_are_not_sent_again(coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator, **BY_MAIL)
    private_links.revoke_links(inquiry)
    (sent,) = send_all()
    assert "/request/" not in whole(sent)


def test_a_link_sent_to_a_wrong_address_ends_with_the_correction() -> None:
    inquiry = make_inquiry(contact_method="email", email="typo@ashgrove.example")
    (wrong,) = send_all()
    correct(inquiry, make_submission(**BY_MAIL))
    assert private_links.find_link(token_in(whole(wrong))) is None
    *_, right = send_all()
    assert private_links.find_link(token_in(whole(right)))


def test_corrections_cannot_flood_an_inbox() -> None:
    inquiry = make_inquiry(**BY_MAIL)
    for number in range(20):
        correct(inquiry, make_submission(contact_method="email", email=f"p{number}@x.example"))
    made = Delivery.objects.exclude(failure="too many to one address")
    for kind in (Delivery.Kind.ACKNOWLEDGEMENT, Delivery.Kind.CHANGED):
        assert made.filter(kind=kind).count() == 5, kind
    trapped = make_submission(contact_method="email", email="another@x.example")
    other = make_inquiry(**BY_MAIL)
    before = other.deliveries.count()
    correct(other, trapped, signals={SpamSignal.TRAP})
    assert other.deliveries.count() == before


def test_writing_their_way_out_of_quarantine_sends_the_confirmation() -> None:
    inquiry = make_inquiry(State.QUARANTINED, **BY_MAIL)
    correspondence.write_message(inquiry, text="I am a person.")
    assert [sent.to for sent in send_all()] == [[ADDRESS]]


def test_an_erased_request_gets_no_link(privacy: User) -> None:
    inquiry = make_inquiry()
    erasing.erase_inquiry(inquiry, reason=ErasureReason.ASKED, version=inquiry.version, by=privacy)
    for verb in (private_links.create_link, private_links.revoke_links):
        with pytest.raises(StepRefused, match="erased"):
            verb(inquiry)
