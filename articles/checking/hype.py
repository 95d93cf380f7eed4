"""Words that sell or frighten: a table of them, and the check that finds them."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from articles.checking.parsed_text import (
    ParsedSentence,
    ParsedText,
    is_negated,
    is_reported,
    normalize_text,
)
from articles.checking.results import Check, Issue, Level
from articles.evidence_stages import Stage

#: Maps a reason to the words that it rules out; “/” separates the forms of one word. An editor who
#: justifies a word names it by its first form.
HYPE: dict[str, str] = {
    gettext_noop("This is praise. Let the numbers speak."): """
        amazing/amazingly, astonishing/astonishingly, astounding/astoundingly,
        dramatic/dramatically, exceptional/exceptionally, extraordinary/extraordinarily,
        fantastic/fantastically, impressive/impressively, incredible/incredibly,
        outstanding/outstandingly, phenomenal/phenomenally, profound/profoundly,
        remarkable/remarkably, spectacular/spectacularly, stunning/stunningly, superb/superbly,
        tremendous/tremendously, unbelievable/unbelievably, unprecedented, wonderful/wonderfully
        """,
    gettext_noop("One study can’t promise that much change."): """
        breakthrough/breakthroughs, cutting-edge/cutting edge, game-changer/game-changers/game
        changer/game changers/game-changing/game changing, groundbreaking/ground-breaking,
        holy grail, landmark, life-changing/life changing, magic/magical/magically,
        magic bullet/silver bullet, miracle/miracles/miraculous/miraculously,
        new lease of life, revolutionary/revolution/revolutionise/revolutionised/revolutionize/
        revolutionized, state-of-the-art/state of the art, transformative, turning point,
        wonder drug/wonder drugs
        """,
    gettext_noop("This tells readers how to feel."): """
        devastating, dream come true, dreadful/dreadfully, eagerly, encouraging
        results/encouraging findings, enjoyed, exciting/excitingly/excitement,
        good news/great news, happily, heartbreaking, hopeful/hopefully, luckily,
        new hope/real hope/great hope/ray of hope/hope for patients/hope for people/gives
        hope/give hope/gave hope/giving hope/offers hope/offer hope/offering hope,
        terrible/terribly, thrilling/thrilled
        """,
    gettext_noop("This sounds like an ad."): """
        act now, anti-ageing/anti-aging, best-in-class, friendly, limited time, painless/painlessly,
        pioneering, rejuvenate/rejuvenates/rejuvenated/rejuvenating/rejuvenation,
        success story/success stories, world-class/world class, world-leading/world leading,
        world-renowned
        """,
}
#: These may be used in a denial: “not a cure”, “whether it is safe and effective”.
PROMISES = """
    clinically proven/scientifically proven, cure/cures/cured/curing/curative,
    guarantee/guarantees/guaranteed, highly effective/completely effective/100% effective,
    safe and effective, sure to work/certain to work/works for everyone/always works/never fails
    """
_PROMISE = gettext_noop("No one can promise that.")


def _forms(table: str) -> Iterator[tuple[str, str]]:
    """Return each form with the word it belongs to."""
    for entry in " ".join(table.split()).replace("/ ", "/").split(", "):
        forms = entry.split("/")
        yield from ((form, forms[0]) for form in forms)


_WORD = {form: word for table in (*HYPE.values(), PROMISES) for form, word in _forms(table)}
_WHY = {form: why for why, table in HYPE.items() for form, _ in _forms(table)} | {
    "promising": gettext_noop("The stage of this page is not “Promising.”"),
    "significant": gettext_noop(
        "To readers this means “large,” but in statistics it doesn’t. Give the numbers."
    ),
}
_WHY["significantly"] = _WHY["significant"]
_MAY_BE_DENIED = {form for form, _ in _forms(PROMISES)}
_HYPE = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(re.escape(form) for form in sorted(_WORD, key=len, reverse=True))
    + r"|(?<!statistically )significant(?:ly)?|promising)(?![\w-])"
)
_MAY_PROMISE = frozenset({Stage.PROMISING, Stage.ESTABLISHED})


def _without_titles(page: ParsedText, sentence: ParsedSentence) -> str:
    """Return a sentence's text, with the titles of the sources it cites blanked out."""
    words = sentence.plain
    for key in sentence.cites:
        source = page.library.sources.get(key)
        if source and source.title:
            words = words.replace(normalize_text(source.title), " " * len(source.title))
    return words


def _hype(page: ParsedText) -> Iterator[Issue]:
    justified = {word.lower() for word in page.content.justified}
    for sentence in page.sentences:
        words = _without_titles(page, sentence)
        for found in _HYPE.finditer(words):
            form = found[0]
            if form in justified or _WORD.get(form) in justified:
                continue
            if form in _MAY_BE_DENIED and (
                is_negated(words, found.start()) or is_reported(words, found.start())
            ):
                continue
            if form == "promising" and page.content.stage in _MAY_PROMISE:
                continue
            why = _WHY.get(form, _PROMISE)
            yield Issue(
                where=sentence.where,
                quote=sentence.quote(*found.span()),
                why=f"“{form}”: {gettext(why)}",
            )


CHECKS = (
    Check(
        id="hype",
        level=Level.BLOCKING,
        source="NHS content guide, How we write: accurate; HONcode principle 5 (justifiability)",
        title=_("Avoid words that sell or scare"),
        hint=_(
            "Take the word out and say what was counted. If it has to stay, add it to “Allowed "
            "wording” and say why."
        ),
        find=_hype,
    ),
)
