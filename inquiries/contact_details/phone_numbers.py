"""Telephone numbers in any format people write them, and any words written beside them.

The typed text is kept whole. Code that needs the numbers in it calls `parse_phone`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate

from django.conf import settings

from articles.text_cleaning import clean_code
from inquiries.contact_details.numbering_plan import (
    MAX_DIGITS,
    MIN_DIGITS,
    Fault,
    Number,
    digits_in,
    fault_of,
    fault_of_line,
    has_fixed_length,
    is_number_like,
    parse_number,
    possible_e164,
)


@dataclass(frozen=True)
class ParsedPhone:
    """The contents of a line that was typed as a telephone number."""

    numbers: tuple[Number, ...] = ()
    #: The words beside the numbers, such as “mom” or “after 5”.
    remark: str = ""
    #: What is wrong, if anything; `numbers` then holds only those of the other parts.
    fault: Fault | None = None
    #: Whether the line is a single number written in digits, with nothing else.
    is_plain: bool = False


#: North American numbers: digit count, ends of the usual groups, and group size if in pairs.
_NATIONAL, _GROUP_ENDS, _PAIR = 10, {3, 6, 8}, 2
_DASHES = "\u2010-\u2015\u2212\u30fc"
# Digits with the characters people put between them. A plus can only start a number.
_CHUNK = re.compile(rf"(?:\+[\s(]*)?\d(?:[\s().\[\]/·•*_~{_DASHES}-]*\d)*")
_ENDS = r"(?!\s?[\d/.(-])"
_EXTENSION = re.compile(
    rf"[\s)]*[,;]?\s*(?:ext(?:ensi[oó]n|n)?|int|anexo|x|\#)\s*[.:=]?\s*(\d{{1,7}}){_ENDS}"
    rf"|\s*,{{1,2}}\s?(\d{{1,6}})\s*$",
    re.IGNORECASE,
)
#: What comes before a country code when dialing from most countries.
_FROM_ABROAD = re.compile(r"\s*00[\s.-]*(?=1)")
#: What hides the caller's own number, such as *67.
_HIDES_CALLER = re.compile(r"\*\d\d\s*(?=[\d(+])")
_TIME = re.compile(r"(?<!\d)\d{1,2}:\d\d(?!\d)")
# Where another number may begin in a chunk that is not a number as a whole.
_BREAK = re.compile(rf"\s/+\s|\s[{_DASHES}-]+\s|[•·]")
# All the digits, if there are no letters between them.
_DIGITS = re.compile(r"(?<![\d+])\+?\d[\W\d_]*\d(?!.*\d)")
# Letters that look like digits, in Latin, Cyrillic, and Greek.
_SLIPS = str.maketrans({**dict.fromkeys("Oo\u041e\u043e\u039f\u03bf", "0"), "l": "1", "I": "1"})
_WORD = re.compile(r"[^\W_]+")
#: Words that mean nothing beside a number.
_SAYS_NOTHING = frozenset(
    {"or", "and", "o", "y", "tel", "phone", "telephone", "teléfono", "number"}
)


def parse_phone(typed: str) -> ParsedPhone:
    """Parse a line as dialed in the clinic's country. Never raises, whatever was typed.

    Each part that looks like a number must be valid: a bad second number is not ignored because the
    first is good.
    """
    text = _normalize(typed)
    reading = _parse(text)
    if reading.fault and (mended := _fix_typed_letters(text)) != text:
        reading = replace(_parse(mended), is_plain=False)
    return reading


def first_e164(typed: str) -> str:
    """Return the first number in E.164; empty if there is none or if something is wrong."""
    reading = parse_phone(typed)
    return reading.numbers[0].e164 if reading.numbers and not reading.fault else ""


def remark_in(typed: str) -> str:
    """Return the words beside the numbers. Most lines have no letters, so they are not parsed."""
    return parse_phone(typed).remark if any(map(str.isalpha, typed)) else ""


def index_terms(typed: str, first: str) -> set[str]:
    """Return the numbers that a request is indexed by. `first` is the one read when it arrived.

    It may be a number we no longer accept: at one time, a possible length was enough.
    """
    if first.endswith(digits_in(typed)):  # the usual case: no other number
        return {first} if first else set()
    return {number.e164 for number in parse_phone(typed).numbers} | ({first} if first else set())


def search_terms(typed: str) -> set[str]:
    """Return the numbers to search for; if none is valid, a possible one, as in older requests."""
    if numbers := parse_phone(typed).numbers:
        return {number.e164 for number in numbers}
    text = _normalize(typed)
    possible = "" if any(map(str.isalpha, text)) else possible_e164(text)
    return {possible} if possible else set()


def is_clinic_number(number: str) -> bool:
    """Return whether the number is the clinic's own."""
    clinic = settings.CLINIC
    return bool(number) and number == _clinic_e164(clinic.phone, clinic.country)


@cache
def _clinic_e164(phone: str, country: str) -> str:
    """`country` is part of the cache key: the digits mean another number in another country."""
    return first_e164(phone)


# --- Reading --------------------------------------------------------------------------------------


