"""The article's staff pages, and what an editor types there."""

from typing import Any

import pytest
from bs4 import BeautifulSoup

from articles import checking
from articles.models import Article
from tests.factories import make_category

LIST = "/admin/articles/article/"
STALE = "Someone changed this article after you opened it"


def form(**fields: Any) -> dict[str, Any]:
    return {
        "title": "Kidney tests",
        "slug": "kidney-tests",
        "summary": "What they show.",
        "key_points": "",
        "body": "## Protein",
        "stage": "early",
        "justified_words": "",
        "interests": "None",
        "categories": [str(make_category().pk)],
        **fields,
    }


def page_of(article: Article, page: str = "change") -> str:
    return f"{LIST}{article.pk}/{page}/"


def words_of(response: Any) -> str:
    return " ".join(BeautifulSoup(response.text, "html.parser").get_text(" ").split())


def make_with_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stub one blocking check that has an issue, and one check that the reviewer attests."""
    words: Any = {"source": "Our own", "hint": "Say it plainly."}
    hype = checking.Check(
        id="hype", level=checking.Level.BLOCKING, title="No word of hype", **words
    )
    asked = checking.Check(id="facts", level=checking.Level.ATTESTED, title="I read it", **words)
    spot = checking.Issue(where="body line 3", quote="miracle", why="A word of hype.")
    found = (
        checking.CheckResult(check=hype, issues=(spot,), is_met=False),
        checking.CheckResult(check=asked, issues=(), is_met=False),
    )
    monkeypatch.setattr(checking, "run_checks", lambda content, library: found)
