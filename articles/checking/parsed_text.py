"""The text as the checks read it: parsed once, every sentence with its place."""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import count

from articles.content import Content
from articles.rendering.document import Document, PassageKind, read_document, read_key_points
from articles.rendering.findings import Finding, OutcomeKind
from articles.rendering.library_snapshot import LibrarySnapshot, Source, StudyDesign

_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u2011": "-", "\u00a0": " "})
_LONGEST_QUOTE = 80
_BEFORE_QUOTE = 20


def normalize_text(text: str) -> str:
    small = text.translate(_PLAIN).lower()
    # A few capitals, such as “İ”, get longer in lowercase.
    return small if len(small) == len(text) else text.translate(_PLAIN)


class ContentField(StrEnum):
    TITLE = "title"
    SUMMARY = "summary"
    KEY_POINTS = "key points"
    BODY = "body"


@dataclass(frozen=True, kw_only=True)
class ParsedSentence:
    """One sentence, and where it is in the text."""

    field: ContentField
    kind: PassageKind
    line: int
    #: As written, with white space folded.
    text: str
    cites: tuple[str, ...] = ()
    #: The same for all sentences of one paragraph, list item, or card, or of a whole table.
    passage: int
    #: Section of the body, counted by headings; -1 outside the body.
    section: int = -1
    #: Whether it comes from a finding card.
    is_card: bool = False

    @property
    def where(self) -> str:
        if self.field in (ContentField.TITLE, ContentField.SUMMARY):
            return str(self.field)
        return f"{self.field} line {self.line}"

    @cached_property
    def plain(self) -> str:
        """For searching: lowercase, straight quotes; positions match those in `text`."""
        return normalize_text(self.text)

    def quote(self, begin: int = 0, end: int | None = None) -> str:
        """Return a few words around what was found."""
        start = max(0, begin - _BEFORE_QUOTE)
        stop = max(end or 0, start + _LONGEST_QUOTE)
        stop = min(stop, start + 2 * _LONGEST_QUOTE)
        words = self.text[start:stop].strip()
        return ("…" if start else "") + words + ("…" if stop < len(self.text) else "")


@dataclass(frozen=True, kw_only=True)
class ParsedText:
    content: Content
    library: LibrarySnapshot
    body: Document
    points: Document
    sentences: tuple[ParsedSentence, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.body.findings

    @cached_property
    def cites(self) -> tuple[str, ...]:
        """Every key that is cited in the key points or body, each once."""
        return tuple(dict.fromkeys([*self.points.cites, *self.body.cites]))

    @cached_property
    def cited(self) -> tuple[Source, ...]:
        """The library's sources for those keys."""
        sources = self.library.sources
        return tuple(sources[key] for key in self.cites if key in sources)

    @cached_property
    def section_cites(self) -> Mapping[int, frozenset[str]]:
        """What each section of the body cites, including its cards."""
        keys: dict[int, set[str]] = {}
        for sentence in self.sentences:
            keys.setdefault(sentence.section, set()).update(sentence.cites)
        return {section: frozenset(found) for section, found in keys.items()}

    @cached_property
    def _design(self) -> Mapping[str, StudyDesign]:
        """The design of each study: as its card gives it, or else as the library does."""
        of_sources = {source.key: source.design for source in self.cited}
        return of_sources | {finding.study: finding.design for finding in self.findings}

    def design_of(self, key: str) -> StudyDesign | None:
        return self._design.get(key)

    def designs(self, sentence: ParsedSentence) -> frozenset[StudyDesign]:
        """Return the designs of the studies that a sentence is about.

        These are the ones it cites; else those its section of the body cites; else, outside the
        body, all.
        """
        keys = sentence.cites or (
            self.cites
            if sentence.section < 0
            else self.section_cites.get(sentence.section, frozenset())
        )
        return frozenset(self._design[key] for key in keys if key in self._design)


def parse_text(content: Content, library: LibrarySnapshot) -> ParsedText:
    body, points = read_document(content.body), read_key_points(content.key_points)
    passages = count()
    sentences = (
        *_sentences(ContentField.TITLE, read_key_points(_one_line(content.title)), passages),
        *_sentences(ContentField.SUMMARY, read_key_points(_one_line(content.summary)), passages),
        *_sentences(ContentField.KEY_POINTS, points, passages),
        *_sentences(ContentField.BODY, body, passages),
    )
    return ParsedText(
        content=content, library=library, body=body, points=points, sentences=sentences
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _sentences(
    field: ContentField, document: Document, passages: Iterator[int]
) -> Iterator[ParsedSentence]:
    """Return the sentences of one field, with those of cards in their places."""
    section = 0 if field is ContentField.BODY else -1
    passage = next(passages)
    kind_before = None
    cards = deque(sorted(document.findings, key=lambda finding: finding.line))
    for each in document.passages:
        while cards and cards[0].line <= each.line:
            yield from _card_sentences(cards.popleft(), next(passages), section)
            kind_before = None
        if each.kind is PassageKind.HEADING and field is ContentField.BODY:
            section += 1
        if not (
            each.kind is kind_before is PassageKind.CELL
        ):  # the cells of a table are one passage
            passage = next(passages)
        kind_before = each.kind
        for sentence in each.sentences:
            yield ParsedSentence(
                field=field,
                kind=each.kind,
                line=sentence.line,
                text=_one_line(sentence.text),
                cites=sentence.cites,
                passage=passage,
                section=section,
            )
    for card in cards:
        yield from _card_sentences(card, next(passages), section)


def _card_sentences(finding: Finding, passage: int, section: int) -> Iterator[ParsedSentence]:
    whats = (outcome.what for outcome in finding.outcomes if outcome.kind is not OutcomeKind.DEATH)
    written = (*whats, finding.also, finding.cannot_show)
    for words in filter(None, written):
        yield ParsedSentence(
            field=ContentField.BODY,
            kind=PassageKind.CELL,
            line=finding.line,
            text=_one_line(words),
            cites=(finding.study,),
            passage=passage,
            section=section,
            is_card=True,
        )


#: Words that negate what follows: “cannot cure”, “whether it is safe”.
_DENIAL = re.compile(
    r"\b(?:no|not|never|nor|neither|nobody|none|without|whether|if|until|unless|cannot|can't"
    r"|don't|doesn't|didn't|isn't|wasn't|aren't|won't|unproven|what|when|ask|make sure"
    r"|should be|must be|has to be|have to be)\b"
)
_MAYBE = re.compile(r"\b(?:may|might|could|can we|perhaps|possibly|hope[ds]? to|to find out)\b")
#: Words for what others say about a treatment, reported as a warning.
_TOLD = re.compile(r"\b(?:told|promise[sd]?|claim(?:s|ed)?|anyone who|be wary)\b")
_CHARACTERS_BEFORE = 48


def is_negated(plain: str, begin: int) -> bool:
    """Whether the words before `begin` deny it, doubt it, or ask about it."""
    return bool(_DENIAL.search(_clause_before(plain, begin)))


def is_hedged(plain: str, begin: int) -> bool:
    return bool(_MAYBE.search(_clause_before(plain, begin)))


def is_reported(plain: str, begin: int) -> bool:
    """Whether others say it: “You are told that it has no risks” makes no claim itself."""
    return bool(_TOLD.search(_clause_before(plain, begin)))


def _clause_before(plain: str, begin: int) -> str:
    """Return the clause up to `begin`: “It did not hurt; it cured them” does not deny the cure."""
    return re.split(r"[;:.!?]", plain[max(0, begin - _CHARACTERS_BEFORE) : begin])[-1]
