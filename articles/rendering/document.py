"""What a text says, apart from how it looks: sentences with citations, findings, and parts.

Checks and search rely on it. Reading never fails: what is wrong with a text is in its faults.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from markdown_it.token import Token

from articles.content import MAX_BODY_LENGTH, body_too_long
from articles.rendering import finding_reader, grammar, problem_words, sentences
from articles.rendering.drawings import DRAWINGS
from articles.rendering.findings import Finding
from articles.rendering.required_parts import MORE, PARTS

#: Limit on the evidence cards of one page.
MOST_FINDINGS = 20


class PassageKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"  # of a list
    CELL = "cell"  # of a table
    QUOTE = "quote"


@dataclass(frozen=True, kw_only=True)
class Sentence:
    #: Plain words, without markup and citations.
    text: str
    #: Keys cited in it, or right after its period.
    cites: tuple[str, ...]
    #: Line of the body, from 1.
    line: int


@dataclass(frozen=True, kw_only=True)
class Passage:
    kind: PassageKind
    sentences: tuple[Sentence, ...]
    line: int
    #: Name of the part that it is in.
    part: str = ""


@dataclass(frozen=True, kw_only=True)
class ImageUse:
    #: Empty if it isn't an image from the library.
    name: str
    alt: str
    #: `![](image:name "decorative")`
    is_decorative: bool
    line: int


@dataclass(frozen=True, kw_only=True)
class Fault:
    line: int
    #: In words for the editor.
    reason: str


@dataclass(frozen=True, kw_only=True)
class Document:
    passages: tuple[Passage, ...] = ()
    findings: tuple[Finding, ...] = ()
    #: Name to line, only for parts with words in them.
    parts: Mapping[str, int]
    images: tuple[ImageUse, ...] = ()
    #: Every key, including those of findings, in order of first use.
    cites: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


def is_within_limit(text: str) -> bool:
    """Return whether it is within the limit. Anything over it is neither read nor shown."""
    return len(text) <= MAX_BODY_LENGTH


def read_document(markdown: str) -> Document:
    """Read a body. One over the limit is a single fault, and nothing else of it is read."""
    if not is_within_limit(markdown):
        return _too_long(markdown)
    return read_body_tokens(grammar.parse(markdown), markdown)


def read_body_tokens(tokens: Sequence[Token], markdown: str) -> Document:
    """Read a body that was already parsed."""
    reading = _DocumentReader()
    reading.body(tokens, re.split(r"\r\n?|\n", markdown))
    return reading.document()


def read_key_points(key_points: str) -> Document:
    """Read key points, one per line."""
    if not is_within_limit(key_points):
        return _too_long(key_points)
    return read_point_tokens(grammar.parse_lines(key_points))


def read_point_tokens(points: Iterable[tuple[int, Token]]) -> Document:
    """Read key points that were already parsed."""
    reading = _DocumentReader()
    for line, token in points:
        reading.passage(token, PassageKind.ITEM, line=line, is_point=True)
    return reading.document()


def plain_text(token: Token) -> str:
    """Return an inline token's words, without markup and citations; for an image, its alt text."""
    words = "".join(_words(token.children or ())).replace(sentences.CITE, "")
    return " ".join(words.split())


def _too_long(text: str) -> Document:
    return Document(parts={}, faults=(Fault(line=1, reason=body_too_long(len(text))),))


_KINDS = {
    "heading_open": PassageKind.HEADING,
    "th_open": PassageKind.CELL,
    "td_open": PassageKind.CELL,
    "list_item_open": PassageKind.ITEM,
    "blockquote_open": PassageKind.QUOTE,
}
#: At the deepest level, nothing inside these is read.
_BOXES = {"list_item_open", "blockquote_open", grammar.PART_OPEN}


