"""Each email comes back to an address of its own, which nobody can read or make up."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from inquiries.mail import return_addresses, staff_notices
from inquiries.mail.return_addresses import Unmatched, find_mail
from inquiries.models import BounceCount, Delivery, Notice
from inquiries.worker import mailer, worker
from portal.models import User
from tests.factories import make_delivery, make_inquiry
from tests.inquiries.mail.bounced import DOMAIN, address_for, send_confirmation, token_of
from tests.inquiries.mail.mail_server import mail_server

pytestmark = pytest.mark.django_db
Result = BounceCount.Result


@pytest.fixture(autouse=True)
def _bounces_are_read(settings: Any) -> None:
    settings.RETURN_ADDRESS = f"bounce@{DOMAIN}"


def test_each_email_has_its_own_return_address_and_the_same_from(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Care Portal <no-reply@portal.example>"
    (first, one), (second, other) = send_confirmation(), send_confirmation("ben@example.com")
    assert one != other
    for inquiry, address in ((first, one), (second, other)):
        assert re.fullmatch(rf"bounce\+[a-z2-7]{{24}}\.[a-z2-7]{{26}}@{DOMAIN}", address)
        assert len(address.partition("@")[0]) <= 64
        assert inquiry.deliveries.get().pk == find_mail([f"To: <{address.upper()}>"]).first
    assert {each.message()["From"] for each in mail.outbox} == {settings.DEFAULT_FROM_EMAIL}


def test_a_mail_server_gets_it_as_the_envelope_sender(settings: Any) -> None:
    settings.EMAIL_BACKEND = "inquiries.mail.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    make_inquiry(contact_method="email", email="ana@example.com")
    with mail_server() as heard:
        settings.EMAIL_PORT = heard.port
        worker._send_mails()
    sender = next(each for each in heard.commands if each.lower().startswith("mail from"))
    assert f"@{DOMAIN}>" in sender
    assert find_mail([sender]).first == Delivery.objects.get().pk
    assert b"\nFrom: " in heard.messages[0]
    assert DOMAIN.encode() not in heard.messages[0], "only the envelope has it"


def test_security_6_it_says_nothing_about_the_request_or_the_person() -> None:
    inquiry, address = send_confirmation()
    delivery = inquiry.deliveries.get()
    assert not {inquiry.reference.lower(), "ana", str(inquiry.pk)} & set(re.split(r"\W", address))
    for days in (1, 2):
        with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
            assert token_of(address)[:8] != token_of(address_for(delivery))[:8]


def test_without_the_setting_emails_go_out_as_before(settings: Any) -> None:
    settings.RETURN_ADDRESS = ""
    _, address = send_confirmation()
    assert address == settings.DEFAULT_FROM_EMAIL


def test_a_notice_to_staff_has_one_too(owner: User) -> None:
    staff_notices.queue_notice(Notice.Kind.LOGGED, make_inquiry(), [owner])
    told = staff_notices.claim_batch()
    mailer.send_notices(told)
    found = find_mail([mail.outbox[0].from_email])
    assert (found.is_notice, found.first, found.last) == (True, told[0].pk, told[0].pk)


def test_providers_get_it_in_their_headers_only_if_they_report(settings: Any) -> None:
    headers = ("X-PM-Metadata-Bounce", "X-Mailgun-Variables", "X-SMTPAPI")
    send_confirmation()
    assert not any(mail.outbox[0].message()[each] for each in headers)
    settings.BOUNCE_SECRET = "s" * 32
    _, address = send_confirmation("ben@example.com")
    for each in headers:
        assert token_of(address) in mail.outbox[1].message()[each]


def test_security_9_a_changed_address_is_forged_and_a_strange_one_is_unsigned() -> None:
    address = address_for(make_delivery())
    for place in (7, 20, 33, 50):
        letter = "b" if address[place] == "a" else "a"
        with pytest.raises(Unmatched) as refused:
            find_mail([address[:place] + letter + address[place + 1 :]])
        assert refused.value.result == Result.FORGED
    for strange in ("", "no-reply@portal.example", f"bounce+a.b@{DOMAIN}", f"x{address[7:]}"):
        with pytest.raises(Unmatched) as refused:
            find_mail([strange])
        assert refused.value.result == Result.UNSIGNED


def test_it_holds_for_thirty_days_and_no_longer() -> None:
    address = address_for(make_delivery())
    now = timezone.now()
    with time_machine.travel(now + timedelta(days=30), tick=False):
        assert find_mail([address]).first
    with time_machine.travel(now + timedelta(days=32), tick=False):
        with pytest.raises(Unmatched) as refused:
            find_mail([address])
        assert refused.value.result == Result.EXPIRED


def test_a_valid_one_is_found_among_a_few_others_but_not_behind_many() -> None:
    address = address_for(make_delivery())
    fake = f"{'a' * 24}.{'b' * 26}"
    assert find_mail([" ".join([fake, address])]).first
    with pytest.raises(Unmatched):
        find_mail([" ".join([*[fake] * 20, address])])


def test_the_largest_numbers_fit() -> None:
    sent = return_addresses.SentMail(
        is_notice=True, first=2**48 - 1, last=2**49, inbox=b"", sent_at=timezone.now()
    )
    found = find_mail([return_addresses._write_token(sent)])
    assert (found.first, found.last - found.first) == (2**48 - 1, 2**24 - 1)
