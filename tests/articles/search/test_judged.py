"""How well search answers what patients type, measured on queries that it was not tuned by."""

from collections.abc import Callable

import pytest

from articles.search import kept
from portal.demo import content
from tests.articles.search import judged

pytestmark = pytest.mark.django_db


@pytest.fixture
def _demo_content() -> None:
    content.load("a password that nobody uses")
    kept.forget_all()


@pytest.mark.usefixtures("_demo_content")
def test_patients_find_what_they_look_for(
    record_property: Callable[[str, object], None],
) -> None:
    verdict = judged.judge(judged.read(is_verdict=True))
    record_property("verdict", "\n".join(verdict.lines()))
    assert verdict.share(verdict.among, *verdict.kinds) >= 0.95
    assert verdict.share(verdict.first, *verdict.kinds) >= 0.85
    for kind in verdict.asked:
        assert verdict.share(verdict.among, kind) >= 0.8, kind
    assert verdict.share(verdict.among, "none") >= 0.95


def test_the_judged_set_has_250_queries_of_each_kind_and_in_both_languages() -> None:
    both = [*judged.read(is_verdict=True), *judged.read(is_verdict=False)]
    assert len(both) >= 250
    assert len({(each.language, each.query) for each in both}) == len(both)
    assert {each.language for each in both} == {"en", "es"}
    kinds = {each.kind for each in both}
    assert kinds == {"typo", "lay", "brand", "question", "words", "spanish", "none"}
