"""The page of one article, and what it tells readers."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from articles.editing import publishing, writing
from articles.evidence_stages import STAGE_MEANINGS, Stage
from articles.models import Article
from portal.models import Role, User
from tests.articles.reading.pages import soup_of, words_of
from tests.factories import (
    approve_waiting,
    make_article,
    make_category,
    make_content,
    make_staff,
    publish,
)

pytestmark = pytest.mark.django_db


def revise(article: Article, **words: Any) -> Article:
    """Save a new draft by another editor."""
    content = make_content(**{"title": article.title, **words})
    by = make_staff(Role.EDITOR)
    return writing.save_revision(article, content, interests="None", version=article.version, by=by)


def test_an_article_shows_its_evidence_stage_reviewer_and_date(client: Client) -> None:
    lupus, kidney = make_category("Lupus"), make_category("Kidney")
    reviewer = make_staff(Role.REVIEWER, credentials="MD, nephrology")
    article = make_article(
        title="Donor cells",
        summary="What one study shows.",
        body="## Study\n\nFoamy *urine*.",
        stage=Stage.PROMISING,
        categories=[lupus, kidney],
        reviewer=reviewer,
    )
    page = soup_of(client, article.get_absolute_url())
    head = page.select_one(".article-head")
    assert head
    words = " ".join(head.get_text(" ").split())
    assert f"How strong is the evidence? Promising. {STAGE_MEANINGS[Stage.PROMISING]}" in words
    assert "Donor cells" in words
    assert "What one study shows." in words
    assert article.approval
    assert article.review_due_at
    reviewed = timezone.localdate(article.approval.at)
    due = timezone.localdate(article.review_due_at)
    assert f"Medically reviewed by {reviewer.public_name} on {reviewed:%B %-d, %Y}." in words
    assert f"Next review: {due:%B %-d, %Y}." in words
    people = page.select_one(".people")
    assert people
    for name in ("Demo Editor", reviewer.public_name, "Conflicts of interest: none."):
        assert name in people.get_text()
    for category in (lupus, kidney):
        assert page.select(f'a[rel="tag"][href="{category.get_absolute_url()}"]')
    assert page.select_one(".prose em")


def test_the_invitation_comes_after_the_evidence_and_names_the_clinic(client: Client) -> None:
    article = make_article()
    html = client.get(article.get_absolute_url()).text
    places = [html.index(f'class="{name}"') for name in ("prose", "people", "invitation")]
    assert all(before < after for before, after in pairwise(places))
    invitation = BeautifulSoup(html, "html.parser").select_one(".invitation")
    assert invitation
    assert "From Care Portal" in invitation.get_text()
    assert "It is separate from the article" in invitation.get_text()
    assert invitation.select(f'a[href^="/care-coordinator/ask/?article={article.slug}"]')


def test_an_overdue_article_says_so(client: Client) -> None:
    article = make_article()
    assert "overdue" not in words_of(client, article)
    assert article.review_due_at
    with time_machine.travel(article.review_due_at + timedelta(hours=1), tick=False):
        assert "overdue for review" in words_of(client, article)


def test_corrections_stay_listed(client: Client) -> None:
    article = make_article()
    with time_machine.travel("2027-03-05T16:00Z", tick=False):
        article = publish(revise(article, correction="It was 4, <b>not</b> 3."))
        article = publish(revise(article))
    words = words_of(client, article)
    assert "Corrections March 5, 2027 : It was 4, <b>not</b> 3." in words
    assert "Last updated March 5, 2027" in words


def test_readers_see_the_old_text_until_the_new_one_is_published(client: Client) -> None:
    article = make_article(body="Old words.")
    article = revise(article, body="New words.", title="New title")
    for _ in range(2):
        assert "Old words." in words_of(client, article)
        assert "New" not in words_of(client, article)
    publish(article)
    words = words_of(client, article)
    assert "New words." in words
    assert "Old words." not in words


def test_a_retired_article_says_why_and_what_to_read_instead(client: Client, editor: User) -> None:
    article, instead = make_article(title="Old"), make_article(title="Newer")
    old_slug = article.slug
    writing.change_slug(article, slug="elsewhere", version=article.version, by=editor)
    approve_waiting()
    article = Article.objects.for_staff().get(pk=article.pk)
    assert words_of(client, article)
    publishing.retire(
        article,
        because="A source was withdrawn.",
        instead=instead,
        version=article.version,
        by=editor,
    )
    assert client.get(f"/articles/{old_slug}/", follow=True).status_code == 410
    page = soup_of(client, article.get_absolute_url(), 410)
    assert "Our editors took it down. Please don’t rely on it." in page.get_text()
    approve_waiting()
    page = soup_of(client, article.get_absolute_url(), 410)
    assert "A source was withdrawn." in page.get_text()
    assert page.select(f'main a[href="{instead.get_absolute_url()}"]')
    assert page.select('meta[name="robots"][content="noindex"]')


def test_every_earlier_address_redirects_to_the_newest(client: Client, editor: User) -> None:
    article = make_article(slug="first")
    for slug in ("second", "third", "second", "fourth"):
        writing.change_slug(article, slug=slug, version=article.version, by=editor)
        approve_waiting()
        article = Article.objects.for_staff().get(pk=article.pk)
    for slug in ("first", "second", "third"):
        response = client.get(f"/articles/{slug}/")
        assert (response.status_code, response["Location"]) == (301, "/articles/fourth/")
    assert client.get("/articles/fourth/").status_code == 200
