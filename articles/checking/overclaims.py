"""Words that claim more than anyone can have checked: “no study”, “never”, “proven”."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from articles.checking.parsed_text import ParsedText, is_reported
from articles.checking.results import Check, Issue, Level
from articles.rendering.document import PassageKind

_RESEARCH = r"(?:stud(?:y|ies)|trials?|research|reviews?|experts?|doctors?|scientists?|evidence)"

#: Maps a reason to the wording that it rules out.
_OVERCLAIMS: dict[str, str] = {
    gettext_noop("No one has looked at all of them."): (
        rf"no (?:other |good |large |single )?{_RESEARCH}"
        rf"|(?:all|every|any) (?:the |of the )?{_RESEARCH} (?:agrees?|shows?|finds?|found|proves?)"
        rf"|the only {_RESEARCH}"
        rf"|there (?:is|are|was|were) no {_RESEARCH}"
    ),
    gettext_noop("The sources can only say what was known when they were written."): (
        r"(?:has|have|had|was|were|is|are) never (?:been )?[a-z]+(?:ed|en|wn)?"
        r"|never (?:works?|helps?|cures?|harms?|fails?|causes?)"
        r"|always (?:works?|helps?|cures?|harms?|fails?|causes?)"
        r"|cannot (?:cure|help|harm|work|heal)|can't (?:cure|help|harm|work|heal)"
        r"|there is no (?:cure|other treatment|treatment|way)"
        r"|impossible"
    ),
    gettext_noop("A study makes something more or less likely. It doesn’t prove it."): (
        r"(?<!not )(?<!not yet )(?<!not been )(?<!never been )proven"
        r"|(?<!not )(?<!cannot )(?:proves?|proved|proof that|established fact|conclusively"
        r"|definitively|without (?:a |any )?doubt|beyond doubt)"
    ),
}
_FOUND = re.compile(
    "|".join(
        rf"(?P<of{number}>\b(?:{words})\b)" for number, words in enumerate(_OVERCLAIMS.values())
    )
)
_WHY = tuple(_OVERCLAIMS)
#: Limits such wording to what somebody did look at, or shows that the text does not claim it.
_BOUNDED = re.compile(
    r"\b(?:that |which )?we (?:have )?(?:found|looked at|read|know of|cite)\b|\bon this page\b"
    r"|\bin (?:this|that|the|one) (?:study|trial|group)\b|\bwhether\b|\bif\b"
    r"|\bnot mean\b|\?$"
)


def _overclaims(page: ParsedText) -> Iterator[Issue]:
    for sentence in page.sentences:
        if sentence.kind is PassageKind.HEADING or _BOUNDED.search(sentence.plain):
            continue
        for found in _FOUND.finditer(sentence.plain):
            if not is_reported(sentence.plain, found.start()):
                yield Issue(
                    where=sentence.where,
                    quote=sentence.quote(*found.span()),
                    why=f"“{found[0]}”: {gettext(_WHY[int((found.lastgroup or 'of0')[2:])])}",
                )


CHECKS = (
    Check(
        id="beyond-sources",
        level=Level.WARNING,
        source="HONcode principle 5 (justifiability); NHS content guide, How we write: accurate",
        title=_("Don’t claim more than the sources show"),
        hint=_(
            "Say what it’s based on: “the studies we looked at do not show …”, not “no study can "
            "show …”."
        ),
        find=_overclaims,
    ),
)
