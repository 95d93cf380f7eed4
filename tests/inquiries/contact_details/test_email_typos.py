"""Typos in email addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiries.contact_details import email_typos
from inquiries.contact_details.email_typos import suggest_domain

SLIPS = {
    "gmial.com": "gmail.com",
    "gmai.com": "gmail.com",
    "gmal.com": "gmail.com",
    "gamil.com": "gmail.com",
    "gmaill.com": "gmail.com",
    "gnail.com": "gmail.com",
    "gmail.con": "gmail.com",
    "gmail.cm": "gmail.com",
    "gmail.comm": "gmail.com",
    "gmial.con": "gmail.com",
    "gmailc.om": "gmail.com",
    "gmailcom": "gmail.com",
    "gmialcom": "gmail.com",
    "gmail": "gmail.com",
    "gmail,com": "gmail.com",
    "gmail.com.": "gmail.com",
    "gmail..com": "gmail.com",
    "hotmial.com": "hotmail.com",
    "hotmal.com": "hotmail.com",
    "yaho.com": "yahoo.com",
    "yahooo.com": "yahoo.com",
    "yaho.com.mx": "yahoo.com.mx",
    "outlok.com": "outlook.com",
    "iclod.com": "icloud.com",
    "aol.con": "aol.com",
    "aolcom": "aol.com",
    "aol,com": "aol.com",
    "aol.com.": "aol.com",
    "comcast.nte": "comcast.net",
    "clinic.con": "clinic.com",
    "school.eud": "school.edu",
}
REAL = (
    *("gmail.co", "ymail.com", "mail.com", "email.com", "gmx.com", "gmx.de"),
    *("hotmail.fr", "yahoo.fr", "gmail.com.mx"),
    *("ao.com", "aon.com", "act.net"),
    *("example.org", "clinic.example", "fastmail.com", "hey.com", "zoho.com", "hushmail.com"),
    *("hotelmail.com", "yale.edu", "cloud.com", "localhost", "live.co", "love.com"),
    "actnet",
)


@pytest.mark.parametrize("typed", SLIPS)
def test_a_typo_gets_a_hint(typed: str) -> None:
    assert suggest_domain(f"ana@{typed}") == (typed, SLIPS[typed])
    assert suggest_domain(f" Ana@{typed.upper()} ") == (typed, SLIPS[typed])


@pytest.mark.parametrize(
    "domain", [*REAL, *email_typos._KNOWN_DOMAINS, *email_typos._SHORT_DOMAINS]
)
def test_a_real_domain_gets_no_hint(domain: str) -> None:
    assert suggest_domain(f"ana@{domain}") is None


@pytest.mark.parametrize("email", ["", "@", "ana", "ana@", "@.", "ana@.", "ana@,", "ana@..."])
def test_an_invalid_address_gets_no_hint(email: str) -> None:
    assert suggest_domain(email) is None


@given(st.text("gmailyhotuk.,con"))
def test_a_suggested_domain_gets_no_hint_itself(text: str) -> None:
    hint = suggest_domain(f"ana@{text}")
    if hint:
        assert suggest_domain(f"ana@{hint[1]}") is None
