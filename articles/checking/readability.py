"""Whether it is easy to read: grade, sentences, paragraphs, words, headings."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from articles.checking.english import grade_of, split_words
from articles.checking.jargon import JARGON
from articles.checking.parsed_text import ContentField, ParsedSentence, ParsedText
from articles.checking.results import Check, Issue, Level
from articles.rendering.document import PassageKind

#: US school grade.
HIGHEST_GRADE = 8.0
LONGEST_SENTENCE = 20
LONGEST_PARAGRAPH = 3
#: Words of a summary that a list and a search engine show whole.
LONGEST_SUMMARY = 60
#: Words of a body that wants headings.
_LONG = 300

_ENDS = (".", "!", "?", ".)", "!)", "?)", '."', ".”")


def prose(page: ParsedText) -> list[ParsedSentence]:
    """The sentences that a grade goes by: no headings, tables or bits of lists.

    A bit such as “foamy urine” would count as a very short sentence and hide the long ones.
    """
    return [
        sentence
        for sentence in page.sentences
        if sentence.field is not ContentField.TITLE
        and sentence.kind in {PassageKind.PARAGRAPH, PassageKind.ITEM, PassageKind.QUOTE}
        and (sentence.kind is not PassageKind.ITEM or sentence.text.endswith(_ENDS))
    ]


def grade_of_page(page: ParsedText) -> float:
    return grade_of([sentence.text for sentence in prose(page)])


def words_a_sentence_of_page(page: ParsedText) -> float:
    sentences = prose(page)
    words = sum(len(split_words(sentence.text)) for sentence in sentences)
    return words / len(sentences) if sentences else 0.0


def _high_grade(page: ParsedText) -> Iterator[Issue]:
    grade = grade_of_page(page)
    if grade > HIGHEST_GRADE:
        yield Issue(where="body", why=f"It reads at grade {grade:.1f}.")


def _long_sentences(page: ParsedText) -> Iterator[Issue]:
    for sentence in page.sentences:
        words = len(split_words(sentence.text))
        if words > LONGEST_SENTENCE:
            yield Issue(where=sentence.where, quote=sentence.quote(), why=f"It has {words} words.")


def _long_paragraphs(page: ParsedText) -> Iterator[Issue]:
    paragraphs: dict[int, list[ParsedSentence]] = {}
    for sentence in page.sentences:
        if sentence.kind is PassageKind.PARAGRAPH:
            paragraphs.setdefault(sentence.passage, []).append(sentence)
    for sentences in paragraphs.values():
        if len(sentences) > LONGEST_PARAGRAPH:
            first = sentences[0]
            why = f"It has {len(sentences)} sentences."
            yield Issue(where=first.where, quote=first.quote(), why=why)


def _long_summary(page: ParsedText) -> Iterator[Issue]:
    words = len(split_words(page.content.summary))
    if words > LONGEST_SUMMARY:
        yield Issue(where="summary", why=f"It has {words} words.")


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


def _jargon(page: ParsedText) -> Iterator[Issue]:
    known = {form.lower() for term in page.library.terms for form in (term.name, *term.forms)}
    first: dict[str, Issue] = {}
    explained: set[str] = set()
    for sentence in page.sentences:
        for found in _JARGON.finditer(sentence.plain):
            word, plainer = _PLAINER[found[0]]
            if word in explained:
                continue
            before = sentence.plain[max(0, found.start() - _CHARACTERS_BEFORE) : found.start()]
            if (
                found[0] in known
                or word in known
                or _EXPLAINED_AFTER.match(sentence.plain, found.end())
                or _EXPLAINED_BEFORE.search(before)
            ):
                explained.add(word)
            elif word not in first:
                first[word] = Issue(
                    where=sentence.where,
                    quote=sentence.quote(*found.span()),
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


def _headings(page: ParsedText) -> Iterator[Issue]:
    headings = [sentence for sentence in page.sentences if sentence.kind is PassageKind.HEADING]
    if not headings and _body_words(page.sentences) > _LONG:
        yield Issue(where="body", why="A text of this length wants headings.")
    for sentence in headings:
        if sentence.plain.strip(" .:") in _EMPTY_HEADINGS:
            yield Issue(
                where=sentence.where, quote=sentence.quote(), why="It does not say what follows."
            )
    seen = Counter(sentence.plain for sentence in headings)
    for sentence in headings:
        if seen.pop(sentence.plain, 1) > 1:
            yield Issue(
                where=sentence.where, quote=sentence.quote(), why="Two headings say the same."
            )


def _body_words(sentences: Sequence[ParsedSentence]) -> int:
    return sum(
        len(split_words(sentence.text))
        for sentence in sentences
        if sentence.field is ContentField.BODY
    )


CHECKS = (
    Check(
        id="grade",
        level=Level.WARNING,
        source="NHS content guide, How we write: clear; measured as Flesch-Kincaid grade (1975)",
        title="It reads at grade 8 or lower",
        hint="Shorter sentences first, then shorter words.",
        find=_high_grade,
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
