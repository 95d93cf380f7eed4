"""Phone numbers as people write them: each can be called, or its fault is named."""

from dataclasses import replace
from typing import Any

import phonenumbers
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from inquiries.contact_details import phone_numbers
from inquiries.contact_details.numbering_plan import Fault, FaultKind, Number
from inquiries.forms import FrontDeskForm, InquiryForm
from inquiries.forms.front_desk_words import PHONE_MESSAGES
from inquiries.forms.phone_errors import SENDER_MESSAGES, explain_fault
from inquiries.models import Inquiry
from inquiries.search import lookup
from tests.inquiries.intake.form_pages import ASK, filled, page_of

ONE, OTHER = "(202) 555-0143", "(202) 555-0144"

#: What is typed, the numbers found in it, and the words next to them.
TAKEN: dict[str, tuple[list[str], str]] = {
    # intake: once refused with “needs its area code”, although it has one
    "(305) 555 0187 home": (["(305) 555-0187"], "home"),
    "202-555-0143 or 202-555-0144": ([ONE, OTHER], ""),
    "202-555-0143 (after 5)": ([ONE], "after 5"),
    "2O2-555-0143": ([ONE], ""),
    # intake: letters were once dialed
    "202-555-0143 mom": ([ONE], "mom"),
    "dad 202-555-0143 mom": ([ONE], "dad … mom"),
    "mom 202-555-0143, dad 202-555-0144": ([ONE, OTHER], "mom … dad"),
    "dad2025550143": ([ONE], "dad"),
    "fax 202-555-0143": ([ONE], "fax"),
    "ask for Tom 202-555-0143 x3 please": ([f"{ONE} ext. 3"], "ask for Tom … please"),
    "202-555-0143 wk, 9-5 only": ([ONE], "wk, 9-5 only"),
    "202-555-0143 9-5": ([ONE], "9-5"),
    "after 17:30 202-555-0143": ([ONE], "after 17:30"),
    "202-555-0143 before 12/24/2026": ([ONE], "before 12/24/2026"),
    "☎️ 202-555-0143 😀": ([ONE], ""),
    "Tel.: 202-555-0143": ([ONE], ""),
    # Letters that look like digits
    "202-555-OI43": ([ONE], ""),
    "2025550l43": ([ONE], ""),
    "202-555-\u041e143": ([ONE], ""),
    "202-555-0143 or 2O2-555-0144": ([ONE, OTHER], ""),
    # Any format
    "2025550143": ([ONE], ""),
    "202.555.0143": ([ONE], ""),
    "202/555/0143": ([ONE], ""),
    "202,555,0143": ([ONE], ""),
    "202–555–0143": ([ONE], ""),
    "202\u00a0555\u00a00143": ([ONE], ""),
    "2 0 2 5 5 5 0 1 4 3": ([ONE], ""),
    "(202)-(555)-(0143)": ([ONE], ""),
    "1 202 555 0143": ([ONE], ""),
    "+1 (202) 555-0143": ([ONE], ""),
    "tel:+1-202-555-0143": ([ONE], ""),
    "tel:+12025550143;ext=12": ([f"{ONE} ext. 12"], ""),
    "\u200e202\u2011555\u20110143\u200b": ([ONE], ""),
    "２０２-５５５-０１４３": ([ONE], ""),
    "٢٠٢٥٥٥٠١٤٣": ([ONE], ""),
    "2️⃣0️⃣2️⃣ 555 0143": ([ONE], ""),
    "2️⃣0️⃣2️⃣ 555 0143 or 202-555-0144": ([ONE, OTHER], ""),
    "mom: 202,555,0143 home": ([ONE], "mom … home"),
    "+34,600,000,000": (["+34 600 00 00 00"], ""),
    # Extensions
    "202-555-0143 ext. 12": ([f"{ONE} ext. 12"], ""),
    "202-555-0143 x12": ([f"{ONE} ext. 12"], ""),
    "202-555-0143#12": ([f"{ONE} ext. 12"], ""),
    "202-555-0143,12": ([f"{ONE} ext. 12"], ""),
    "202-555-0143 ext 12 or 305-555-0187 x9": (
        [f"{ONE} ext. 12", "(305) 555-0187 ext. 9"],
        "",
    ),
    # Two numbers
    "2025550143,2025550144": ([ONE, OTHER], ""),
    "2025550143; 2025550144": ([ONE, OTHER], ""),
    "202-555-0143/202-555-0144": ([ONE, OTHER], ""),
    "202-555-0143 202-555-0144": ([ONE, OTHER], ""),
    "202 555 0143 - (202) 555 0144": ([ONE, OTHER], ""),
    "202 555 0143 o 202 555 0144": ([ONE, OTHER], ""),
    "202-555-0143 and again 2025550143": ([ONE], "and again"),
    "202-555-0143 / 0144": ([ONE], "0144"),
    # From other countries
    "+34 600 000 000": (["+34 600 00 00 00"], ""),
    "0034 600 000 000": (["+34 600 00 00 00"], ""),
    "011 34 600 000 000": (["+34 600 00 00 00"], ""),
    "+44 20 7946 0958 work": (["+44 20 7946 0958"], "work"),
    "+52 55 1234 5678": (["+52 55 1234 5678"], ""),
    # Numbers reserved for fiction, which the demo and these tests use
    "202-555-0100": (["(202) 555-0100"], ""),
    "305-555-0187": (["(305) 555-0187"], ""),
    "1-800-356-9377": (["(800) 356-9377"], ""),
    "00 1 202 555 0143": ([ONE], ""),
    "*67 202-555-0143": ([ONE], ""),
    # As WhatsApp and old phones show a Mexican mobile number
    "+52 1 55 1234 5678": (["+52 55 1234 5678"], ""),
    "+5215512345678": (["+52 55 1234 5678"], ""),
    "00 52 1 55 1234 5678": (["+52 55 1234 5678"], ""),
}
NO_AREA_CODE = Fault(FaultKind.NO_AREA_CODE)
REFUSED: dict[str, Fault] = {
    # intake: once accepted, so that a stranger was called
    "555-0123": NO_AREA_CODE,
    "000-000-0000": Fault(FaultKind.AREA_CODE, digits="000"),
    "555-0123 mom": NO_AREA_CODE,
    "dad 555-0143 mom": NO_AREA_CODE,
    "1 555 0123": NO_AREA_CODE,
    "5550123 x12": NO_AREA_CODE,
    # An area code or a number that does not exist
    "123-456-7890": Fault(FaultKind.AREA_CODE, digits="123"),
    "555-555-5555": Fault(FaultKind.AREA_CODE, digits="555"),
    "202-055-0123": Fault(FaultKind.NOBODY),
    "+999 123 4567": Fault(FaultKind.COUNTRY_CODE),
    # Too short, too long
    "202-555-014": Fault(FaultKind.SHORT, 1),
    "2O2-555-014": Fault(FaultKind.SHORT, 1),
    "1202555014": Fault(FaultKind.SHORT, 1),
    "+1 202 555 01": Fault(FaultKind.SHORT, 2),
    "+34 600 000 00": Fault(FaultKind.SHORT, 1),
    "12": Fault(FaultKind.SHORT, 8),
    "+1": Fault(FaultKind.SHORT),
    "202-555-01433": Fault(FaultKind.LONG, 1),
    "1 202 555 01433": Fault(FaultKind.LONG, 1),
    "+34 600 000 0000": Fault(FaultKind.LONG, 1),
    # With another country's plus sign it is not a US number, though its last digits look like one
    "+34 202 555 0143": Fault(FaultKind.LONG, 1),
    "+34 2025550143": Fault(FaultKind.LONG, 1),
    "9" * 40: Fault(FaultKind.LONG),
    # One of two numbers is wrong
    "202-555-0143 or 555-0144": Fault(FaultKind.NO_AREA_CODE, part="555-0144"),
    "202-555-01433 or 305-555-0187": Fault(FaultKind.LONG, 1, part="202-555-01433"),
    "555-0123 or 555-0124": Fault(FaultKind.NO_AREA_CODE, part="555-0123"),
    "20255501432025550144": Fault(FaultKind.TWO),
    # Letters in place of digits, and words among them
    "1-800-FLOWERS": Fault(FaultKind.LETTERS),
    "call 1-800-CONTACTS": Fault(FaultKind.LETTERS),
    "305-555 home": Fault(FaultKind.LETTERS),
    "202 mom 555 0143": Fault(FaultKind.APART),
    # No number at all
    "none": Fault(FaultKind.NO_DIGITS),
    "n/a": Fault(FaultKind.NO_DIGITS),
    "same as above": Fault(FaultKind.NO_DIGITS),
    "😀": Fault(FaultKind.NO_DIGITS),
    "ana@example.com": Fault(FaultKind.EMAIL),
    "@ana_example": Fault(FaultKind.NO_DIGITS),
    "12/25/1980": Fault(FaultKind.DATE),
    "1980-12-25": Fault(FaultKind.DATE),
    "911": Fault(FaultKind.EMERGENCY, digits="911"),
    "call 911": Fault(FaultKind.EMERGENCY, digits="911"),
}


