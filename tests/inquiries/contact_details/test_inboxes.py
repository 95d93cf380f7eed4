"""Every spelling of an address counts as one inbox; this is used for counting only (security 9)."""

from typing import Any

import pytest

from inquiries.contact_details.inboxes import inbox_of
from inquiries.models import Delivery
from inquiries.worker import worker
from tests.factories import correct, make_inquiry, make_submission

SPELLINGS = [
    ("victim@example.org", "victim+1@example.org"),
    ("victim@example.org", "Victim+a+b@EXAMPLE.org."),
    ("victim@example.org", '"victim"@example.org'),
    ("victim@example.org", '"vic\\tim+x"@example.org'),
    ("victim@gmail.com", "v.i.c.t.i.m+news@googlemail.com"),
    ("victim@proton.me", "vic-tim_@protonmail.com"),
    ("victim@yahoo.com", "victim-shop@yahoo.com"),
    ("victim@icloud.com", "victim@me.com"),
    ("x@bücher.example", "x@xn--bcher-kva.example"),
]


@pytest.mark.parametrize(("plain", "spelled"), SPELLINGS)
def test_security_9_different_spellings_of_one_inbox_match(plain: str, spelled: str) -> None:
    assert inbox_of(spelled) == inbox_of(plain)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ana.lopez@example.org", "analopez@example.org"),
        ("ana-lopez@example.org", "ana@example.org"),
        ("ana@example.org", "ana@example.com"),
        ("+ana@example.org", "+ben@example.org"),
        ("...@gmail.com", "ana@gmail.com"),
    ],
)
def test_security_9_two_people_have_different_inboxes(one: str, other: str) -> None:
    assert inbox_of(one) != inbox_of(other)


@pytest.mark.parametrize(
    "odd", ["", "@", "a@", "@b", "+@x", '"@x', '""@x', "a@" + "x" * 300, "\x00@\ud800"]
)
def test_security_9_an_odd_address_causes_no_error(odd: str) -> None:
    assert "@" in inbox_of(odd)


@pytest.mark.django_db
def test_security_9_plus_addressing_cannot_get_more_than_five_emails_a_day(
    mailoutbox: list[Any], settings: Any
) -> None:
    settings.EMAIL_IS_SET = True
    addresses = [f"vic.tim+{number}@gmail.com" for number in range(8)]
    for address in addresses:
        make_inquiry(contact_method="email", email=address)
    while worker._send_mails():
        pass
    assert [mail.to[0] for mail in mailoutbox] == addresses[:5], "to the address as it was typed"
    assert Delivery.objects.filter(failure="too many to one address").count() == 3


@pytest.mark.django_db
def test_security_9_a_changed_address_is_reported_to_the_old_one() -> None:
    inquiry = make_inquiry(contact_method="email", email="ana+one@example.org")
    correct(inquiry, make_submission(contact_method="email", email="ben@example.org"))
    assert inquiry.deliveries.filter(kind=Delivery.Kind.CHANGED).count() == 1
