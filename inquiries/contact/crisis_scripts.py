"""The clinic's crisis scripts: what to say and do when someone on the phone is in danger."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import translation

from articles.process_cache import ProcessCache
from inquiries.contact import crisis_words as words
from inquiries.models import CrisisScript, Language
from inquiries.team import languages

EMERGENCY, CRISIS_LINE = "{emergency}", "{crisis_line}"
#: Replaced wherever they occur in a step.
PLACEHOLDERS = (EMERGENCY, CRISIS_LINE)
_IN_BRACES = re.compile(r"\{[^{}]*\}?|\}")
#: Lines that answer in another language after a key press: https://988lifeline.org.
_ANSWERS_AFTER_A_KEY: dict[tuple[str, str], Any] = {("988", Language.SPANISH): words.PRESS_TWO}


@dataclass(frozen=True)
class FilledStep:
    words: str
    #: The same step in English if `words` is not; also empty if we cannot tell which step matches.
    english: str = ""


@dataclass(frozen=True)
class FilledScript:
    """The script as it is read aloud, with the phone numbers filled in."""

    when: str
    steps: tuple[FilledStep, ...]
    language: str = Language.ENGLISH
    #: The English text of `when`, if `when` is in another language.
    when_in_english: str = ""
    #: The whole script in English, if its steps do not match those in `steps` one to one.
    english_steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Written:
    """The scripts as they were read, and filled in for each language that was asked for."""

    rows: tuple[CrisisScript, ...] = ()
    filled: dict[tuple[str, ...], tuple[FilledScript, ...]] = field(default_factory=dict)


def _read() -> _Written:
    return _Written(tuple(CrisisScript.objects.select_related("translation_of")))


_written = ProcessCache(_read, _Written())
#: Read them again, because someone edited them in this process.
clear_cache = _written.clear


def filled_scripts(language: str = Language.ENGLISH) -> tuple[FilledScript, ...]:
    """Return scripts for a call in this language, with English beside; English if untranslated."""
    written, clinic = _written.get(), settings.CLINIC
    key = (language, clinic.emergency_number, clinic.crisis_line)
    if key not in written.filled:
        written.filled[key] = tuple(_fill_all(written.rows, language))
    return written.filled[key]


def _fill_all(rows: tuple[CrisisScript, ...], language: str) -> list[FilledScript]:
    translated = {row.translation_of_id: row for row in rows if row.language == language}
    shown = [
        row
        for row in rows
        if row.is_in_english or (row.language == language and not row.english_original)
    ]
    found = [_fill(translated.get(row.pk, row), language) for row in shown]
    # A script in any language is better than none.
    return found or [_fill(row, row.language) for row in rows]


def languages_written() -> list[Language]:
    """Return the languages other than English that have a script."""
    written = set(CrisisScript.objects.order_by().values_list("language", flat=True).distinct())
    return [each for each in Language if each in written and languages.is_foreign(each)]


def fill_placeholders(step: str, language: str = Language.ENGLISH, *, spoken: str = "") -> str:
    """Fill in the clinic's numbers, in the wording of `language`, for a call in `spoken`.

    If the clinic has no crisis line, the emergency number is used instead.
    """
    clinic = settings.CLINIC
    with translation.override(language):
        if not clinic.crisis_line:
            line = str(words.NO_CRISIS_LINE) % {"number": clinic.emergency_number}
        elif sentence := _ANSWERS_AFTER_A_KEY.get((clinic.crisis_line, spoken or language)):
            line = str(sentence) % {"number": clinic.crisis_line}
        else:
            line = clinic.crisis_line
    return step.replace(EMERGENCY, clinic.emergency_number).replace(CRISIS_LINE, line)


def unknown_placeholders(text: str) -> list[str]:
    """Return unknown names in braces and unmatched braces, which nothing would replace."""
    found = _IN_BRACES.findall(text)
    return [each for each in dict.fromkeys(found) if each not in PLACEHOLDERS]


def _fill(row: CrisisScript, spoken: str) -> FilledScript:
    own = [fill_placeholders(step, row.language, spoken=spoken) for step in row.step_list]
    original = row.english_original
    if original is None:
        return FilledScript(row.title, tuple(map(FilledStep, own)), row.language)
    beside = tuple(_fill_english(original, spoken))
    if len(beside) != len(own):
        steps = tuple(map(FilledStep, own))
        return FilledScript(row.title, steps, row.language, original.title, beside)
    steps = tuple(map(FilledStep, own, beside))
    return FilledScript(row.title, steps, row.language, original.title)


def _fill_english(row: CrisisScript, spoken: str) -> Iterator[str]:
    for step in row.step_list:
        yield fill_placeholders(step, Language.ENGLISH, spoken=spoken)
