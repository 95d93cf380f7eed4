"""Home says who we are, what to do now, and where to start; it starts with what is most basic."""

from dataclasses import replace
from typing import Any

import pytest
from bs4 import Tag
from django.test import Client

from articles.models import Article, Category
from articles.reading import start
from portal.demo import content
from tests.articles.reading.pages import soup_of
from tests.factories import make_article, make_category

pytestmark = pytest.mark.django_db


def text_of(tag: Tag | None) -> str:
    assert tag
    return " ".join(tag.get_text(" ").split())


def first_reads(client: Client, address: str = "/") -> list[str]:
    return [link.text.strip() for link in soup_of(client, address).select(".cards h3 a")]


def test_the_first_topics_first_article_comes_before_newer_ones(client: Client) -> None:
    lupus, studies = make_category("Lupus"), make_category("A study")
    basics = make_article(title="What it is", categories=[lupus])
    make_article(title="Deaths in a study", categories=[studies])
    make_article(title="Newer", categories=[lupus])
    Category.objects.filter(pk=lupus.pk).update(position=1, start_with=basics.pk)
    assert first_reads(client) == ["What it is", "Newer"]
    page = soup_of(client, "/")
    assert [each.text.strip() for each in page.select(".topics h3")] == [
        *("Lupus", "A study", "A to Z")
    ], "those without a place come last, by name"
    assert [each.text.strip() for each in page.select(".titles h3")] == ["Deaths in a study"]


def test_a_topic_lists_its_first_article_first_and_once(client: Client) -> None:
    lupus = make_category("Lupus")
    basics = make_article(title="What it is", categories=[lupus])
    make_article(title="Newer", categories=[lupus])
    Category.objects.filter(pk=lupus.pk).update(start_with=basics.pk)
    page = soup_of(client, lupus.get_absolute_url())
    assert [each.text.strip() for each in page.select(".cards h2")] == ["What it is", "Newer"]


def test_an_article_that_readers_no_longer_see_is_not_where_they_start() -> None:
    lupus = make_category("Lupus")
    basics = make_article(categories=[lupus])
    Category.objects.filter(pk=lupus.pk).update(start_with=basics.pk)
    lupus.refresh_from_db()
    assert start.find_first(lupus) == basics
    Article.objects.filter(pk=basics.pk).update(live=None, approval=None, state="draft")
    assert start.find_first(lupus) is None


def test_home_names_the_clinic_and_how_to_reach_it(client: Client, settings: Any) -> None:
    settings.CLINIC = replace(
        settings.CLINIC, name="Bay Clinic", about="", phone="(202) 555-0111", postal_address=""
    )
    (who,) = soup_of(client, "/").select(".who")
    assert "Bay Clinic runs this site." in text_of(who)
    assert who.select('a[href="tel:+1-202-555-0111"]')
    settings.CLINIC = replace(settings.CLINIC, about="We are a small clinic.")
    (who,) = soup_of(client, "/").select(".who")
    assert "We are a small clinic." in text_of(who)


@pytest.mark.parametrize("address", ["/", "/articles/", "/es/privacy/"])
def test_the_header_has_the_phone_number_and_the_coordinator(
    client: Client, settings: Any, address: str
) -> None:
    settings.CLINIC = replace(settings.CLINIC, phone="(202) 555-0111")
    (contact,) = soup_of(client, address).select(".masthead-contact")
    phone, coordinator = contact.select("a")
    assert phone["href"] == "tel:+1-202-555-0111"
    assert str(coordinator["href"]).endswith("/care-coordinator/")
    settings.CLINIC = replace(settings.CLINIC, phone="")
    assert len(soup_of(client, address).select(".masthead-contact a")) == 1


def test_the_demo_starts_with_the_basics_and_every_topic_has_a_picture(client: Client) -> None:
    content.load("for the demo’s own cast")
    assert first_reads(client)[0] == "What is lupus nephritis?"
    assert first_reads(client, "/es/")[0] == "¿Qué es la nefritis lúpica?"
    topics = Category.objects.for_readers()
    assert topics[0].slug == "lupus"
    assert len({each.icon for each in topics}) == len(topics)
    assert all(each.start_with for each in topics)
