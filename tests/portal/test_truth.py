"""The truth of the shipped articles, and of the fixed texts around them."""

import re

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client

from articles import checking
from articles.checking.all_checks import CHECKS
from articles.content import Content
from articles.evidence_stages import STAGE_MEANINGS
from articles.models import Article
from articles.rendering.document import read_document
from articles.rendering.findings import OutcomeKind
from articles.rendering.library_snapshot import LibrarySnapshot
from articles.rendering.study_designs import DESIGN_TEXTS
from portal.demo import content
from tests.factories import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.once]

#: The pages with a claim about a treatment, in each language.
WITH_CARDS = ("stem-cells-for-lupus-nephritis", "celulas-madre-para-la-nefritis-lupica")
ALL_TOOK = re.compile(
    r"All 18 (people )?also took the usual medicines"
    r"|Las 18 personas también tomaron las medicinas habituales"
)


@pytest.fixture
def shipped(db: None) -> dict[str, Article]:
    content.load(PASSWORD)
    return {article.slug: article for article in Article.objects.published().for_staff()}


def test_truth_each_shipped_card_counts_deaths_and_other_harms_separately() -> None:
    content.load(PASSWORD, articles=["stem-cells-for-lupus-nephritis.md"])
    article = Article.objects.get(language="en")
    assert article.live
    first, later = read_document(article.live.body).findings
    assert [(each.counts, each.totals) for each in first.of(OutcomeKind.DEATH)] == [((4,), (81,))]
    assert [(each.counts, each.totals) for each in later.of(OutcomeKind.DEATH)] == [
        ((1, 0), (12, 6))
    ]
    assert [each.counts for each in later.of(OutcomeKind.HARM)] == [(1, 2)]
    assert later.followed == "not stated in the summary"
    text = " ".join(BeautifulSoup(article.page.body_html, "html.parser").get_text(" ").split())
    assert "This study can’t tell. Too few people took part." in text
    assert "The groups are not the same size. With so few people, chance alone" in text
    assert "77 of the 81 people were alive" in text
    assert "Length of follow-up" not in text


def test_truth_remissions_always_come_with_what_all_18_took(
    shipped: dict[str, Article], client: Client
) -> None:
    addresses = [article.get_absolute_url() for article in shipped.values()]
    pages = [shipped[slug].get_absolute_url() for slug in WITH_CARDS]
    for address in (*addresses, "/", "/es/", "/articles/", "/search/?q=remission"):
        soup = BeautifulSoup(client.get(address).text, "html.parser")
        told = [each for each in soup.select("p, li, figure, table") if _remissions(each)]
        for each in told:
            card = each.find_parent(class_="evidence") or each
            assert ALL_TOOK.search(_words(card))
        assert bool(told) is (address in pages)
    assert "of 12" not in client.get("/feed/").text


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def _remissions(tag: Tag) -> bool:
    """Return whether the tag states them itself, not as a line inside a figure that does."""
    counted = re.search(
        r"\b(?:9 (?:of (?:the )?|de (?:las )?)12|5 (?:of (?:the )?|de (?:las )?)6)\b", _words(tag)
    )
    return bool(counted) and (tag.name == "figure" or tag.find_parent("figure") is None)


def test_truth_only_the_page_with_a_claim_has_a_badge(shipped: dict[str, Article]) -> None:
    stages = {slug: article.live.badge for slug, article in shipped.items() if article.live}
    assert stages == {
        path.stem: "Not proven" if path.stem in WITH_CARDS else ""
        for path in content.FOLDER.glob("*.md")
    }


def test_truth_no_shipped_text_claims_more_than_was_checked() -> None:
    """Checks the glossary, topics and fixed texts, which no other check reads."""
    fixed = [
        *((content.FOLDER / name).read_text() for name in ("glossary.yaml", "categories.yaml")),
        *map(str, STAGE_MEANINGS.values()),
        *(f"{each.how} {each.can} {each.cannot}" for each in DESIGN_TEXTS.values()),
        *(f"{check.title}. {check.hint}" for check in CHECKS if check.id != "beyond-sources"),
    ]
    words = "\n\n".join(fixed).replace('"', "")
    found = checking.run_checks(Content(title="-", body=words), LibrarySnapshot())
    [answer] = [each for each in found if each.check.id == "beyond-sources"]
    assert answer.issues == ()
    assert not re.search(
        r"\bno ?one can|nobody knows|no study (?:can|so far)", words, re.IGNORECASE
    )
