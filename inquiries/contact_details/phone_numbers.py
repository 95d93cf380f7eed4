"""Telephone numbers, in whatever shape people write them, and the words that stand beside them.

What was typed is kept whole; who needs the numbers in it asks `parse_phone`.
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
    """What stands in a line that was typed for a telephone number."""

    numbers: tuple[Number, ...] = ()
    #: The words beside the numbers, such as “mom” or “after 5”.
    remark: str = ""
    #: What is wrong; `numbers` are then those of the other parts.
    fault: Fault | None = None
    #: Whether it is one number, written in digits, and says nothing else.
    is_plain: bool = False


#: Digits of a number in North America, where its groups end, and how some write it in pairs.
_NATIONAL, _GROUP_ENDS, _PAIR = 10, {3, 6, 8}, 2
_DASHES = "\u2010-\u2015\u2212\u30fc"
# Digits with what people put between them. A plus begins a number, and stands nowhere else in it.
_CHUNK = re.compile(rf"(?:\+[\s(]*)?\d(?:[\s().\[\]/·•*_~{_DASHES}-]*\d)*")
_ENDS = r"(?!\s?[\d/.(-])"
_EXTENSION = re.compile(
    rf"[\s)]*[,;]?\s*(?:ext(?:ensi[oó]n|n)?|int|anexo|x|\#)\s*[.:=]?\s*(\d{{1,7}}){_ENDS}"
    rf"|\s*,{{1,2}}\s?(\d{{1,6}})\s*$",
    re.IGNORECASE,
)
_TIME = re.compile(r"(?<!\d)\d{1,2}:\d\d(?!\d)")
# Where another number may begin in a chunk that is none as a whole.
_BREAK = re.compile(rf"\s/+\s|\s[{_DASHES}-]+\s|[•·]")
# All of them, where no letter stands between.
_DIGITS = re.compile(r"(?<![\d+])\+?\d[\W\d_]*\d(?!.*\d)")
# Taken for a digit by eye: in Latin, Cyrillic and Greek.
_SLIPS = str.maketrans({**dict.fromkeys("Oo\u041e\u043e\u039f\u03bf", "0"), "l": "1", "I": "1"})
_WORD = re.compile(r"[^\W_]+")
#: Beside a number they tell nothing.
_SAYS_NOTHING = frozenset(
    {"or", "and", "o", "y", "tel", "phone", "telephone", "teléfono", "number"}
)


def parse_phone(typed: str) -> ParsedPhone:
    """As it is dialed in the clinic's country. Raise nothing, whatever was typed.

    Each part that looks like a number has to be one: a second that is wrong is not passed over for
    the first.
    """
    text = _normalize(typed)
    reading = _parse(text)
    if reading.fault and (mended := _fix_typed_letters(text)) != text:
        reading = replace(_parse(mended), is_plain=False)
    return reading


def first_e164(typed: str) -> str:
    """The first number for machines; empty where there is none, or something is wrong."""
    reading = parse_phone(typed)
    return reading.numbers[0].e164 if reading.numbers and not reading.fault else ""


def remark_in(typed: str) -> str:
    """The words beside the numbers. Most lines have no letter, and are not read for it."""
    return parse_phone(typed).remark if any(map(str.isalpha, typed)) else ""


def index_terms(typed: str, first: str) -> set[str]:
    """The numbers by which a request is found. `first`: what was read when it came.

    That may be a number that is not taken any more: once, a possible length was enough.
    """
    if first.endswith(digits_in(typed)):  # as most do: there is no other in it
        return {first} if first else set()
    return {number.e164 for number in parse_phone(typed).numbers} | ({first} if first else set())


def search_terms(typed: str) -> set[str]:
    """The numbers by which to look for requests; without a valid one, as older requests have it."""
    if numbers := parse_phone(typed).numbers:
        return {number.e164 for number in numbers}
    text = _normalize(typed)
    possible = "" if any(map(str.isalpha, text)) else possible_e164(text)
    return {possible} if possible else set()


def is_clinic_number(number: str) -> bool:
    """Whether it is our own."""
    clinic = settings.CLINIC
    return bool(number) and number == _clinic_e164(clinic.phone, clinic.country)


@cache
def _clinic_e164(phone: str, country: str) -> str:
    """`country` is where it is read: where another is set, it is another number."""
    return first_e164(phone)


# --- Reading --------------------------------------------------------------------------------------


def _normalize(typed: str) -> str:
    """Letters and digits of every width and script as ours, and nothing that nobody sees."""
    text = clean_code(typed).replace("\u20e3", "").removeprefix("tel:").removeprefix("sms:")
    return "".join(str(int(each)) if each.isdecimal() else each for each in text).strip()


def _fix_typed_letters(text: str) -> str:
    """2O2 becomes 202: words with a digit and else only letters that look like one."""

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
    """The parts of a chunk, each with its numbers; all of it where it is made of nothing else."""
    if found := _numbers_in_row(chunk):
        yield chunk, found
    elif len(pieces := _BREAK.split(chunk)) > 1:
        yield from ((piece, _numbers_in_row(piece)) for piece in pieces)
    elif ends := _end_of_number(chunk):
        yield from ((chunk[:ends], _numbers_in_row(chunk[:ends])), (chunk[ends:], []))
    else:
        yield chunk, []


def _end_of_number(chunk: str) -> int:
    """Where a number ends before a blank and a few digits, such as “9-5”; 0 where none does."""
    for blank in reversed([*re.finditer(r"\s", chunk)]):
        if len(digits_in(chunk[blank.end() :])) >= MIN_DIGITS or not has_fixed_length():
            break
        if _whole_number(chunk[: blank.start()]):
            return blank.start()
    return 0


def _numbers_in_row(chunk: str) -> list[Number]:
    """The numbers that a chunk is made of, with no digit left over; empty where it is not."""
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
    """The number that all of it is: where numbers have areas of three digits, as those write it.

    In “218-7202 (9-12)” the hours would make a stranger's number of a local one.
    """
    number = parse_number(text)
    if number is None or "+" in text or not number.e164.startswith("+1"):
        return number
    groups = [len(group) for group in re.findall(r"\d+", text)]
    groups[0] -= sum(groups) - _NATIONAL  # a 1 before the area
    ends = set(accumulate(groups[:-1])) - {0}
    return number if ends <= _GROUP_ENDS or max(groups) <= _PAIR else None


def _remark(beside: list[str]) -> str:
    stripped = (each.strip(" ,;:.()[]{}<>|&*/+=\"'-\u2013\u2014") for each in beside)
    return " … ".join(each for each in stripped if _says_something(each))


def _says_something(words: str) -> bool:
    return not {word.casefold() for word in _WORD.findall(words)} <= _SAYS_NOTHING
