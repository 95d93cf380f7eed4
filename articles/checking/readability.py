"""How easy a text is to read: grade, sentences, paragraphs, words, headings."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from django.utils.text import format_lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from articles.checking.english import grade_of, split_words
from articles.checking.jargon import JARGON
from articles.checking.parsed_text import ContentField, ParsedSentence, ParsedText
from articles.checking.results import Check, Issue, Level
from articles.rendering.document import PassageKind

#: US school grade.
HIGHEST_GRADE = 8.0
LONGEST_SENTENCE = 20
LONGEST_PARAGRAPH = 3
#: The most words of a summary that lists and search engines show in full.
LONGEST_SUMMARY = 60
#: A body with more words than this needs headings.
_LONG = 300

_ENDS = (".", "!", "?", ".)", "!)", "?)", '."', ".”")


def prose(page: ParsedText) -> list[ParsedSentence]:
    """Return the sentences that the grade is based on: no headings, tables, or list fragments.

    A fragment such as “foamy urine” would count as a very short sentence and hide the long ones.
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
        yield Issue(
            where="body", why=gettext("Its reading grade is %(grade).1f.") % {"grade": grade}
        )


def _long_sentences(page: ParsedText) -> Iterator[Issue]:
    for sentence in page.sentences:
        words = len(split_words(sentence.text))
        if words > LONGEST_SENTENCE:
            yield Issue(where=sentence.where, quote=sentence.quote(), why=_word_count(words))


def _word_count(words: int) -> str:
    return ngettext("It has %(count)d word.", "It has %(count)d words.", words) % {"count": words}


def _long_paragraphs(page: ParsedText) -> Iterator[Issue]:
    paragraphs: dict[int, list[ParsedSentence]] = {}
    for sentence in page.sentences:
        if sentence.kind is PassageKind.PARAGRAPH:
            paragraphs.setdefault(sentence.passage, []).append(sentence)
    for sentences in paragraphs.values():
        if len(sentences) > LONGEST_PARAGRAPH:
            first = sentences[0]
            why = gettext("It has %(count)d sentences.") % {"count": len(sentences)}
            yield Issue(where=first.where, quote=first.quote(), why=why)


def _long_summary(page: ParsedText) -> Iterator[Issue]:
    words = len(split_words(page.content.summary))
    if words > LONGEST_SUMMARY:
        yield Issue(where="summary", why=_word_count(words))


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
#: What precedes a word that was just explained: “… are called …”, “kidney filtering (GFR)”.
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
        yield Issue(where="body", why=gettext("A text this long needs headings."))
    for sentence in headings:
        if sentence.plain.strip(" .:") in _EMPTY_HEADINGS:
            yield Issue(
                where=sentence.where,
                quote=sentence.quote(),
                why=gettext("It doesn’t say what follows."),
            )
    seen = Counter(sentence.plain for sentence in headings)
    for sentence in headings:
        if seen.pop(sentence.plain, 1) > 1:
            yield Issue(
                where=sentence.where,
                quote=sentence.quote(),
                why=gettext("Two headings are the same."),
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
        title=_("Keep the reading grade at 8 or lower"),
        hint=_("Shorten sentences first, then use shorter words."),
        find=_high_grade,
    ),
    Check(
        id="long-sentences",
        level=Level.WARNING,
        source="NHS content guide, How we write: concise",
        title=format_lazy(_("Keep sentences to {most} words or fewer"), most=LONGEST_SENTENCE),
        hint=_("Split it in two."),
        find=_long_sentences,
    ),
    Check(
        id="long-paragraphs",
        level=Level.WARNING,
        source="NHS content guide, How we write: concise",
        title=format_lazy(
            _("Keep paragraphs to {most} sentences or fewer"), most=LONGEST_PARAGRAPH
        ),
        hint=_("Start a new paragraph for each new idea."),
        find=_long_paragraphs,
    ),
    Check(
        id="jargon",
        level=Level.WARNING,
        source="PEMAT-P items 3 and 4; CDC Index item 7",
        title=_("Explain medical words"),
        hint=_("Use a plainer word, explain it the first time, or add it to the glossary."),
        find=_jargon,
    ),
    Check(
        id="long-summary",
        level=Level.WARNING,
        source="The portal’s own rule (decision 16)",
        title=format_lazy(_("Keep the summary to {most} words or fewer"), most=LONGEST_SUMMARY),
        hint=_("Write one or two sentences. The rest belongs in the key points."),
        find=_long_summary,
    ),
    Check(
        id="headings",
        level=Level.WARNING,
        source="PEMAT-P items 8 and 9; CDC Index item 9",
        title=_("Use headings that say what follows"),
        hint=_("Say what the section is about, the way a reader would ask."),
        find=_headings,
    ),
)
