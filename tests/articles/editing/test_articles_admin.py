"""The staff lists of articles and of topics."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.editing import writing
from articles.models import Article, Category, Proposal
from portal.models import User
from tests.articles.editing.admin_pages import LIST, words_of
from tests.factories import approve_waiting, make_article, make_content, make_draft

pytestmark = pytest.mark.django_db


def test_the_list_shows_each_status_and_limits_its_count(client: Client, editor: User) -> None:
    live = make_article(title="Seen")
    writing.save_revision(live, make_content(), version=live.version, by=editor)
    make_draft(title="Unseen", stage="early")
    client.force_login(editor)
    with CaptureQueriesContext(connection) as asked:
        page = words_of(client.get(LIST))
    assert "Revision 1 (there is a draft)" in page
    assert not [each for each in asked if "COUNT(*)" in each["sql"] and "LIMIT" not in each["sql"]]
    for chosen, seen in (
        ("live=draft", "Seen"),
        ("live=no", "Unseen"),
        ("head__stage=early", "Unseen"),
    ):
        titles = BeautifulSoup(client.get(f"{LIST}?{chosen}").text, "html.parser")
        assert [each.text for each in titles.select("th.field-title")] == [seen]


def test_a_stage_takes_two_or_three_words_of_a_row(client: Client, editor: User) -> None:
    for stage in ("none", "not_proven", ""):
        make_draft(title=stage or "new", stage=stage)
    client.force_login(editor)
    page = BeautifulSoup(client.get(LIST).text, "html.parser")
    shown = {each.text for each in page.select("td.field-stage")}
    assert shown == {"No claim", "Not proven", "Not chosen yet"}


def test_the_review_list_shows_the_longest_overdue_first(client: Client, reviewer: User) -> None:
    now = timezone.now()
    for title, days in (("Fresh", 30), ("Late", -1), ("Later still", -9)):
        article = make_article(title=title)
        Article.objects.filter(pk=article.pk).update(review_due_at=now + timedelta(days=days))
    make_draft(title="Nobody sees it")
    client.force_login(reviewer)
    page = BeautifulSoup(client.get(f"{LIST}due/").text, "html.parser")
    assert [each.text for each in page.select("tbody th")] == ["Later still", "Late", "Fresh"]
    for start in ("/admin/", LIST):
        assert f"{LIST}due/" in client.get(start).text


def test_reviewers_edit_a_topic_and_its_address_stays_the_same(
    client: Client, reviewer: User
) -> None:
    client.force_login(reviewer)
    new = {"name": "Gout", "slug": "gout", "description": "Pages about gout."}
    new |= {"opened_version": "0"}
    assert client.post("/admin/articles/category/add/", new).status_code == 302
    assert not Category.objects.filter(name="Gout").exists()
    approve_waiting()
    category = Category.objects.get(name="Gout")
    changed = {"name": "Gout and joints", "slug": "moved", "description": ""}
    changed |= {"opened_version": "0"}
    client.post(f"/admin/articles/category/{category.pk}/change/", changed)
    approve_waiting()
    category.refresh_from_db()
    assert (category.name, category.slug) == ("Gout and joints", "gout")
    broken = {"name": "Gout\x0bfoot", "slug": "foot", "description": ""}
    broken |= {"opened_version": "0"}
    client.post("/admin/articles/category/add/", broken)
    assert Proposal.objects.waiting().get().after["name"] == "Gout foot"
