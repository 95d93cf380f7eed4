"""The judged set: queries as patients type them, and how well search answers them."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import translation

from articles.search import finder
from articles.search.shown import Shown, show

_FILE = Path(__file__).with_name("judged.txt")
_NAMES = {
    "/articles/stem-cells-for-lupus-nephritis/": "S",
    "/articles/what-is-lupus-nephritis/": "W",
    "/articles/que-es-la-nefritis-lupica/": "W",
    "/articles/questions-before-a-stem-cell-study/": "Q",
    "/care-coordinator/": "page:coordinator",
    "/care-coordinator/ask/": "page:ask",
    "/care-coordinator/paper/": "page:paper",
    "/care-coordinator/request/new-link/": "page:lost",
    "/privacy/": "page:privacy",
    "/accessibility/": "page:accessibility",
    "/glossary/": "page:glossary",
    "/a-to-z/": "page:atoz",
    "/articles/": "page:list",
    "/categories/": "page:topics",
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


def read(*, is_verdict: bool) -> list[Judged]:
    """Return every second query of each kind: one half to tune by, the other for the verdict."""
    seen: dict[str, int] = defaultdict(int)
    found = []
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, language, query, answers = (part.strip() for part in line.split("|"))
            seen[kind] += 1
            if (seen[kind] % 2 == 0) == is_verdict:
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
    if path.startswith("/categories/"):
        return f"topic:{path.split('/')[2]}"
    return _NAMES.get(path, path)
