"""A whole page from an editor's text and the library: all the HTML that readers get of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify
from markdown_it.token import Token

from articles.content import Content
from articles.rendering import document, evidence_cards, grammar
from articles.rendering import images as pictures
from articles.rendering import words as page_words
from articles.rendering.citations import Citations
from articles.rendering.document import Document
from articles.rendering.drawings import DRAWINGS, render_drawing
from articles.rendering.findings import Finding
from articles.rendering.glossary import GlossaryLinks
from articles.rendering.library_snapshot import LibrarySnapshot
from articles.rendering.required_parts import EMERGENCY, MORE_TITLE, PARTS
from articles.rendering.sanitizer import clean_html, html_token
from articles.rendering.sources import short_name

WORDS_A_MINUTE = 200
_HIGHEST, _DEEPEST = 2, 4  # heading levels below the page's own h1


class Heading(NamedTuple):
    """A line in the table of contents."""

    id: str
    level: int
    title: str


@dataclass(frozen=True, kw_only=True)
class RenderedArticle:
    key_points_html: SafeString
    body_html: SafeString
    #: The h2 and h3 headings of the body.
    contents: tuple[Heading, ...]
    #: Sections with their own headings; empty if the page names nothing of that kind.
    references_html: SafeString
    glossary_html: SafeString
    #: Keys of sources that are in the library, in the order of their numbers.
    cited: tuple[str, ...]
    #: Slugs, in order of first use.
    terms: tuple[str, ...]
    #: Names, in the order of the page.
    pictures: tuple[str, ...]
    findings: tuple[Finding, ...]
    #: Reading time.
    minutes: int
    #: Plain words, for search.
    text: str


def render(content: Content, library: LibrarySnapshot) -> RenderedArticle:
    """Render an article. Never fails or takes long on any text; over the limit, it is empty."""
    with translation.override(library.language):
        return _render(content, library)


def _render(content: Content, library: LibrarySnapshot) -> RenderedArticle:
    key_points = content.key_points if document.is_within_limit(content.key_points) else ""
    markdown = content.body if document.is_within_limit(content.body) else ""
    points, tokens = grammar.parse_lines(key_points), grammar.parse(markdown)
    lines, body = document.read_point_tokens(points), document.read_body_tokens(tokens, markdown)
    page = _PageRenderer(library, body)
    # Key points come first: source numbers and terms continue from there.
    key_points_html = clean_html(list(page.key_points(token for _, token in points)))
    body_html = clean_html(list(page.body(tokens)))
    text = " ".join(
        [*_spoken(lines), *_spoken(body), *map(evidence_cards.card_text, body.findings)]
    )
    return RenderedArticle(
        key_points_html=format_html("<ul>\n{}</ul>\n", key_points_html)
        if points
        else key_points_html,
        body_html=body_html,
        contents=tuple(each for each in page.headings if each.level < _DEEPEST),
        references_html=page.citations.listed(),
        glossary_html=page.words.listed(),
        cited=page.citations.cited,
        terms=page.words.used,
        pictures=tuple(page.pictures),
        findings=body.findings,
        minutes=max(1, round(len(text.split()) / WORDS_A_MINUTE)),
        text=text,
    )


def cited_keys(content: Content) -> tuple[str, ...]:
    """Return every key that the text cites, known or not, in order of first use."""
    points, body = (
        document.read_key_points(content.key_points),
        document.read_document(content.body),
    )
    return tuple(dict.fromkeys((*points.cites, *body.cites)))


def read_findings(content: Content) -> tuple[Finding, ...]:
    """Return what its evidence cards say."""
    return document.read_document(content.body).findings


def _spoken(read: Document) -> Iterator[str]:
    for passage in read.passages:
        for sentence in passage.sentences:
            yield sentence.text


class _PageRenderer:
    """Renders one page from top to bottom, because the order determines the numbers."""

    def __init__(self, library: LibrarySnapshot, read: Document) -> None:
        self.library = library
        self.citations = Citations(library.sources)
        self.words = GlossaryLinks(library.terms)
        self.headings: list[Heading] = []
        self.pictures: dict[str, None] = {}
        self._findings = {finding.line: finding for finding in read.findings}
        self._drawn: set[str] = set()
        self._cards = 0
        self._level = 1  # level of the heading above
        self._ids: dict[str, int] = {}  # how often each stem of an id was used
        self._taken: set[str] = set()
        self._open: list[str] = []  # end tags of the open parts; empty for those not shown
        self._shown: set[str] = set()

    def key_points(self, points: Iterable[Token]) -> Iterator[Token]:
        """Yield the tokens of a list, with one item for each point."""
        for token in points:
            token.children = list(self._inline(token))
            yield from (Token("list_item_open", "li", 1), token, Token("list_item_close", "li", -1))

    def body(self, tokens: Sequence[Token]) -> Iterator[Token]:
        """Yield the same tokens, but with our own HTML in place of tokens that only name it."""
        figures = {index for index, token in enumerate(tokens) if grammar.stands_alone(token)}
        for index, token in enumerate(tokens):
            if token.type == "heading_open":
                self._head(token, tokens[index + 1])
            elif token.type == "heading_close":
                token.tag = f"h{self._level}"
            elif token.type == "inline":
                above = tokens[index - 1]
                token.children = list(
                    self._inline(
                        token,
                        in_heading=above.type == "heading_open",
                        is_alone=above.type == "paragraph_open" and index in figures,
                    )
                )
            elif (token.type == "paragraph_open" and index + 1 in figures) or (
                token.type == "paragraph_close" and index - 1 in figures
            ):
                continue  # a figure can't be inside a paragraph
            yield self._ours(token) or token

    def _ours(self, token: Token) -> Token | None:
        if token.type == grammar.PART_OPEN:
            opened = self._open_more if grammar.is_more(token) else self._open_part
            return html_token(opened(token))
        if token.type == grammar.PART_CLOSE:
            return html_token(SafeString(self._open.pop()))
        if grammar.is_finding(token):
            finding = self._findings.get(grammar.line_of(token))
            return html_token(self._card(finding)) if finding else None
        return None

    def _head(self, token: Token, words: Token) -> None:
        title = document.plain_text(words)
        # Inside a part, the part's own heading is the h2.
        highest = _HIGHEST + any(self._open)
        self._level = min(max(int(token.tag[1]), highest), _DEEPEST)
        token.tag = f"h{self._level}"
        token.attrSet("id", self._id(title))
        self.headings.append(Heading(id=str(token.attrs["id"]), level=self._level, title=title))

    def _id(self, title: str) -> str:
        """Return an id unique on the page; its prefix keeps it apart from the page's own ids."""
        stem = f"on-{slugify(title, allow_unicode=True)[:80] or 'this'}"
        number = self._ids.get(stem, 0) + 1
        while (name := stem if number == 1 else f"{stem}-{number}") in self._taken:
            number += 1
        self._ids[stem] = number
        self._taken.add(name)
        return name

    def _open_part(self, token: Token) -> SafeString:
        name = grammar.part_name(token)
        if name not in PARTS or token.level or name in self._shown:
            # Not a valid part, so not shown as one. The editor sees why; readers lose no words.
            self._open.append("")
            return SafeString() if name in PARTS else format_html("<p>::: {}</p>\n", name)
        self._open.append("</section>\n")
        self._shown.add(name)
        self._level = _HIGHEST
        self.headings.append(Heading(id=f"part-{name}", level=_HIGHEST, title=str(PARTS[name])))
        return format_html(
            '<section class="{}" aria-labelledby="part-{}">\n<h2 id="part-{}">{}</h2>\n',
            name if name == EMERGENCY else f"part {name}", name, name, PARTS[name],
        )  # fmt: skip

    def _open_more(self, token: Token) -> SafeString:
        self._open.append("" if token.level else "</details>\n")
        return format_html(
            "<p>{}</p>\n" if token.level else '<details class="more">\n<summary>{}</summary>\n',
            grammar.more_title(token) or MORE_TITLE,
        )

    def _card(self, finding: Finding) -> SafeString:
        self._cards += 1
        source = self.library.sources.get(finding.study)
        name = f"{short_name(source)} " if source else ""
        return evidence_cards.render_card(
            finding,
            number=self._cards,
            level=min(self._level + 1, _DEEPEST),
            source=format_html("{}{}", name, self.citations.mark([finding.study])),
            rating=self.library.ratings.get(self._cards),
        )

    def _inline(
        self, token: Token, *, in_heading: bool = False, is_alone: bool = False
    ) -> Iterator[Token]:
        links = 0
        for child in _joined(token.children or ()):
            if child.type in {"link_open", "link_close"}:
                links += child.nesting
            if child.type == grammar.CITATION:
                marked = self.citations.mark(grammar.citation_keys(child), is_in_link=links > 0)
                yield html_token(marked)
            elif child.type == "image":
                yield self._picture(child, is_alone=is_alone)
            elif child.type == "text" and not in_heading and not links:
                for piece in self.words.mark(child.content):
                    if isinstance(piece, SafeString):
                        yield html_token(piece)
                    else:
                        yield Token("text", "", 0, content=piece)
            else:
                yield child

    def _picture(self, token: Token, *, is_alone: bool) -> Token:
        """Return a picture. One that isn't in the library is replaced by its alt text.

        A withdrawn picture's description goes too, because it may name the person in the picture.
        """
        if drawing := grammar.drawing_name(token):
            return self._drawing(drawing, token, is_alone=is_alone)
        name, alt = grammar.image_name(token), document.plain_text(token)
        picture = self.library.pictures.get(name)
        if not picture:
            alt = page_words.picture_withdrawn() if name in self.library.withdrawn else alt
            words = Token("text", "", 0, content=alt)
            return html_token(format_html("<p>{}</p>", alt)) if is_alone else words
        self.pictures[name] = None
        is_decorative = grammar.is_decorative(token)
        return html_token(
            pictures.render_image(
                picture,
                alt="" if is_decorative else alt,
                caption="" if is_decorative else str(token.attrs.get("title", "")),
                is_alone=is_alone,
            )
        )

    def _drawing(self, name: str, token: Token, *, is_alone: bool) -> Token:
        """Return a drawing; its alt text where there is none, or no place for one."""
        if name not in DRAWINGS or not is_alone or name in self._drawn:
            alt = document.plain_text(token)
            return html_token(format_html("<p>{}</p>" if is_alone else "{}", alt))
        self._drawn.add(name)
        sources = DRAWINGS[name].sources
        marks = self.citations.mark(sources) if sources else SafeString()
        return html_token(render_drawing(name, citations=marks))


def _joined(children: Sequence[Token]) -> Iterator[Token]:
    """Join words across line breaks, because a term can span two lines.

    A citation follows its word without a gap, so that it never starts a line.
    """
    text = ""
    for child in children:
        if child.type in {"text", "softbreak"}:
            text += child.content if child.type == "text" else "\n"
            continue
        if child.type == grammar.CITATION:
            text = text.rstrip()
        if text:
            yield Token("text", "", 0, content=text)
            text = ""
        yield child
    if text:
        yield Token("text", "", 0, content=text)
