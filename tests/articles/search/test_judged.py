"""How well search answers what patients type, measured on queries that it was not tuned by."""

from collections.abc import Callable

import pytest

from articles import process_cache
from portal.demo import content
from tests.articles.search import judged

pytestmark = pytest.mark.django_db


@pytest.fixture
def _demo_content() -> None:
    content.load("a password that nobody uses")
    process_cache.expire_all()


@pytest.mark.usefixtures("_demo_content")
def test_patients_find_what_they_look_for(
    record_property: Callable[[str, object], None],
) -> None:
    verdict = judged.judge(judged.read("verdict"))
    record_property("verdict", "\n".join(verdict.lines()))
    assert verdict.share(verdict.among, *verdict.kinds) >= 0.95
    assert verdict.share(verdict.first, *verdict.kinds) >= 0.85
    for kind in verdict.asked:
        assert verdict.share(verdict.among, kind) >= 0.8, kind
    assert verdict.share(verdict.among, "none") >= 0.95


def test_the_verdict_is_on_250_queries_of_each_kind_and_in_both_languages() -> None:
    verdict, tuning = judged.read("verdict"), judged.read("tuning")
    assert len(verdict) >= 250
    assert {each.kind for each in verdict} == {
        *("typo", "lay", "brand", "question", "words", "spanish", "none")
    }
    queries = [(each.language, each.query) for each in (*verdict, *tuning)]
    assert {language for language, _ in queries} == {"en", "es"}
    assert len(set(queries)) == len(queries), "nothing is judged that search was tuned by"