@pytest.mark.parametrize("typed", TAKEN, ids=lambda typed: f"intake: {typed}")
def test_a_number_is_read_with_the_words_beside_it(typed: str) -> None:
    numbers, remark = TAKEN[typed]
    reading = phone_numbers.parse_phone(typed)
    assert [str(number) for number in reading.numbers] == numbers
    assert (reading.remark, reading.fault) == (remark, None)
    assert phone_numbers.first_e164(typed) == reading.numbers[0].e164
    assert phone_numbers.remark_in(typed) == remark or remark.isdecimal() or typed.endswith("9-5")


@pytest.mark.parametrize("typed", REFUSED, ids=lambda typed: f"intake: {typed[:40]}")
def test_the_fault_of_an_uncallable_number_is_named(typed: str) -> None:
    assert phone_numbers.parse_phone(typed).fault == REFUSED[typed]
    assert phone_numbers.first_e164(typed) == ""


def test_only_a_single_number_in_digits_is_plain() -> None:
    plain = ("202-555-0143", "(202) 555-0143 x12", "+34 600 000 000", "tel:+12025550143")
    assert all(phone_numbers.parse_phone(typed).is_plain for typed in plain)
    more = ("202-555-0143 mom", "202-555-0143 or 202-555-0144", "2O2-555-0143", "555-0123")
    assert not any(phone_numbers.parse_phone(typed).is_plain for typed in more)


