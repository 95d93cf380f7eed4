"""The linked data that machines read in an article."""

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles import checking
from articles.editing import reviewing
from portal.models import Role
from tests.articles.reading.pages import linked_data, soup_of
from tests.factories import make_article, make_reference, make_staff

pytestmark = pytest.mark.django_db

EVIL = "</script><script>alert(1)</script>"


def test_search_engines_see_who_reviewed_what_and_when(client: Client) -> None:
    make_reference("gu-2014", title="A & <b>", journal="Clin Rheum", doi="10.1007/s1")
    article = make_article(
        title=f"Cells {EVIL}",
        key_points="It is known. [@gu-2014]",
        condition="Lupus nephritis",
        condition_code="M32.14",
    )
    assert article.approval
    html = client.get(article.get_absolute_url()).text
    assert "<script>" not in html
    data = linked_data(client, article)
    assert data["@type"] == "MedicalWebPage"
    assert data["name"] == f"Cells {EVIL}"
    assert data["lastReviewed"] == f"{timezone.localdate(article.approval.at)}"
    assert data["reviewedBy"]["name"] == article.approval.by.public_name
    assert data["about"]["name"] == "Lupus nephritis"
    assert data["about"]["code"]["codeValue"] == "M32.14"
    assert data["about"]["code"]["codingSystem"] == "ICD-10-CM"
    assert data["citation"][0]["name"] == "A & <b>"
    reviewer = make_staff(Role.REVIEWER)
    with time_machine.travel("2027-03-05T02:00Z", tick=False):  # still March 4 in New York
        reviewing.confirm_review(
            article,
            interests="None",
            attested=checking.ATTESTED,
            version=article.version,
            by=reviewer,
        )
    data = linked_data(client, article)
    assert data["lastReviewed"] == "2027-03-04"
    assert data["reviewedBy"]["name"] == reviewer.public_name


def test_a_shared_link_shows_its_title_summary_and_one_address(client: Client) -> None:
    article = make_article(title='A "quoted" title', summary="What & why.")
    page = soup_of(client, f"{article.get_absolute_url()}?from=somewhere")
    address = f"http://testserver{article.get_absolute_url()}"
    said = {each["property"]: each["content"] for each in page.select("meta[property]")}
    assert said == {
        "og:type": "article",
        "og:title": 'A "quoted" title',
        "og:description": "What & why.",
        "og:url": address,
        "og:site_name": "Care Portal",
    }
    assert [link["href"] for link in page.select('link[rel="canonical"]')] == [address]
