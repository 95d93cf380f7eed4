"""Claims that go beyond what a study can show: a cause without a comparison, no risk at all."""

import re
from collections.abc import Iterator

from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.checking.parsed_text import (
    ParsedSentence,
    ParsedText,
    is_hedged,
    is_negated,
    is_reported,
)
from articles.checking.results import Check, Issue, Level
from articles.rendering.document import PassageKind
from articles.rendering.library_snapshot import StudyDesign
from articles.rendering.not_stated import NotStated

_TREATMENT = (
    r"(?:cells?|treatments?|therapy|therapies|infusions?|injections?|transplants?|transplantation"
    r"|drugs?|medicines?|pills?|tablets?|procedures?|products?|vaccines?|operations?|surgery"
    r"|diets?|exercises?)"
)
_DID = (
    r"(?:improve[sd]?|reduce[sd]?|lower(?:s|ed)?|stop(?:s|ped)?|prevent(?:s|ed)?|heal(?:s|ed)?"
    r"|repair(?:s|ed)?|restore[sd]?|help(?:s|ed)?|work(?:s|ed)?|slow(?:s|ed)?|boost(?:s|ed)?"
    r"|increase[sd]?|protect(?:s|ed)?|reverse[sd]?|cause[sd]?|kill(?:s|ed)?|cure[sd]?|save[sd]?"
    r"|relieve[sd]?|ease[sd]?|led to|leads to|resulted in|results in|brought about)"
)
#: Wording that says a treatment made something happen. “Died due to pneumonia” does not.
_CAUSAL = re.compile(
    rf"\b(?:{_TREATMENT}|they|it|this|which)"
    rf" (?:[a-z]{{1,20}}ly |also |even |has |have |had |can |will |does |did |do ){{0,2}}{_DID}\b"
    r"|\b(?:because of|due to|owing to|as a result of|caused by|attributable to)"
    rf" (?:[a-z-]{{1,20}} ){{0,3}}{_TREATMENT}\b"
    r"|\bthanks to\b|\b(?:was|were|is|are) (?:[a-z]{1,20}ly )?(?:able to|effective|cured)\b"
)
NAMES_TREATMENT = re.compile(rf"\b{_TREATMENT}\b")
_RESULT = re.compile(
    r"\b(?:improved|better|worse|remission|recovered|responded|fell|rose|dropped|survived|died)\b"
)
#: Words that make a whole sentence cautious, wherever they appear in it.
_CAREFUL = re.compile(
    r"\b(?:(?:cannot|can't|could not|does not|do not|did not|doesn't|don't) (?:show|say|tell|prove"
    r"|mean|know|rule)|whether|not (?:known|clear|proven|shown|mean|sure)|no comparison"
    r"|nobody knows|no one knows|unclear|unknown|we do not)\b|\?$"
)
_NO_COMPARISON = frozenset({StudyDesign.UNCONTROLLED, StudyDesign.CASES})


def _cause(page: ParsedText) -> Iterator[Issue]:
    for sentence in page.sentences:
        found = tells_cause(sentence)
        if found is None:
            continue
        designs = page.designs(sentence) - {StudyDesign.OTHER, StudyDesign.REGULATOR}
        if designs and designs <= _NO_COMPARISON:
            yield Issue(
                where=sentence.where,
                quote=sentence.quote(*found),
                why=gettext(
                    "The study had no comparison group, so it can’t show the cause. Say what "
                    "happened "
                    "and when: “by 12 months, … of … people had …”."
                ),
            )


def tells_cause(sentence: ParsedSentence) -> tuple[int, int] | None:
    """Return where a sentence says that a treatment made something happen."""
    if sentence.kind is PassageKind.HEADING or _CAREFUL.search(sentence.plain):
        return None
    if not sentence.cites and not NAMES_TREATMENT.search(sentence.plain):
        return None  # It is about the disease, or about nothing that was tested.
    return _causal(sentence.plain)


def _causal(plain: str) -> tuple[int, int] | None:
    for found in _CAUSAL.finditer(plain):
        if not is_negated(plain, found.start()) and not is_hedged(plain, found.start()):
            return found.span()
    because = plain.find(" because ")
    result = _RESULT.search(plain, 0, max(0, because))
    return (result.start(), because + len(" because")) if because > 0 and result else None


_HARMS = (
    r"(?:side effects?|adverse effects?|adverse events?|adverse reactions?|risks?|harms?|dangers?"
    r"|complications?|safety concerns?|toxicity)\b"
)
_WHICH = (
    r"(?:(?:any|serious|apparent|known|major|severe|significant|real|obvious|adverse|lasting"
    r"|long-term|reported|bad|harmful|negative|unwanted|noticeable|important|other) ){0,3}"
)
_ABSOLUTE = re.compile(
    rf"\b(?:no|without|zero|free (?:of|from)) {_WHICH}{_HARMS}"
    rf"|(?:\bnot|n't|\bnever) (?:cause[sd]?|had|has|produce[sd]?|show(?:ed)?|see|report|find"
    rf"|experience[sd]?) {_WHICH}{_HARMS}"
    r"|\b(?:is|are|was|were|be|been|being|proven|proved|found|completely|perfectly|totally"
    r"|entirely|100%) (?:[a-z]{1,20}ly )?(?:safe\b(?! place)|harmless\b)"
    r"|\b(?:risk-free|well[- ]tolerated|side-effect-free)\b"
)
_COUNTED = re.compile(r"\b(?:\d[\d,]{0,11}|none|nobody) (?:out )?of (?:the |all )?\d")


def _absolute_safety(page: ParsedText) -> Iterator[Issue]:
    for sentence in page.sentences:
        plain = sentence.plain
        if _COUNTED.search(plain) or _CAREFUL.search(plain):
            continue
        for found in _ABSOLUTE.finditer(plain):
            begin = found.start()
            if is_negated(plain, begin) or is_hedged(plain, begin) or is_reported(plain, begin):
                continue
            yield Issue(
                where=sentence.where,
                quote=sentence.quote(*found.span()),
                why=gettext(
                    "It says there is no risk. Give the count, such as “0 of 81 people”, or say "
                    "it’s "
                    "%(silence)s."
                )
                % {"silence": NotStated.SUMMARY},
            )
            break


CHECKS = (
    Check(
        id="cause",
        level=Level.BLOCKING,
        source="HONcode principle 5 (justifiability)",
        title=_("Don’t claim cause without a comparison group"),
        hint=_(
            "Say what happened after the treatment, not because of it. Or say the study can’t show "
            "the cause."
        ),
        find=_cause,
    ),
    Check(
        id="absolute-safety",
        level=Level.BLOCKING,
        source="CDC Index item 18; HONcode principle 5 (justifiability)",
        title=_("Don’t call anything risk-free"),
        hint=format_lazy(
            _("Count the harms. If you looked and found none stated, say they are {silence}."),
            silence=NotStated.SUMMARY,
        ),
        find=_absolute_safety,
    ),
)