def test_numbers_are_read_by_the_rules_of_the_clinics_country(settings: Any) -> None:
    settings.CLINIC = replace(settings.CLINIC, country="ES")
    assert phone_numbers.first_e164("600 000 000") == "+34600000000"
    assert phone_numbers.first_e164("600 000 000 mamá o 600 000 001") == "+34600000000"
    assert phone_numbers.parse_phone("600 000 000 y 600 000 001").numbers[1] == Number(
        "+34600000001"
    )
    assert phone_numbers.parse_phone("600 000 00").fault == Fault(FaultKind.SHORT, 1)
    assert str(phone_numbers.parse_phone("+1 202 555 0143").numbers[0]) == "+1 202-555-0143"
    said = explain_fault(Fault(FaultKind.NO_DIGITS), SENDER_MESSAGES)
    assert "202-555-0123" not in said
    example = said.split("such as ")[1].split(". ")[0]
    assert phone_numbers.first_e164(example).startswith("+34"), "the example is one there"


def test_where_number_lengths_vary_a_wrong_one_is_not_read_as_two(settings: Any) -> None:
    settings.CLINIC = replace(settings.CLINIC, country="DE")
    assert phone_numbers.first_e164("030 901820") == "+4930901820"
    assert len(phone_numbers.parse_phone("030 901820 oder 030 901821").numbers) == 2
    for typed in ("030 901820 12345678901", "030 901820 030 901821 4"):
        assert phone_numbers.parse_phone(typed).numbers == ()


# --- Whatever is typed ----------------------------------------------------------------------------

LIKE_NUMBERS = st.lists(
    st.sampled_from([*"0123456789+-() ./,;#xOl", " or ", "mom", "202", "555", "0143", "+1", "ext "])
).map("".join)


@given(st.text(max_size=120) | LIKE_NUMBERS)
def test_reading_never_fails_and_finds_only_valid_numbers(typed: str) -> None:
    reading = phone_numbers.parse_phone(typed)
    assert bool(reading.fault) or bool(reading.numbers)
    for number in reading.numbers:
        assert phonenumbers.is_valid_number(phonenumbers.parse(number.e164))
        again = phone_numbers.parse_phone(str(number))
        assert (again.numbers, again.remark, again.fault) == ((number,), "", None)
    if reading.fault:
        for words in (SENDER_MESSAGES, PHONE_MESSAGES):
            assert "{" not in explain_fault(reading.fault, words).replace(reading.fault.part, "")


@given(st.integers(0, 99), st.sampled_from(["mom", "home", "work", "after five", "ask for Tom"]))
def test_words_never_change_the_number(last: int, words: str) -> None:
    for typed in (f"202-555-01{last:02} {words}", f"{words}: 202 555 01{last:02}"):
        assert phone_numbers.first_e164(typed) == f"+120255501{last:02}"
        assert phone_numbers.parse_phone(typed).remark == words


