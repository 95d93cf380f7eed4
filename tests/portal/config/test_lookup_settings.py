"""Look-ups are off until a clinic turns them on, and say whom to write to."""

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal.config import addresses


def test_look_ups_are_off_by_default() -> None:
    assert settings.SOURCE_LOOKUP is False


def test_whoever_turns_look_ups_on_says_whom_to_write_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those who run the services ask for an address instead of shutting everyone out."""
    monkeypatch.delenv("PORTAL_LOOKUP_CONTACT", raising=False)
    assert addresses.contact("PORTAL_LOOKUP_CONTACT", is_required=False) == ""
    with pytest.raises(ImproperlyConfigured, match="PORTAL_LOOKUP_CONTACT is ''"):
        addresses.contact("PORTAL_LOOKUP_CONTACT", is_required=True)
    monkeypatch.setenv("PORTAL_LOOKUP_CONTACT", "library@example.org")
    said = addresses.contact("PORTAL_LOOKUP_CONTACT", is_required=True)
    assert said == "library@example.org"


@pytest.mark.parametrize("value", ["library", "a@b", "a b@example.org", "a@example.org\r\nX: y"])
def test_a_contact_that_is_no_address_is_refused(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("PORTAL_LOOKUP_CONTACT", value)
    with pytest.raises(ImproperlyConfigured, match="email address such as"):
        addresses.contact("PORTAL_LOOKUP_CONTACT", is_required=False)


def test_a_service_is_reached_without_encryption_on_this_machine_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    default = "https://api.crossref.org"
    monkeypatch.delenv("PORTAL_LOOKUP_CROSSREF", raising=False)
    assert addresses.web_address("PORTAL_LOOKUP_CROSSREF", default) == default
    monkeypatch.setenv("PORTAL_LOOKUP_CROSSREF", "http://127.0.0.1:8080")
    assert addresses.web_address("PORTAL_LOOKUP_CROSSREF", default) == "http://127.0.0.1:8080"
    monkeypatch.setenv("PORTAL_LOOKUP_CROSSREF", "http://api.crossref.org")
    with pytest.raises(ImproperlyConfigured, match="starts with https://"):
        addresses.web_address("PORTAL_LOOKUP_CROSSREF", default)
