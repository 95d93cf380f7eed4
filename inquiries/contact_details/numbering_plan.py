"""Which digits form a telephone number, and why others do not.

Based on the numbering plans in phonenumbers. A number without a country code is read as one in the
clinic's country.
"""

import re
from dataclasses import dataclass
from enum import Enum

import phonenumbers
from django.conf import settings
from phonenumbers import (
    NumberParseException,
    PhoneMetadata,
    PhoneNumber,
    PhoneNumberFormat,
    ValidationResult,
)

#: In digits. Anything shorter is a time, a room, a year …
MIN_DIGITS = 7
#: … and anything longer is not a number anywhere (ITU-T E.164).
MAX_DIGITS = 15
_AREA = 3
_DATE = re.compile(
    r"\d{1,2}([/.-])\d{1,2}\1(?:(?:19|20)\d\d|\d\d)|(?:19|20)\d\d([/.-])\d{1,2}\2\d{1,2}"
)
#: A Mexican mobile number as it was dialed from abroad until 2019, and still is shown.
_OLD_MEXICAN = re.compile(r"\+521(\d{10})")
_VANITY = re.compile(r"\d[\d\s().-]*[A-Za-z][A-Za-z\d-]*")


class FaultKind(Enum):
    """Why the typed text is not a number that can be called."""

    NO_DIGITS = "no digits"
    EMAIL = "an email address"
    DATE = "a date"
    #: As in 1-800-FLOWERS: each letter stands for the digit on its key.
    LETTERS = "letters for digits"
    APART = "words between the digits"
    EMERGENCY = "the number of emergency help"
    NO_AREA_CODE = "no area code"
    SHORT = "too few digits"
    LONG = "too many digits"
    TWO = "two numbers without a break"
    AREA_CODE = "an area code that nobody has"
    COUNTRY_CODE = "a country code that no country has"
    NOBODY = "a number that nobody has"


@dataclass(frozen=True)
class Fault:
    """Why a number cannot be dialed."""

    kind: FaultKind
    #: How many digits too short or too long it is; 0 if that would not help.
    off_by: int = 0
    #: The digits at fault: an area code that nobody has, or an emergency number.
    digits: str = ""
    #: The part with the fault, if other parts may be fine.
    part: str = ""


@dataclass(frozen=True)
class Number:
    """A valid number, in a range that is assigned."""

    #: In E.164 format (ITU-T), without the extension.
    e164: str
    extension: str = ""

    def __str__(self) -> str:
        """Return the number as it is written in the clinic's country."""
        number = phonenumbers.parse(self.e164)
        is_abroad = number.country_code != _calling_code()
        shape = PhoneNumberFormat.INTERNATIONAL if is_abroad else PhoneNumberFormat.NATIONAL
        written = phonenumbers.format_number(number, shape)
        return f"{written} ext. {self.extension}" if self.extension else written


def parse_number(text: str) -> Number | None:
    """Return the number formed by all the digits in a text; letters are ignored."""
    number = _parsed(text)
    if (number is None or not phonenumbers.is_valid_number(number)) and (
        abroad := re.fullmatch(r"00(\d+)", digits_in(text))
    ):
        number = _parsed(f"+{abroad[1]}")
    return Number(_e164(number)) if number and phonenumbers.is_valid_number(number) else None


def possible_e164(text: str) -> str:
    """Return E.164 if the length is possible, even without an area code; otherwise empty."""
    number = _parsed(text)
    return _e164(number) if number and phonenumbers.is_possible_number(number) else ""


def has_fixed_length() -> bool:
    """Return whether all numbers in the clinic's country have the same length.

    If they do, a wrong number is never read as two.
    """
    return len(_lengths(_calling_code())) == 1


def is_number_like(piece: str) -> bool:
    return len(digits_in(piece)) >= MIN_DIGITS and not _DATE.fullmatch(piece.strip())


def digits_in(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


def example_number() -> str:
    """Return a number that nobody has, as it is written in the clinic's country."""
    if _calling_code() == 1:
        return "202-555-0123"  # reserved for fiction
    number = phonenumbers.example_number(settings.CLINIC.country)
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL) if number else ""


