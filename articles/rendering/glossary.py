"""Glossary terms: the first use of each on a page is a button that shows its definition.

The definitions are popovers at the end of the page, so no script is needed. On paper and in
browsers without popovers, they are a list there.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.rendering import words
from articles.rendering.library_snapshot import GlossaryEntry


class GlossaryLinks:
    """The terms used on one page, collected in reading order."""

    def __init__(self, terms: Sequence[GlossaryEntry]) -> None:
        self._pattern, self._terms = _matcher(tuple(terms))
        self._used: dict[str, GlossaryEntry] = {}

    @property
    def used(self) -> tuple[str, ...]:
        """The slugs, in the order of the page."""
        return tuple(self._used)

    def mark(self, text: str) -> Iterator[str]:
        """Yield the text in pieces, with a button (safe HTML) for each term that is new."""
        end = 0
        for found in self._pattern.finditer(text) if self._pattern else ():
            written = " ".join(found[0].split())
            term = self._terms.get(written) or self._terms.get(written.lower())
            if not term or term.slug in self._used:
                continue
            self._used[term.slug] = term
            yield text[end : found.start()]
            yield format_html(
                '<button type="button" class="term" popovertarget="word-{}">{}</button>',
                term.slug,
                found[0],
            )
            end = found.end()
        yield text[end:]

    def listed(self) -> SafeString:
        """Return the definitions; empty if no term is used.

        “Close” is described by the definition: a screen reader says it to those who go there from
        the term with the Tab key.
        """
        if not self._used:
            return SafeString()
        return format_html(
            '<div class="words">\n<h2>{}</h2>\n<dl>\n{}</dl>\n</div>\n',
            words.glossary_heading(),
            format_html_join(
                "",
                '<div popover id="word-{}"><dt>{}</dt>\n<dd><p id="means-{}">{}</p>\n'
                '<button type="button" popovertarget="word-{}" popovertargetaction="hide"'
                ' aria-describedby="means-{}">{}</button></dd></div>\n',
                (
                    (
                        term.slug,
                        term.name,
                        term.slug,
                        term.definition,
                        term.slug,
                        term.slug,
                        words.close_word(),
                    )
                    for term in sorted(self._used.values(), key=lambda term: term.name.lower())
                ),
            ),
        )


@lru_cache(maxsize=4)
def _matcher(
    terms: tuple[GlossaryEntry, ...],
) -> tuple[re.Pattern[str] | None, dict[str, GlossaryEntry]]:
    """Return one pattern for all spellings of all terms, and the term for each spelling.

    An abbreviation in capitals only matches in capitals: “ALL” is a leukemia, “all” is not.
    Alternatives are grouped by first letter, so that only a few are tried at each word.
    """
    by_writing: dict[str, GlossaryEntry] = {}
    for term in terms:
        for form in (term.name, *term.forms):
            written = " ".join(form.split())
            if written:
                key = written if _is_abbreviation(written) else written.lower()
                by_writing.setdefault(key, term)
    if not by_writing:
        return None, by_writing
    # Longest first for each letter; different letters never compete.
    writings = sorted(by_writing, key=lambda each: (each[0].lower(), -len(each), each))
    groups = [
        "(?={})(?:{})".format(re.escape(letter), "|".join(map(_written, of_letter)))
        for letter, of_letter in groupby(writings, key=lambda each: each[0].lower())
    ]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(groups)})(?![\w-])", re.IGNORECASE), by_writing


def _is_abbreviation(written: str) -> bool:
    return len(written) > 1 and written.isupper()


def _written(form: str) -> str:
    pattern = r"\s+".join(re.escape(word) for word in form.split())
    return f"(?-i:{pattern})" if _is_abbreviation(form) else pattern