class _DocumentReader:
    """Reads a document from top to bottom."""

    def __init__(self) -> None:
        self._passages: list[Passage] = []
        self._findings: list[Finding] = []
        self._parts: dict[str, int] = {}
        self._images: list[ImageUse] = []
        self._cites: dict[str, None] = {}
        self._faults: list[Fault] = []
        self._part_line = 1
        self._drawn: set[str] = set()

    def document(self) -> Document:
        return Document(
            passages=tuple(self._passages),
            findings=tuple(self._findings),
            parts=self._parts,
            images=tuple(self._images),
            cites=tuple(self._cites),
            faults=tuple(self._faults),
        )

    def body(self, tokens: Sequence[Token], lines: Sequence[str]) -> None:
        inside: list[PassageKind] = []
        part, line, seen = "", 1, set[str]()
        for token in tokens:
            line = grammar.line_of(token) if token.map else line
            if token.nesting > 0 and token.type in _BOXES and token.level >= grammar.DEEPEST - 1:
                self._fault(line, str(problem_words.TOO_DEEP))
            if token.type in _KINDS:
                inside.append(_KINDS[token.type])
            elif token.type.removesuffix("_close") + "_open" in _KINDS:
                inside.pop()
            elif grammar.is_more(token):
                self._more(token, line, lines)
            elif token.type == grammar.PART_OPEN:
                part = self._part(token, line, seen, lines) or part
            elif token.type == grammar.PART_CLOSE and token.level == 0:
                part = ""
            elif token.type == "inline":
                kind = inside[-1] if inside else PassageKind.PARAGRAPH
                self.passage(token, kind, line=line, part=part)
            elif grammar.is_finding(token):
                self._finding(token, line)

    def passage(
        self,
        token: Token,
        kind: PassageKind,
        *,
        line: int,
        part: str = "",
        is_point: bool = False,
    ) -> None:
        children = token.children or ()
        cites = [
            grammar.citation_keys(child) for child in children if child.type == grammar.CITATION
        ]
        self._cites |= dict.fromkeys(key for keys in cites for key in keys)
        self._pictures(children, line, is_alone=not is_point and grammar.stands_alone(token))
        words = "".join(_words(children))
        if "[@" in words:
            self._fault(
                line + words.count("\n", 0, words.find("[@")),
                str(problem_words.CITATION_UNREADABLE),
            )
        spoken = tuple(_sentences(words, cites, line))
        if spoken:
            self._passages.append(Passage(kind=kind, sentences=spoken, line=line, part=part))
            if part and kind is not PassageKind.HEADING:
                self._parts.setdefault(part, self._part_line)

    def _part(self, token: Token, line: int, seen: set[str], lines: Sequence[str]) -> str:
        """Return its name if it counts as a part; else empty."""
        name = grammar.part_name(token)
        if name not in PARTS:
            known = {"name": name[:60], "names": ", ".join(PARTS)}
            self._fault(line, problem_words.PART_UNKNOWN % known)
            return ""
        if token.level:
            self._fault(line, problem_words.PART_INSIDE % {"name": name})
            return ""
        if not grammar.is_closed(token, lines):
            self._fault(line, problem_words.PART_NOT_CLOSED % {"name": name})
        if name in seen:
            self._fault(line, problem_words.PART_TWICE % {"name": name})
        seen.add(name)
        self._part_line = line
        return name

    def _more(self, token: Token, line: int, lines: Sequence[str]) -> None:
        """Read its title as a paragraph, because it belongs to the section around it."""
        wrong = problem_words.PART_INSIDE if token.level else problem_words.PART_NOT_CLOSED
        if token.level or not grammar.is_closed(token, lines):
            self._fault(line, wrong % {"name": MORE})
        if spoken := tuple(_sentences(grammar.more_title(token), (), line)):
            self._passages.append(Passage(kind=PassageKind.PARAGRAPH, sentences=spoken, line=line))

    def _finding(self, token: Token, line: int) -> None:
        if len(self._findings) >= MOST_FINDINGS:
            self._fault(line, problem_words.TOO_MANY_FINDINGS % {"most": MOST_FINDINGS})
            return
        try:
            finding = finding_reader.read_finding(token.content, line=line)
        except finding_reader.UnreadableFinding as error:
            self._fault(error.line, str(error))
        else:
            self._findings.append(finding)
            self._cites.setdefault(finding.study)

    def _pictures(self, children: Sequence[Token], line: int, *, is_alone: bool) -> None:
        for child in children:
            if child.type in {"softbreak", "hardbreak"}:
                line += 1
            elif child.type == "image" and (name := grammar.drawing_name(child)):
                self._drawing(name, line, is_alone=is_alone)
            elif child.type == "image":
                use = ImageUse(
                    name=grammar.image_name(child),
                    alt=plain_text(child),
                    is_decorative=grammar.is_decorative(child),
                    line=line,
                )
                self._images.append(use)
                if not use.name:
                    self._fault(line, str(problem_words.NOT_OF_THE_LIBRARY))

    def _drawing(self, name: str, line: int, *, is_alone: bool) -> None:
        if name not in DRAWINGS:
            known = {"name": name[:60], "names": ", ".join(DRAWINGS)}
            self._fault(line, problem_words.DRAWING_UNKNOWN % known)
        elif not is_alone:
            self._fault(line, problem_words.DRAWING_IN_TEXT % {"name": name})
        elif name in self._drawn:
            self._fault(line, problem_words.DRAWING_TWICE % {"name": name})
        else:
            self._drawn.add(name)
            self._cites |= dict.fromkeys(DRAWINGS[name].sources)

    def _fault(self, line: int, reason: str) -> None:
        self._faults.append(Fault(line=line, reason=reason))


def _words(children: Sequence[Token]) -> Iterator[str]:
    """Yield the plain words, with a mark in place of each citation."""
    for child in children:
        if child.type in {"text", "code_inline"}:
            yield child.content
        elif child.type in {"softbreak", "hardbreak"}:
            yield "\n"
        elif child.type == grammar.CITATION:
            yield sentences.CITE


def _sentences(words: str, cites: Sequence[tuple[str, ...]], line: int) -> Iterator[Sentence]:
    left = iter(cites)
    for start, end in sentences.split_sentences(words):
        said = words[start:end]
        lead = len(said) - len(said.lstrip())
        keys = dict.fromkeys(key for _ in range(said.count(sentences.CITE)) for key in next(left))
        *pieces, rest = said.split(sentences.CITE)
        text = " ".join("".join([*(piece.rstrip() for piece in pieces), rest]).split())
        line += said.count("\n", 0, lead)
        if text:
            yield Sentence(text=text, cites=tuple(keys), line=line)
        line += said.count("\n", lead)