# --- What is wrong --------------------------------------------------------------------------------


def fault_of_line(text: str) -> Fault | None:
    """Return a fault of the whole line, if it has no number and no one part is to blame."""
    if re.search(r"\S@\S", text):
        return Fault(FaultKind.EMAIL)
    if not digits_in(text):
        return Fault(FaultKind.NO_DIGITS)
    if parse_number(text):
        return Fault(FaultKind.APART)
    return Fault(FaultKind.LETTERS) if _is_spelled(text) else None


def _is_spelled(text: str) -> bool:
    vanity = _VANITY.search(text)
    if not vanity:
        return False
    keys = digits_in(phonenumbers.convert_alpha_characters_in_number(vanity[0]))
    # A word may be longer than the number: the extra letters are not dialed.
    return any(
        parse_number(keys[:length]) for length in range(MIN_DIGITS, min(len(keys), MAX_DIGITS) + 1)
    )


def fault_of(piece: str) -> Fault:
    """Return what is wrong with digits that are not a valid number."""
    digits, clinic = digits_in(piece), settings.CLINIC
    if digits in {digits_in(clinic.emergency_number), digits_in(clinic.crisis_line)}:
        return Fault(FaultKind.EMERGENCY, digits=digits)
    if _DATE.fullmatch(piece.strip()):
        return Fault(FaultKind.DATE)
    # A 1 on its own or before nine digits is the country code: no area code starts with 1.
    if _calling_code() == 1 and re.match(r"1(?!\d)|1\d{9}$", piece):
        piece = f"+{piece}"
    number = _parsed(piece)
    if number:
        return _fault_of_number(number, digits)
    if len(digits) > MAX_DIGITS:
        return _too_long(digits, 0)
    is_whole = piece.startswith("+") and len(digits) >= MIN_DIGITS
    return Fault(FaultKind.COUNTRY_CODE if is_whole else FaultKind.SHORT)


def _fault_of_number(number: PhoneNumber, digits: str) -> Fault:
    national = phonenumbers.national_significant_number(number)
    lengths = _lengths(number.country_code or 0)
    match phonenumbers.is_possible_number_with_reason(number):
        case ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            return Fault(FaultKind.NO_AREA_CODE)
        case ValidationResult.TOO_SHORT:
            return Fault(FaultKind.SHORT, max(lengths[0] - len(national), 0))
        case ValidationResult.TOO_LONG:
            return _too_long(digits, max(len(national) - lengths[-1], 0))
    area = national[:_AREA]
    if number.country_code == 1 and not parse_number(f"+1{area}2345678"):
        return Fault(FaultKind.AREA_CODE, digits=area)
    return Fault(FaultKind.NOBODY)


def _too_long(digits: str, off_by: int) -> Fault:
    half = len(digits) // 2
    is_two = parse_number(digits[:half]) and parse_number(digits[half:])
    return Fault(FaultKind.TWO) if is_two else Fault(FaultKind.LONG, off_by)


# --- The tables -----------------------------------------------------------------------------------


def _parsed(text: str) -> PhoneNumber | None:
    """Parse only the digits: the library would turn letters into the digits on their keys."""
    plus = "+" if text.lstrip().startswith("+") else ""
    digits = _OLD_MEXICAN.sub(r"+52\1", plus + digits_in(text))
    try:
        return phonenumbers.parse(digits, settings.CLINIC.country)
    except NumberParseException:
        return None


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _calling_code() -> int:
    return phonenumbers.country_code_for_region(settings.CLINIC.country)


def _lengths(calling_code: int) -> tuple[int, ...]:
    """Return the possible lengths of numbers there, without the country code, shortest first."""
    region = phonenumbers.region_code_for_country_code(calling_code)
    known = PhoneMetadata.metadata_for_region_or_calling_code(calling_code, region)
    numbers = known.general_desc if known else None
    return tuple(numbers.possible_length) if numbers else (MIN_DIGITS, MAX_DIGITS)
