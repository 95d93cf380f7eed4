"""Sources that a page cites: numbered by first use, with links to the list and back to the text.

Every citation can be clicked or tapped. The Tab key stops only at the first one: all lead to the
same list, and someone with a keyboard would be held up in every sentence.
"""

from collections.abc import Iterable, Mapping

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.rendering import words
from articles.rendering.library_snapshot import Source
from articles.rendering.sources import short_name, source_html
from articles.rendering.study_designs import DESIGN_TEXTS, name_design


class Citations:
    """The citations of one page, collected in reading order."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        #: Those with a link in the text; within another link there can be none.
        self._linked: set[str] = set()
        self._numbers: dict[str, int] = {}

    @property
    def cited(self) -> tuple[str, ...]:
        """The keys in the order of their numbers, which start at 1."""
        return tuple(self._numbers)

    def mark(self, keys: Iterable[str], *, is_in_link: bool = False) -> SafeString:
        """Return the mark in the text. It is plain within a link, because links can't be nested."""
        marks = [self._mark(key, is_in_link=is_in_link) for key in keys]
        return format_html(
            '<sup class="cite">{}</sup>', format_html_join(" ", "{}", ((each,) for each in marks))
        )

    def listed(self) -> SafeString:
        """Return the section of references; empty if nothing is cited."""
        if not self._numbers:
            return SafeString()
        return format_html(
            '<section class="references" aria-labelledby="references-title">\n'
            '<h2 id="references-title">{}</h2>\n<ol>\n{}</ol>\n</section>\n',
            words.sources_heading(),
            format_html_join(
                "", "{}", ((self._entry(key, number),) for key, number in self._numbers.items())
            ),
        )

    def _mark(self, key: str, *, is_in_link: bool) -> SafeString:
        source = self._sources.get(key)
        if not source:
            return format_html('<span class="missing">{}</span>', words.source_missing(key))
        number = self._numbers.setdefault(key, len(self._numbers) + 1)
        if is_in_link:
            return format_html("[{}]", number)
        first = SafeString() if key in self._linked else format_html(' id="cite-{}"', number)
        passed = SafeString(' tabindex="-1"') if self._linked else SafeString()
        self._linked.add(key)
        return format_html(
            '<a{} href="#source-{}"{} aria-label="{}">[{}]</a>',
            first, number, passed, words.source_label(number, short_name(source)), number,
        )  # fmt: skip

    def _entry(self, key: str, number: int) -> SafeString:
        source = self._sources[key]
        design = DESIGN_TEXTS[source.design]
        return format_html(
            '<li id="source-{}"><p>{}</p>\n{}<p class="source-design"><strong>{}.</strong> {}</p>\n'
            "{}</li>\n",
            number,
            source_html(source),
            self._notice(source),
            name_design(source),
            design.how,
            self._way_back(key, number),
        )

    def _notice(self, source: Source) -> SafeString:
        if source.standing not in words.STANDINGS:
            return SafeString()
        word, meaning = words.STANDINGS[source.standing]
        other = self._sources.get(source.standing_by)
        if not other:
            see = SafeString()
        elif other.key in self._numbers:
            see = words.see_number(self._numbers[other.key], short_name(other))
        else:
            see = format_html("{}", words.see_title(short_name(other), other.title.rstrip(".")))
        return format_html(
            '<p class="source-notice"><strong>{}</strong> {} {}</p>\n',
            word,
            source.standing_note or meaning,
            see,
        )

    def _way_back(self, key: str, number: int) -> SafeString:
        if key not in self._linked:
            return SafeString()
        return format_html(
            '<p class="source-back"><a href="#cite-{}" aria-label="{}">{}</a></p>\n',
            number,
            words.back_to_text_label(number),
            words.back_to_text(),
        )
