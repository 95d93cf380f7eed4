"""The passages of a page as readers see it: where a comment can be, and where it is found again."""

import copy
import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from articles.models import LivePage, Revision

#: In percent: with less in common, two passages are not the same one.
ALIKE = 70
#: Characters of a passage that count. Longer ones are tables.
_LONGEST = 20_000

#: Each is one passage, whatever is in it.
_WHOLE = frozenset({"figure", "table", "pre"})
#: Passages if they have words of their own, next to other passages inside them.
_BLOCKS = frozenset({"p", "li", "dd", "h2", "h3", "h4", "h5", "h6"})
#: These end no word.
_INLINE = frozenset(
    {"a", "abbr", "b", "code", "dfn", "em", "i", "s", "span", "strong", "sub", "sup"}
)
#: Controls have to come before their end tag, because they can't come after it.
_INSIDE = frozenset({"li", "dd"})
_VOID = frozenset({"br", "col", "hr", "img", "source", "wbr"})
#: The parts of a page that are plain text, and those that are HTML.
_PLAIN = ("title", "summary")
_PARTS = ("key_points_html", "body_html", "references_html", "glossary_html")


@dataclass(frozen=True, kw_only=True)
class Place:
    """One passage of a page, known by its words."""

    #: `title`, `summary`, or the field of the page that has it.
    part: str
    #: Its words as they are read, without marks of citations.
    text: str
    #: SHA-256 of them, in hex.
    digest: str
    #: How many passages with the same words come before it.
    ordinal: int
    #: Where controls go: an offset in that field.
    offset: int = 0

    @property
    def is_plain(self) -> bool:
        """Whether it's a field of its own, without HTML."""
        return self.part in _PLAIN

    @property
    def key(self) -> str:
        """Its name in an address: it says nothing of the words, and is the same tomorrow."""
        return f"{self.digest[:16]}-{self.ordinal}"


def read_places(revision: Revision, page: LivePage) -> list[Place]:
    """Return the passages of a revision's page from top to bottom."""
    found = [(part, getattr(revision, part), 0) for part in _PLAIN]
    for part in _PARTS:
        reader = _Reader(getattr(page, part), ends_with_item=part == "references_html")
        found += [(part, text, offset) for text, offset in reader.read()]
    seen: Counter[str] = Counter()
    places = []
    for part, said, offset in found:
        if text := plain_passage(said):
            digest = digest_passage(text)
            places.append(
                Place(part=part, text=text, digest=digest, ordinal=seen[digest], offset=offset)
            )
            seen[digest] += 1
    return places


def plain_passage(said: str) -> str:
    """Return words with single spaces, as far as they count."""
    return " ".join(said.split())[:_LONGEST].strip()


def digest_passage(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def find_place(
    places: Sequence[Place], *, passage: str, digest: str = "", ordinal: int = 0
) -> Place | None:
    """Return where a passage is: the same words, or else those that are most like them.

    `digest` and `ordinal` are those of the place where it was last. None if nothing is alike.
    """
    for sought in (digest, digest_passage(passage)):
        same = [place for place in places if place.digest == sought]
        if same:
            return next((place for place in same if place.ordinal == ordinal), same[-1])
    from rapidfuzz import fuzz, process  # only a passage that has changed needs them

    texts = [place.text for place in places]
    best = process.extractOne(passage, texts, scorer=fuzz.ratio, score_cutoff=ALIKE)
    return places[best[2]] if best else None


def put_controls(page: LivePage, places: Sequence[Place], draw: Callable[[Place], str]) -> LivePage:
    """Return a copy of a page with HTML after each passage."""
    shown = copy.copy(page)
    for part in _PARTS:
        html, done, pieces = getattr(page, part), 0, []
        for place in (each for each in places if each.part == part):
            pieces += [html[done : place.offset], draw(place)]
            done = place.offset
        setattr(shown, part, "".join([*pieces, html[done:]]))
    return shown


class _Reader(HTMLParser):
    """Reads our own HTML, whose tags are all closed."""

    def __init__(self, html: str, *, ends_with_item: bool) -> None:
        super().__init__()
        self._html = html
        #: In the list of sources, an item is one passage.
        self._whole = _WHOLE | {"li"} if ends_with_item else _WHOLE
        self._starts = [0]
        for line in html.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._found: list[tuple[str, int]] = []
        self._open: list[str] = []  # tags
        self._blocks: list[list[str]] = []  # words of each passage that has begun
        self._whole_at = 0  # depth of what is one passage; 0 outside
        self._silent_at = 0

    def read(self) -> list[tuple[str, int]]:
        """Return the words of each passage, and where its controls go."""
        self.feed(self._html)
        self.close()
        return self._found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self._say(" ")
            return
        here = dict(attrs)
        self._open.append(tag)
        if tag not in _INLINE:
            self._say(" ")
        # Citations are numbered anew when one is added, and a drawing is no text.
        if not self._silent_at and (tag == "svg" or here.get("class") == "cite"):
            self._silent_at = len(self._open)
        if self._whole_at:
            return
        is_whole = tag in self._whole or here.get("class") in {"evidence", "table"}
        if is_whole or tag in _BLOCKS or tag in {"ul", "ol", "dl"}:
            self._end_block(self._here())  # what an item says before a list in it
        if is_whole:
            self._whole_at = len(self._open)
        if is_whole or tag in _BLOCKS:
            self._blocks.append([])

    def handle_endtag(self, tag: str) -> None:
        depth = len(self._open)
        self._open.pop()
        if self._silent_at == depth:
            self._silent_at = 0
        if tag not in _INLINE:
            self._say(" ")
        is_end_of_whole = self._whole_at == depth
        if self._whole_at and not is_end_of_whole:
            return
        if is_end_of_whole or tag in _BLOCKS:
            after = self._here() + len(f"</{tag}>")
            self._end_block(self._here() if tag in _INSIDE else after)
            self._blocks.pop()
            self._whole_at = 0

    def handle_data(self, data: str) -> None:
        self._say(data)

    def _say(self, words: str) -> None:
        if self._blocks and not self._silent_at:
            self._blocks[-1].append(words)

    def _end_block(self, at: int) -> None:
        """Note the passage that has begun, if it says something; it can go on after that."""
        if self._blocks and (words := "".join(self._blocks[-1])).strip():
            self._found.append((words, at))
            self._blocks[-1].clear()

    def _here(self) -> int:
        line, column = self.getpos()
        return self._starts[line - 1] + column
