"""Email addresses as people write them: accepted if mail can reach them, else explained."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from inquiries.contact_details.email_addresses import (
    FaultKind,
    find_fault,
    needs_smtputf8,
    on_the_wire,
)
from inquiries.forms.fields import EmailField
from inquiries.models import Inquiry

ASK, SENT = "/care-coordinator/ask/", "/care-coordinator/sent/"
FORM = {
    "full_name": "José Example",
    "contact_method": "email",
    "message": "May I talk to someone?",
    "consent": "on",
}


@pytest.mark.parametrize(
    ("typed", "wire"),
    [
        ("ana@example.org", "ana@example.org"),
        ("o'neil+lupus@mail.example.org", "o'neil+lupus@mail.example.org"),
        ("josé@example.org", "josé@example.org"),
        ("用户@example.org", "用户@example.org"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        # The domain itself (IDNA 2008), not strasse.example as under the rules of 2003.
        ("ana@straße.example", "ana@xn--strae-oqa.example"),
        ("ana@BÜCHER.example", "ana@xn--bcher-kva.example"),
        ("josé@пример.example", "josé@xn--e1afmkfd.example"),
        (unicodedata.normalize("NFD", "josé@example.org"), "josé@example.org"),
    ],
)
def test_addresses_in_every_script_are_accepted_and_domains_are_sent_in_ascii(
    typed: str, wire: str
) -> None:
    """Patient 6: `josé@…` was refused."""
    assert find_fault(typed) is None
    assert on_the_wire(typed) == wire
    assert needs_smtputf8(typed) == (not wire.isascii())


@pytest.mark.parametrize(
    ("typed", "kind", "part"),
    [
        ("josé", FaultKind.NO_AT, ""),
        ("josé@home@example.org", FaultKind.MANY_AT, ""),
        ("jo sé@example.org", FaultKind.SPACE, ""),
        ("josé@exa mple.org", FaultKind.SPACE, ""),
        ("@example.org", FaultKind.NO_NAME, ""),
        ("josé@", FaultKind.NO_DOMAIN, ""),
        ("josé@example", FaultKind.NO_DOT, "example"),
        (".josé@example.org", FaultKind.DOTS, ""),
        ("jo..sé@example.org", FaultKind.DOTS, ""),
        ("(josé)@example.org", FaultKind.CHARACTER, "("),
        ("“josé@example.org", FaultKind.CHARACTER, "“"),
        ("josé@example..org", FaultKind.DOMAIN, "example..org"),
        ("josé@-example.org", FaultKind.DOMAIN, "-example.org"),
        ("josé@büch_er.org", FaultKind.DOMAIN, "büch_er.org"),
        ("josé@example,org", FaultKind.DOMAIN, "example,org"),
        ("ana@[127.0.0.1]", FaultKind.DOMAIN, "[127.0.0.1]"),
        ("ana@[IPv6:::1]", FaultKind.NO_DOT, "[IPv6:::1]"),
        ("ana@xn--a.org", FaultKind.DOMAIN, "xn--a.org"),
        ("é" * 33 + "@example.org", FaultKind.LONG, ""),
    ],
)
def test_the_actual_fault_is_named(typed: str, kind: FaultKind, part: str) -> None:
    fault = find_fault(typed)
    assert fault
    assert (fault.kind, fault.part) == (kind, part)


@pytest.mark.parametrize(
    "typed",
    [
        *("mailto:josé@example.org", "Mailto: josé@example.org", "José Example <josé@example.org>"),
        *("<josé@example.org>", "“josé@example.org”", "'josé@example.org'", "(josé@example.org)"),
        *("josé@example.org.", "josé@example.org,", "josé@example.org;", "josé@example.org/"),
    ],
)
def test_the_form_takes_an_address_out_of_what_was_copied_with_it(typed: str) -> None:
    assert EmailField().clean(typed) == "josé@example.org"


@pytest.mark.parametrize("typed", ["<>", "Ana <ana>", "mailto:", "a <b@c> d"])
def test_what_is_no_copied_address_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        EmailField().clean(typed)


@pytest.mark.django_db
def test_patient_6_the_form_accepts_it_and_asks_for_a_phone_number(client: Client) -> None:
    client.post(ASK, {**FORM, "email": "josé@bücher.example"})
    assert Inquiry.objects.get().email == "josé@bücher.example"
    page = client.get(SENT).text
    assert "Please add a phone number" in page
    assert "We also send a confirmation" not in page, "which may not arrive"


@pytest.mark.django_db
@pytest.mark.parametrize("more", [{"phone": "202 555 0100"}, {"email": "ana@bücher.example"}])
def test_nobody_is_asked_for_a_phone_number_needlessly(
    client: Client, more: dict[str, str]
) -> None:
    client.post(ASK, {**FORM, "email": "josé@example.org", **more})
    assert "Please add a phone number" not in client.get(SENT).text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("josé.example.org", "This one has no @."),
        ("“josé”@example.org", "can’t have “ before the @"),
        ("josé@example", "“example” is not complete"),
    ],
)
def test_the_form_names_the_fault_and_keeps_what_was_typed(
    client: Client, typed: str, words: str
) -> None:
    answer = client.post(ASK, {**FORM, "email": typed})
    assert answer.status_code == 422
    assert words in answer.text
    assert typed in answer.text
    assert not Inquiry.objects.exists()
