"""The pages about us say what is true: from the clinic's settings, and from what is live."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from bs4 import Tag
from django.test import Client

from articles import evidence_stages
from articles.editing import publishing
from portal.config.clinic import TOLD_BY_CLINIC
from portal.models import Role
from tests.articles.reading.pages import soup_of
from tests.factories import approve_waiting, make_article, make_draft, make_staff, publish

pytestmark = pytest.mark.django_db

#: Where readers find each text of the clinic, and what the page says without it.
SAID = {
    "about": ("/about/", "We haven’t said more about ourselves here yet."),
    "editorial": ("/about/how-we-write/", "We haven’t said here yet how we choose our topics."),
    "funding": ("/about/funding/", "We haven’t said here yet who pays for this site."),
    "complaints": ("/about/complaints/", "We haven’t named anyone for complaints here yet."),
}


def text_of(tag: Tag | None) -> str:
    assert tag
    return " ".join(tag.get_text(" ").split())


def words_on(client: Client, address: str) -> str:
    return text_of(soup_of(client, address).select_one("main"))


@pytest.mark.parametrize("name", TOLD_BY_CLINIC)
def test_a_page_shows_what_the_clinic_says_or_that_it_has_said_nothing(
    client: Client, settings: Any, name: str
) -> None:
    address, nothing = SAID[name]
    settings.CLINIC = replace(settings.CLINIC, **{name: ""})
    assert nothing in words_on(client, address)
    settings.CLINIC = replace(settings.CLINIC, **{name: "Ours <b>alone</b>."})
    said = words_on(client, address)
    assert "Ours <b>alone</b>." in said
    assert nothing not in said
    spanish = soup_of(client, f"/es{address}")
    assert [each.text for each in spanish.select("main [lang=en]")] == ["Ours <b>alone</b>."]
    settings.CLINIC = replace(settings.CLINIC, translations={"es": {name: "Lo nuestro."}})
    assert "Lo nuestro." in words_on(client, f"/es{address}")


def test_only_people_behind_live_articles_are_named_with_their_credentials(client: Client) -> None:
    author = make_staff(Role.EDITOR, first_name="Ana", last_name="Nova", credentials="RN")
    reviewer = make_staff(Role.REVIEWER, first_name="Ben", last_name="Alba", credentials="MD")
    publish(make_draft(by=author), reviewer=reviewer)
    make_draft(by=make_staff(Role.EDITOR, first_name="Not", last_name="Yet"))
    make_staff(Role.LEAD, first_name="Lea", last_name="Der")
    page = soup_of(client, "/about/people/")
    people = [text_of(each) for each in page.select(".who-list li")]
    assert people == ["Ben Alba MD Reviewed 1 article.", "Ana Nova RN Wrote 1 article."]
    words = page.get_text()
    assert not any(each in words for each in ("Not Yet", "Lea Der", author.username))


def test_people_without_a_name_are_not_listed_by_the_one_they_sign_in_with(client: Client) -> None:
    author = make_staff(Role.EDITOR, first_name="", last_name="")
    reviewer = make_staff(Role.REVIEWER, first_name="", last_name="")
    publish(make_draft(by=author), reviewer=reviewer)
    assert "We can’t name anyone here yet." in words_on(client, "/about/people/")


def test_each_published_correction_is_listed_also_of_an_article_that_is_gone(
    client: Client,
) -> None:
    assert "We haven’t published a correction yet." in words_on(client, "/about/corrections/")
    make_article(title="Still there", correction="It was 4 of 81, not 3.")
    gone = make_article(title="Gone", correction="It was a mouse.")
    make_article(title="Never wrong")
    make_draft(title="Not yet", correction="Nobody has seen this.")
    publishing.retire(gone, because="Old.", version=gone.version, by=make_staff(Role.EDITOR))
    approve_waiting()
    page = soup_of(client, "/about/corrections/")
    assert [each.text.strip() for each in page.select(".ruled h2")] == ["Gone", "Still there"]
    first, second = (text_of(each) for each in page.select(".ruled li"))
    assert "It was a mouse." in first
    assert "We removed this article later." in first
    assert "It was 4 of 81, not 3." in second
    assert [each["href"] for each in page.select(".ruled h2 a")] == [
        *(gone.get_absolute_url(), "/articles/still-there/")
    ]
    assert all(each.select_one("time[datetime]") for each in page.select(".ruled li"))


def test_how_often_we_review_is_what_the_code_does(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = words_on(client, "/about/how-we-write/")
    assert "within 12 months" in said
    assert "within 6 months" in said
    monkeypatch.setattr(evidence_stages, "REVIEW_INTERVAL", timedelta(days=61))
    assert "within 2 months" in words_on(client, "/about/how-we-write/")


def test_every_page_about_us_leads_to_the_others(client: Client) -> None:
    addresses = [
        *("/about/", "/about/how-we-write/", "/about/people/", "/about/funding/"),
        *("/about/complaints/", "/about/corrections/"),
    ]
    for address in addresses:
        page = soup_of(client, address)
        links = page.select("main nav.card a")
        assert [each["href"] for each in links] == addresses
        assert [each["href"] for each in links if each.get("aria-current")] == [address]
        assert page.select('.footer a[href="/about/"]')
