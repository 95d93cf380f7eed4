"""Where bounced emails come back to is read from the environment, and a mistake says so."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.config import addresses, environment
from portal.config.addresses import Mailbox

pytestmark = pytest.mark.once

NAME = "PORTAL_TEST"


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("", ""),
        ("bounces.example.org", "bounce@bounces.example.org"),
        ("B@Bounces.Example.ORG", "b@bounces.example.org"),
        ("twelve-chars@example.org", "twelve-chars@example.org"),
    ],
)
def test_a_return_address_is_a_domain_or_an_address(
    monkeypatch: pytest.MonkeyPatch, value: str, address: str
) -> None:
    monkeypatch.setenv(NAME, value)
    assert addresses.return_address(NAME) == address


@pytest.mark.parametrize(
    "value",
    [
        *("localhost", "@example.org", "a b@example.org", "a+b@example.org", "a@b@example.org"),
        *("thirteen-char@example.org", "a@-.org", "a@example..org", "a@example.org\r\nx"),
    ],
)
def test_any_other_return_address_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=NAME):
        addresses.return_address(NAME)


def test_a_mailbox_is_read_from_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NAME, raising=False)
    assert addresses.mailbox(NAME) is None
    monkeypatch.setenv(NAME, "imaps://bounces%40example.org:p%2Fw@mail.example.org")
    box = Mailbox("mail.example.org", 993, "bounces@example.org", "p/w", "INBOX")
    assert addresses.mailbox(NAME) == box
    monkeypatch.setenv(NAME, "imaps://u:p@mail.example.org:1993/Old%20mail")
    assert addresses.mailbox(NAME) == Mailbox("mail.example.org", 1993, "u", "p", "Old mail")


@pytest.mark.parametrize("value", ["imap://u:hidden@h/INBOX", "imaps://u@h", "imaps://:hidden@h"])
def test_security_6_a_wrong_mailbox_is_refused_without_its_password(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=NAME) as refused:
        addresses.mailbox(NAME)
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize("value", ["short", "x" * 31, "with a space" * 4, "ñ" * 40])
def test_a_guessable_secret_is_refused_without_its_value(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=NAME) as refused:
        environment.secret(NAME)
    assert value not in str(refused.value)
    monkeypatch.setenv(NAME, "x" * 32)
    assert environment.secret(NAME) == "x" * 32
