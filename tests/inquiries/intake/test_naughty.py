"""Every naughty string in every field: no error, no live markup on the page, nothing lost."""

import re
import unicodedata
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from inquiries import submission_history
from inquiries.models import Inquiry, Message
from inquiries.reference import digest_key
from tests.inquiries.intake.naughty import NAUGHTY

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

ASK = "/care-coordinator/ask/"
FORM = {
    "relation": "someone_else",
    "full_name": "Ana Example",
    "patient_name": "Ben Example",
    "authority": "asked",
    "contact_method": "phone",
    "phone": "(202) 555-0100",
    "email": "",
    "shared_phone": "",
    "shared_email": "",
    "never_contact": "",
    "voicemail": "none",
    "best_time": "morning",
    "time_zone": "",
    "language": "en",
    "interpreter": "",
    "interpreter_language": "",
    "topic": "",
    "message": "A question.",
    "consent": "on",
    "article": "",
    "idempotency_key": "one-form-on-one-screen",
    "consent_version": "",
    "website": "",
}
#: Free text fields, which must come back when another field has an error.
WORDS = ("full_name", "patient_name", "never_contact", "message")


def send(client: Client, address: str, fields: dict[str, str]) -> Any:
    """Encode the form as a browser does, lone surrogates included."""
    body = "&".join(
        f"{name}={quote(value.encode('utf-8', 'surrogatepass'), safe='')}"
        for name, value in fields.items()
    )
    return client.post(address, body, content_type="application/x-www-form-urlencoded")


