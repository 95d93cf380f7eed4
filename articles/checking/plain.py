"""Whether it is easy to read: grade, sentences, paragraphs, words, headings."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from articles.checking.answers import Check, Level, Spot
from articles.checking.english import grade_of, split_words
from articles.checking.jargon import JARGON
from articles.checking.page import Field, Page, Said
from articles.rendering.document import Kind

#: US school grade.
HIGHEST_GRADE = 8.0
LONGEST_SENTENCE = 20
LONGEST_PARAGRAPH = 3
#: Words of a summary that a list and a search engine show whole.
LONGEST_SUMMARY = 60
#: Words of a body that wants headings.
_LONG = 300

_ENDS = (".", "!", "?", ".)", "!)", "?)", '."', ".”")


def prose(page: Page) -> list[Said]:
    """The sentences that a grade goes by: no headings, tables or bits of lists.

    A bit such as “foamy urine” would count as a very short sentence and hide the long ones.
    """
    return [
        said
        for said in page.said
        if said.field is not Field.TITLE
        and said.kind in {Kind.PARAGRAPH, Kind.ITEM, Kind.QUOTE}
        and (said.kind is not Kind.ITEM or said.text.endswith(_ENDS))
    ]


def grade_of_page(page: Page) -> float:
    return grade_of([said.text for said in prose(page)])


def words_a_sentence_of_page(page: Page) -> float:
    sentences = prose(page)
    words = sum(len(split_words(said.text)) for said in sentences)
    return words / len(sentences) if sentences else 0.0


def _hard(page: Page) -> Iterator[Spot]:
    grade = grade_of_page(page)
    if grade > HIGHEST_GRADE:
        yield Spot(where="body", why=f"It reads at grade {grade:.1f}.")


def _long_sentences(page: Page) -> Iterator[Spot]:
    for said in page.said:
        words = len(split_words(said.text))
        if words > LONGEST_SENTENCE:
            yield Spot(where=said.where, quote=said.quote(), why=f"It has {words} words.")


def _long_paragraphs(page: Page) -> Iterator[Spot]:
    paragraphs: dict[int, list[Said]] = {}
    for said in page.said:
        if said.kind is Kind.PARAGRAPH:
            paragraphs.setdefault(said.passage, []).append(said)
    for sentences in paragraphs.values():
        if len(sentences) > LONGEST_PARAGRAPH:
            first = sentences[0]
            why = f"It has {len(sentences)} sentences."
            yield Spot(where=first.where, quote=first.quote(), why=why)


def _long_summary(page: Page) -> Iterator[Spot]:
    words = len(split_words(page.content.summary))
    if words > LONGEST_SUMMARY:
        yield Spot(where="summary", why=f"It has {words} words.")


# --- Jargon ---------------------------------------------------------------------------------------

_PLAINER = {form: (forms[0], plainer) for forms, plainer in JARGON.items() for form in forms}
_JARGON = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(re.escape(form) for form in sorted(_PLAINER, key=len, reverse=True))
    + r")(?![\w-])"
)
#: What follows a word that is being explained: “(…)”, “, a …”, “means …”.
_EXPLAINED_AFTER = re.compile(
    r"(?:\s[a-z-]{1,20}){0,2}(?:[\"')]{0,2},? \("
    r"|[\"')]{0,2}, (?:an? |the |which |that is|meaning|or )"
    r"|[\"')]{0,2} (?:means?|is when|is an?|are|shows|is the)\b)"
)
#: What stands before one that was just explained: “… are called …”, “kidney filtering (GFR)”.
_EXPLAINED_BEFORE = re.compile(
    r"(?:\b(?:called|known as|name (?:is|for \w{1,20} is)|call (?:it|them|this|donor cells))"
    r"(?: [a-z-]{1,20}){0,2} |\()[\"']?$"
)
_CHARACTERS_BEFORE = 60


def _jargon(page: Page) -> Iterator[Spot]:
    known = {form.lower() for term in page.library.terms for form in (term.name, *term.forms)}
    first: dict[str, Spot] = {}
    explained: set[str] = set()
    for said in page.said:
        for found in _JARGON.finditer(said.plain):
            word, plainer = _PLAINER[found[0]]
            if word in explained:
                continue
            before = said.plain[max(0, found.start() - _CHARACTERS_BEFORE) : found.start()]
            if (
                found[0] in known
                or word in known
                or _EXPLAINED_AFTER.match(said.plain, found.end())
                or _EXPLAINED_BEFORE.search(before)
            ):
                explained.add(word)
            elif word not in first:
                first[word] = Spot(
                    where=said.where,
                    quote=said.quote(*found.span()),
                    why=f"“{found[0]}”: {plainer}.",
                )
    for word, spot in first.items():
        if word not in explained:
            yield spot


# --- Headings -------------------------------------------------------------------------------------

_EMPTY_HEADINGS = {
    "introduction", "background", "overview", "conclusion", "conclusions", "summary", "discussion",
    "results", "methods", "more information", "further information", "details", "general", "other",
    "miscellaneous", "notes",
}  # fmt: skip


def _headings(page: Page) -> Iterator[Spot]:
    headings = [said for said in page.said if said.kind is Kind.HEADING]
    if not headings and _body_words(page.said) > _LONG:
        yield Spot(where="body", why="A text of this length wants headings.")
    for said in headings:
        if said.plain.strip(" .:") in _EMPTY_HEADINGS:
            yield Spot(where=said.where, quote=said.quote(), why="It does not say what follows.")
    seen = Counter(said.plain for said in headings)
    for said in headings:
        if seen.pop(said.plain, 1) > 1:
            yield Spot(where=said.where, quote=said.quote(), why="Two headings say the same.")


def _body_words(sentences: Sequence[Said]) -> int:
    return sum(len(split_words(said.text)) for said in sentences if said.field is Field.BODY)


CHECKS = (
    Check(
        id="grade",
        level=Level.WARNING,
        source="NHS content guide, How we write: clear; measured as Flesch-Kincaid grade (1975)",
        title="It reads at grade 8 or lower",
        hint="Shorter sentences first, then shorter words.",
        find=_hard,
    ),
    Check(
        id="long-sentences",
        level=Level.WARNING,
        source="NHS content guide, How we write: concise",
        title=f"Sentences have {LONGEST_SENTENCE} words at most",
        hint="Make two of it.",
        find=_long_sentences,
    ),
    Check(
        id="long-paragraphs",
        level=Level.WARNING,
        source="NHS content guide, How we write: concise",
        title=f"Paragraphs have {LONGEST_PARAGRAPH} sentences at most",
        hint="Begin a new paragraph where a new thought begins.",
        find=_long_paragraphs,
    ),
    Check(
        id="jargon",
        level=Level.WARNING,
        source="PEMAT-P items 3 and 4; CDC Index item 7",
        title="Medical words are explained",
        hint="Use the plainer words, explain it where it first stands, or add it to the glossary.",
        find=_jargon,
    ),
    Check(
        id="long-summary",
        level=Level.WARNING,
        source="The portal’s own rule (decision 16)",
        title=f"The summary has {LONGEST_SUMMARY} words at most",
        hint="One or two sentences; the rest belongs in the key points.",
        find=_long_summary,
    ),
    Check(
        id="headings",
        level=Level.WARNING,
        source="PEMAT-P items 8 and 9; CDC Index item 9",
        title="Headings say what follows",
        hint="Write what the section tells, as a reader would ask for it.",
        find=_headings,
    ),
)
