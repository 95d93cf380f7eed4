"""The judged set: queries as patients type them, and how well search answers them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import translation

from articles.search import finder
from articles.search.shown import Shown, show

_FOLDER = Path(__file__).parent
#: By slug; a translation answers as its original does.
_ARTICLES = {
    "stem-cells-for-lupus-nephritis": "S",
    "celulas-madre-para-la-nefritis-lupica": "S",
    "questions-before-a-stem-cell-study": "Q",
    "preguntas-antes-de-un-estudio-de-celulas-madre": "Q",
    **dict.fromkeys(("what-is-lupus-nephritis", "que-es-la-nefritis-lupica"), "W"),
    **dict.fromkeys(("tests-and-kidney-biopsy", "analisis-y-biopsia-del-rinon"), "T"),
    **dict.fromkeys(("medicines-and-side-effects", "medicinas-y-efectos-secundarios"), "M"),
    **dict.fromkeys(("living-with-lupus-nephritis", "vivir-con-nefritis-lupica"), "L"),
    **dict.fromkeys(("pregnancy-and-lupus-nephritis", "embarazo-y-nefritis-lupica"), "P"),
    **dict.fromkeys(("dialysis-and-kidney-transplant", "dialisis-y-trasplante-de-rinon"), "D"),
    **dict.fromkeys(("when-to-get-help", "cuando-buscar-ayuda"), "R"),
}
_PAGES = {
    "/care-coordinator/": "coordinator",
    "/care-coordinator/ask/": "ask",
    "/care-coordinator/paper/": "paper",
    "/care-coordinator/request/new-link/": "lost",
    "/privacy/": "privacy",
    "/accessibility/": "accessibility",
    "/about/": "about",
    "/about/how-we-write/": "editorial",
    "/about/people/": "people",
    "/about/funding/": "funding",
    "/about/complaints/": "complaints",
    "/about/corrections/": "corrections",
    "/glossary/": "glossary",
    "/a-to-z/": "atoz",
    "/articles/": "list",
    "/categories/": "topics",
}
#: What has to be found within.
FIRST_FEW = 3


@dataclass(frozen=True)
class Judged:
    kind: str
    language: str
    query: str
    #: Any of these is right; nothing is, if we have none.
    answers: tuple[str, ...]


@dataclass
class Verdict:
    asked: Counter[str] = field(default_factory=Counter)
    first: Counter[str] = field(default_factory=Counter)
    among: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    def share(self, right: Counter[str], *kinds: str) -> float:
        return sum(right[kind] for kind in kinds) / sum(self.asked[kind] for kind in kinds)

    @property
    def kinds(self) -> list[str]:
        return [kind for kind in self.asked if kind != "none"]

    def lines(self) -> Iterator[str]:
        for kind in self.asked:
            first, among = self.share(self.first, kind), self.share(self.among, kind)
            yield f"{kind}: {self.asked[kind]} queries, first {first:.0%}, first three {among:.0%}"
        first, among = (self.share(each, *self.kinds) for each in (self.first, self.among))
        yield f"all that we have: first {first:.1%}, first three {among:.1%}"
        yield from self.misses


def read(name: str) -> list[Judged]:
    """Return the queries of “tuning”, by which search was tuned, or “verdict”, written apart."""
    found = []
    for line in (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, language, query, answers = (part.strip() for part in line.split("|"))
            found.append(Judged(kind, language, query, tuple(answers.split())))
    return found


def judge(queries: list[Judged]) -> Verdict:
    verdict = Verdict()
    for each in queries:
        with translation.override(each.language):
            found = finder.find(each.query)
            names = [_name(shown) for shown in show(found.results[:FIRST_FEW], found.query)]
        is_first = names[0] in each.answers if names and each.answers else not names
        is_among = any(name in each.answers for name in names) if each.answers else not names
        verdict.asked[each.kind] += 1
        verdict.first[each.kind] += is_first and bool(names or not each.answers)
        verdict.among[each.kind] += is_among
        if not is_among:
            wanted = " ".join(each.answers) or "nothing"
            verdict.misses.append(
                f"missed ({each.kind}, {each.language}): “{each.query}” found "
                f"{' '.join(names) or 'nothing'}, not {wanted}"
            )
    return verdict


def _name(shown: Shown) -> str:
    path, _, word = shown.url.removeprefix("/es").partition("#word-")
    if word:
        return f"term:{word}"
    if path in _PAGES:
        return f"page:{_PAGES[path]}"
    room, slug = path.strip("/").split("/")
    return f"topic:{slug}" if room == "categories" else _ARTICLES[slug]