def _normalize(typed: str) -> str:
    """Convert letters and digits of any width or script to ours, and drop invisible characters."""
    text = clean_code(typed).replace("\u20e3", "").removeprefix("tel:").removeprefix("sms:")
    text = "".join(str(int(each)) if each.isdecimal() else each for each in text).strip()
    return _HIDES_CALLER.sub("", text, count=1) if text.startswith("*") else text


def _fix_typed_letters(text: str) -> str:
    """Turn 2O2 into 202: fix words made only of digits and letters that look like digits."""

    def mend(word: re.Match[str]) -> str:
        digits = word[0].translate(_SLIPS)
        return digits if digits.isdecimal() and any(map(str.isdecimal, word[0])) else word[0]

    return _WORD.sub(mend, text)


def _parse(text: str) -> ParsedPhone:
    numbers: list[Number] = []
    found: list[Number] = []
    wrong: list[str] = []
    beside, between = [""], _TIME.sub(lambda time: ":" * len(time[0]), text)
    place = 0
    while chunk := _CHUNK.search(between, place):
        beside[-1] += text[place : chunk.start()]
        place, found = chunk.end(), []
        for piece, found in _pieces(chunk[0]):
            if found:
                numbers += found
                beside.append("")
            elif is_number_like(piece):
                wrong.append(piece)
            else:
                beside[-1] += piece
        if found and (extension := _EXTENSION.match(between, place)):
            numbers[-1] = replace(numbers[-1], extension=extension[1] or extension[2])
            place = extension.end()
    beside[-1] += text[place:]
    digits = _DIGITS.search(text)
    if digits and not numbers and (whole := _whole_number(digits[0])):  # as in 202,555,0123
        remark = _remark([text[: digits.start()], text[digits.end() :]])
        return ParsedPhone((whole,), remark, is_plain=not remark)
    if not numbers and (fault := fault_of_line(text)):
        return ParsedPhone(fault=fault)
    once, remark = tuple(dict.fromkeys(numbers)), _remark(beside) if numbers else ""
    if numbers and not wrong:
        return ParsedPhone(once, remark, is_plain=len(once) == 1 and not remark)
    piece = wrong[0] if wrong else max(_CHUNK.findall(between) or [text], key=len)
    part = piece.strip() if numbers or len(wrong) > 1 else ""
    return ParsedPhone(once, remark, replace(fault_of(piece), part=part))


def _pieces(chunk: str) -> Iterator[tuple[str, list[Number]]]:
    """Yield each part of a chunk with its numbers; the whole chunk if it is only numbers."""
    if found := _numbers_in_row(chunk):
        yield chunk, found
    elif len(pieces := _BREAK.split(chunk)) > 1:
        yield from ((piece, _numbers_in_row(piece)) for piece in pieces)
    elif ends := _end_of_number(chunk):
        yield from ((chunk[:ends], _numbers_in_row(chunk[:ends])), (chunk[ends:], []))
    else:
        yield chunk, []


def _end_of_number(chunk: str) -> int:
    """Return where a number ends before a space and a few digits, such as “9-5”; 0 if none does."""
    for blank in reversed([*re.finditer(r"\s", chunk)]):
        if len(digits_in(chunk[blank.end() :])) >= MIN_DIGITS or not has_fixed_length():
            break
        if _whole_number(chunk[: blank.start()]):
            return blank.start()
    return 0


def _numbers_in_row(chunk: str) -> list[Number]:
    """Return the numbers that make up a chunk with no digit left over; otherwise an empty list."""
    if whole := _whole_number(chunk):
        return [whole]
    groups = [*re.finditer(r"\+?\s*\d+", chunk)] if has_fixed_length() else []
    rows: dict[int, list[Number]] = {len(groups): []} if groups else {}
    for start in reversed(range(len(groups))):
        for end in range(start + 1, min(start + MAX_DIGITS, len(groups)) + 1):
            text = chunk[groups[start].start() : groups[end - 1].end()]
            if (
                end in rows
                and len(digits_in(text)) >= MIN_DIGITS
                and (number := _whole_number(text))
            ):
                rows[start] = [number, *rows[end]]
    return rows.get(0, [])


def _whole_number(text: str) -> Number | None:
    """Return the number that the whole text forms. North American numbers must be grouped as usual.

    Otherwise, the hours in “218-7202 (9-12)” would turn a local number into a stranger's.
    """
    number = parse_number(text)
    if number is None or "+" in text or not number.e164.startswith("+1"):
        return number
    groups = [len(group) for group in re.findall(r"\d+", _FROM_ABROAD.sub("", text))]
    groups[0] -= sum(groups) - _NATIONAL  # a 1 before the area code
    ends = set(accumulate(groups[:-1])) - {0}
    return number if ends <= _GROUP_ENDS or max(groups) <= _PAIR else None


def _remark(beside: list[str]) -> str:
    stripped = (each.strip(" ,;:.()[]{}<>|&*/+=\"'-\u2013\u2014") for each in beside)
    return " … ".join(each for each in stripped if _says_something(each))


def _says_something(words: str) -> bool:
    return not {word.casefold() for word in _WORD.findall(words)} <= _SAYS_NOTHING