class Reading(HTMLParser):
    """Collect live markup on a page and the values of its fields, in one pass for speed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.alive: list[str] = []
        self.holds: dict[str, str] = {}
        self.area = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if (
            tag in {"iframe", "style", "object"}
            or (tag == "svg" and not given.get("class"))  # except our own
            or (tag == "script" and not given.get("src"))
            or given.get("href", "").lower().startswith("javascript:")
            or any(name.startswith("on") for name in given)
        ):
            self.alive.append(self.get_starttag_text() or tag)
        if "name" in given:
            self.holds[given["name"]] = given.get("value", "")
        self.area = given.get("name", "") if tag == "textarea" else ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.holds[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        self.area = ""


def check_harmless(page: Any) -> Reading:
    reading = Reading(page.text)
    assert not reading.alive
    assert "60481729" not in page.text, "no template was carried out"
    return reading


def is_text(value: str) -> bool:
    return not re.search("[\ud800-\udfff]", value)


def test_naughty_strings_in_all_fields_at_once(client: Client) -> None:
    for naughty in NAUGHTY:
        answer = send(client, ASK, dict.fromkeys(FORM, naughty))
        assert answer.status_code == 422, naughty
        check_harmless(answer)


@pytest.mark.once
@pytest.mark.parametrize(
    "field", [*WORDS, *(pytest.param(each, marks=pytest.mark.proof) for each in FORM)]
)
def test_naughty_strings_in_each_form_field(client: Client, field: str) -> None:
    for number, naughty in enumerate(NAUGHTY):
        filled = {**FORM, "idempotency_key": f"naughty-{field}-{number:05}", field: naughty}
        answer = send(client, ASK, filled)
        assert answer.status_code in {302, 422}, (field, naughty)
        if answer.status_code == 302:
            continue
        shown = check_harmless(answer)
        if field in WORDS:
            assert len(shown.holds[field].strip()) >= len(_kept(naughty)), (
                field,
                naughty[:40],
            )
    for inquiry in Inquiry.objects.all():
        assert inquiry.full_name
        assert inquiry.message


def _kept(naughty: str) -> str:
    """Return it without invisible characters, composed, with whitespace folded as forms do."""
    plain = unicodedata.normalize("NFC", naughty.replace("\r\n", "\n"))
    plain = re.sub("(?<![\u2000-\U0010ffff])\u200d|\u200d(?![\u2000-\U0010ffff])", "", plain)
    seen = (each for each in plain if each in "\n\t\u200d" or not _is_unseen(each))
    return " ".join("".join(seen).split()) if is_text(naughty) else ""


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Co"} or character in "\ufffe\uffff"


def test_accepted_text_is_stored_verbatim(client: Client) -> None:
    """Each string is tried in all fields at once, and in each alone if one of them refuses it."""
    for number, naughty in enumerate(NAUGHTY):
        typed = f"Ana {naughty} Example"
        for fields in (WORDS, *((field,) for field in WORDS)):
            key = f"to-the-letter-{number:05}-{len(fields)}-{fields[0]}"
            filled = {**FORM, "idempotency_key": key, **dict.fromkeys(fields, typed)}
            taken = send(client, ASK, filled).status_code == 302
            if taken and is_text(naughty):
                kept = Inquiry.objects.get(key_digest=digest_key(key))
                for field in fields:
                    assert _kept(typed) == " ".join(getattr(kept, field).split()), (field, typed)
            if taken and fields == WORDS:
                break


PRIVATE = "/care-coordinator/request/"


@pytest.fixture
def mark(client: Client, settings: Any) -> str:
    """Open the private page, and return the mark that its forms carry."""
    settings.RATE_LIMITS_ENABLED = False
    send(client, ASK, {**FORM, "contact_method": "email", "email": "ana@example.org"})
    client.post("/care-coordinator/sent/open/")
    return Reading(client.get(PRIVATE).text).holds["of"]


def test_naughty_strings_in_private_page_messages(client: Client, mark: str) -> None:
    sent = {}
    for number, naughty in enumerate(NAUGHTY):
        text = f"naughty n{number}n {naughty} end"
        answer = send(client, f"{PRIVATE}write/", {"of": mark, "text": text})
        assert answer.status_code == 302 or len(naughty) > 4900 or not is_text(naughty), naughty
        if answer.status_code == 302:
            sent[number] = _kept(text)
    check_harmless(client.get(PRIVATE))
    kept = [" ".join(each.text.split()) for each in Message.objects.order_by("event")]
    assert len(kept) == len(sent)
    for (number, text), found in zip(sent.items(), kept, strict=True):
        assert found == text or not is_text(NAUGHTY[number]), number


@pytest.mark.once
def test_naughty_strings_in_contact_details_and_the_detail_that_opens_their_page(
    client: Client, mark: str
) -> None:
    fields = ("phone", "email", "never_contact", "time_zone", "language", "voicemail", "best_time")
    good = {"of": mark, "contact_method": "phone", "phone": FORM["phone"], "voicemail": "none"}
    inquiry = Inquiry.objects.get()
    for naughty in NAUGHTY:
        answer = send(client, f"{PRIVATE}reach/", {"of": mark, **dict.fromkeys(fields, naughty)})
        assert answer.status_code == 422, naughty
        check_harmless(answer)
        answer = send(
            client, f"{PRIVATE}reach/", {**good, "language": "en", "never_contact": naughty}
        )
        assert answer.status_code in {302, 422}, naughty
        if answer.status_code == 302 and is_text(naughty):
            said = submission_history.current_sending(inquiry).never_contact
            assert " ".join(said.split()) == _kept(naughty), naughty[:40]
        answer = send(client, f"{PRIVATE}prove/", {"of": mark, "detail": naughty or "x"})
        assert answer.status_code == 422, naughty
        check_harmless(answer)


def test_naughty_strings_as_a_token_reference_or_query(client: Client) -> None:
    for naughty in NAUGHTY:
        if len(naughty) > 2000:
            continue
        word = quote(naughty.encode("utf-8", "surrogatepass"), safe="")
        for address in (
            f"/care-coordinator/request/{word or 'x'}/",
            f"{ASK}?article={word}",
            f"/search/?q={word}",
        ):
            answer = client.get(address)
            assert answer.status_code in {200, 302, 404}, (address, naughty)
            check_harmless(answer)