# --- What is said of it ---------------------------------------------------------------------------

SAID = {
    "555-0123": "This number has no area code. Enter it like this: 202-555-0123.",
    "000-000-0000": "There is no area code 000. Enter the number like this: 202-555-0123.",
    "202-555-014": "This number is 1 digit too short.",
    "202-555-01433": "This number is 1 digit too long.",
    "12": "This number is too short. Enter a phone number with its area code",
    "202-555-0143 or 555-0144": "“555-0144” has no area code.",
    "1-800-FLOWERS": "Enter the number in digits, not letters, such as 202-555-0123.",
    "none": "If you don’t have a phone, choose email and leave this blank.",
    "911": "If you need help right now, call 911.",
    "12/25/1980": "This number looks like a date.",
}


@pytest.mark.django_db
@pytest.mark.parametrize("typed", SAID, ids=lambda typed: f"intake: {typed}")
def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(client: Client, typed: str) -> None:
    answer = client.post(ASK, filled(phone=typed))
    assert answer.status_code == 422
    page = page_of(answer)
    field = page.select_one('[name="phone"]')
    assert field
    assert field["value"] == typed
    error = page.find(id=field["aria-describedby"].split()[-1])  # type: ignore[union-attr]
    assert SAID[typed] in page.get_text()
    assert error
    assert not Inquiry.objects.exists()


@pytest.mark.django_db
def test_the_front_desk_gets_messages_worded_for_staff() -> None:
    for words in (SENDER_MESSAGES, PHONE_MESSAGES):
        assert set(words) == set(FaultKind)
    for kind in FaultKind:
        said = explain_fault(Fault(kind, 1, "911"), PHONE_MESSAGES)
        assert "you" not in said.lower().split(), said
    form = FrontDeskForm({"phone": "911"})
    assert form.errors["phone"] == ["We can’t call them at 911. Ask for their own number."]
    assert "call 911" in str(InquiryForm({"phone": "911"}).errors["phone"])


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["202-555-0143 or 202-555-0144 (mom)", "2O2-555-0143"])
def test_the_phone_field_is_saved_exactly_as_typed(client: Client, typed: str) -> None:
    assert client.post(ASK, filled(phone=typed)).status_code == 302
    inquiry = Inquiry.objects.get()
    assert (inquiry.phone, inquiry.phone_e164) == (typed, "+12025550143")


@pytest.mark.django_db
def test_a_request_is_found_by_each_of_its_numbers(client: Client) -> None:
    client.post(ASK, filled(phone="202-555-0143 or 202-555-0144 (mom)"))
    inquiry = Inquiry.objects.get()
    for typed in (
        "2025550143",
        "(202) 555-0144",
        "mom 202-555-0144",
        "2O2-555-0144",
        inquiry.phone,
    ):
        assert lookup.find_inquiries(typed)[:2] == ("phone", [inquiry])
    client.post(ASK, filled(phone="202-555-0144", idempotency_key="another-form-of-theirs"))
    other = Inquiry.objects.exclude(pk=inquiry.pk).get()
    assert lookup.find_with_same_contact(other, exclude=other) == [inquiry]
    assert lookup.find_with_same_contact(inquiry, exclude=inquiry) == [other]


@pytest.mark.parametrize(
    "typed",
    [
        *("218-7202 (9-12)", "(218) 7202, 9-12", "218-7202 11-1", "218-7202, 9:30"),
        *("218-7202 #305", "218-7202, 305", "218-7202 (305)", "7202 218 305"),
    ],
)
def test_intake_a_local_number_and_other_digits_do_not_make_a_strangers_number(typed: str) -> None:
    assert phone_numbers.parse_phone(typed).numbers == ()
    assert phone_numbers.parse_phone(typed).fault


@pytest.mark.parametrize(
    "typed", ["20 25 55 01 43", "202 555 01 43", "(1)202 555 0143", "202,555,0143", "202-5550143"]
)
def test_intake_a_number_may_be_grouped_differently(typed: str) -> None:
    assert phone_numbers.first_e164(typed) == "+12025550143"


def test_intake_hours_after_a_comma_are_not_an_extension() -> None:
    reading = phone_numbers.parse_phone("202-555-0143, 9 to 5")
    assert [(each.e164, each.extension) for each in reading.numbers] == [("+12025550143", "")]
