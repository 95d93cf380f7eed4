"""The page of one article: what a reader is told of it, what machines read, what it costs."""

import json
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from articles import checking, rendering
from articles.editing import previews, publishing, reviewing, writing
from articles.models import Article, Event, PreviewLink
from articles.reading import page_cache, pages
from articles.rendering.library_snapshot import LibrarySnapshot
from articles.stages import STAGE_MEANINGS, Stage
from articles.states import StepRefused
from portal.models import Role, User
from tests.factories import (
    make_article,
    make_category,
    make_content,
    make_draft,
    make_reference,
    make_staff,
    publish,
)
from tests.portal.accounts.devices import enter

pytestmark = pytest.mark.django_db

EVIL = "</script><script>alert(1)</script>"


def soup_of(client: Client, address: str, status: int = 200) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == status
    return BeautifulSoup(response.text, "html.parser")


def words_of(client: Client, article: Article, status: int = 200) -> str:
    main = soup_of(client, article.get_absolute_url(), status).select_one("main")
    assert main
    return " ".join(main.get_text(" ").split())


def revise(article: Article, **words: Any) -> Article:
    """A new draft by another editor."""
    content = make_content(**{"title": article.title, **words})
    by = make_staff(Role.EDITOR)
    return writing.save_revision(article, content, interests="None", version=article.version, by=by)


# --- What a reader is told ------------------------------------------------------------------------


def test_it_says_how_well_it_is_known_who_says_so_and_when(client: Client) -> None:
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
    assert f"How well is this known? Promising. {STAGE_MEANINGS[Stage.PROMISING]}" in words
    assert "Donor cells" in words
    assert "What one study shows." in words
    assert article.approval
    assert article.review_due_at
    reviewed = timezone.localdate(article.approval.at)
    due = timezone.localdate(article.review_due_at)
    assert f"Last reviewed on {reviewed:%-d %B %Y} by {reviewer.public_name}" in words
    assert f"Next review due on {due:%-d %B %Y}" in words
    people = page.select_one(".people")
    assert people
    for name in ("Demo Editor", reviewer.public_name, "Declared interests: None"):
        assert name in people.get_text()
    for category in (lupus, kidney):
        assert head.select(f'a[rel="tag"][href="{category.get_absolute_url()}"]')
    assert page.select_one(".prose em")


def test_the_invitation_comes_after_the_evidence_and_names_the_clinic(client: Client) -> None:
    article = make_article()
    html = client.get(article.get_absolute_url()).text
    places = [html.index(f'class="{name}"') for name in ("prose", "people", "invitation")]
    assert all(before < after for before, after in pairwise(places))
    invitation = BeautifulSoup(html, "html.parser").select_one(".invitation")
    assert invitation
    assert "From Care Portal" in invitation.get_text()
    assert "not part of the evidence" in invitation.get_text()
    assert invitation.select(f'a[href^="/care-coordinator/ask/?article={article.slug}"]')


def test_an_overdue_article_says_so(client: Client) -> None:
    article = make_article()
    assert "overdue" not in words_of(client, article)
    assert article.review_due_at
    with time_machine.travel(article.review_due_at + timedelta(hours=1), tick=False):
        assert "overdue for a new review" in words_of(client, article)


def test_what_was_corrected_stays_said(client: Client) -> None:
    article = make_article()
    with time_machine.travel("2027-03-05T16:00Z", tick=False):
        article = publish(revise(article, correction="It was 4, <b>not</b> 3."))
        article = publish(revise(article))
    words = words_of(client, article)
    assert "Corrections 5 March 2027 : It was 4, <b>not</b> 3." in words
    assert "Last changed 5 March 2027" in words


def test_readers_see_the_old_words_until_the_new_ones_are_published(client: Client) -> None:
    article = make_article(body="Old words.")
    article = revise(article, body="New words.", title="New title")
    for _ in range(2):
        assert "Old words." in words_of(client, article)
        assert "New" not in words_of(client, article)
    publish(article)
    words = words_of(client, article)
    assert "New words." in words
    assert "Old words." not in words


# --- Taken down, moved ----------------------------------------------------------------------------


def test_a_retired_article_says_why_and_what_to_read_instead(client: Client, editor: User) -> None:
    article, instead = make_article(title="Old"), make_article(title="Newer")
    old_slug = article.slug
    article = writing.change_slug(article, slug="elsewhere", version=article.version, by=editor)
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
    assert "A source was withdrawn." in page.get_text()
    assert page.select(f'main a[href="{instead.get_absolute_url()}"]')
    assert page.select('meta[name="robots"][content="noindex"]')


def test_every_earlier_address_leads_to_the_newest(client: Client, editor: User) -> None:
    article = make_article(slug="first")
    for slug in ("second", "third", "second", "fourth"):
        article = writing.change_slug(article, slug=slug, version=article.version, by=editor)
    for slug in ("first", "second", "third"):
        response = client.get(f"/articles/{slug}/")
        assert (response.status_code, response["Location"]) == (301, "/articles/fourth/")
    assert client.get("/articles/fourth/").status_code == 200


# --- For who has a preview link -------------------------------------------------------------------


@pytest.mark.parametrize(("days", "is_taken"), [(0, False), (1, True), (30, True), (31, False)])
def test_a_preview_link_holds_for_thirty_days_at_most(
    editor: User, days: int, *, is_taken: bool
) -> None:
    draft = make_draft()
    if is_taken:
        link, _ = previews.create_preview_link(draft, days=days, by=editor)
        assert link.expires_at - link.made_at == timedelta(days=days)
        return
    with pytest.raises(StepRefused, match="for 1 to 30 days"):
        previews.create_preview_link(draft, days=days, by=editor)


def test_a_preview_link_shows_one_revision_without_an_account(client: Client, editor: User) -> None:
    article = revise(make_article(title="Live"), title="Draft", body="New words.")
    link, secret = previews.create_preview_link(article, days=2, by=editor)
    address = f"/preview/{secret}/"
    response = client.get(address)
    assert "Preview of revision 2" in response.text
    assert "New words." in response.text
    assert "noindex" in response["X-Robots-Tag"]
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert not response.cookies
    assert "ld+json" not in response.text
    assert 'rel="canonical"' not in response.text
    assert "/clear/" not in response.text
    with time_machine.travel(link.expires_at, tick=False):
        assert client.get(address).status_code == 404
    previews.end_preview_link(link, by=editor)
    assert client.get(address).status_code == 404
    assert client.get("/preview/guessed/").status_code == 404
    assert secret not in str(PreviewLink.objects.values())


def test_a_preview_link_ends_once(editor: User) -> None:
    link, _ = previews.create_preview_link(make_draft(), days=2, by=editor)
    ended = previews.end_preview_link(PreviewLink.objects.get(), by=editor)
    previews.end_preview_link(link, by=editor)
    assert PreviewLink.objects.get().ended_at == ended.ended_at
    assert Event.objects.filter(kind=Event.Kind.UNSHARED).count() == 1


# --- For machines ---------------------------------------------------------------------------------


def linked_data(client: Client, article: Article) -> dict[str, Any]:
    found = soup_of(client, article.get_absolute_url()).select('script[type="application/ld+json"]')
    assert len(found) == 1
    data: dict[str, Any] = json.loads(found[0].text)
    return data


def test_search_engines_are_told_who_reviewed_what_and_when(client: Client) -> None:
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
    with time_machine.travel("2027-03-05T02:00Z", tick=False):  # still the 4th in New York
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


def test_a_shared_link_brings_its_title_summary_and_one_address(client: Client) -> None:
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


# --- What it costs --------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 4])
def test_it_takes_four_queries_and_one_once_somebody_has_read_it(
    client: Client, size: int, django_assert_num_queries: Any
) -> None:
    categories = [make_category() for _ in range(size)]
    article = make_article(categories=categories, body="".join(map("## {}\n\n".format, "abcdef")))
    for number in range(size):
        make_article(categories=categories)
        article = publish(revise(article, correction=f"Wrong {number}."))
    with django_assert_num_queries(4):
        response = client.get(article.get_absolute_url())
    with django_assert_num_queries(1):
        assert client.get(article.get_absolute_url()).content == response.content
    found = BeautifulSoup(response.text, "html.parser")
    assert len(found.select("a[rel=tag]")) == size
    assert len(found.select(".people li")) == size + 2
    assert len(found.select(".corrections li")) == size
    assert len(found.select(".related li")) == min(size, 3)
    with django_assert_num_queries(1):
        again = client.get(article.get_absolute_url(), headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
    assert not again.content


def test_nothing_is_rendered_while_a_reader_waits_and_no_cookie_set(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = make_article()

    def never(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("rendered for a reader")

    monkeypatch.setattr(rendering, "render", never)
    response = client.get(article.get_absolute_url())
    assert response["Cache-Control"] == "public, max-age=60"
    assert not response.cookies
    assert "cookie" not in response.get("Vary", "").lower()


def test_what_other_rows_lend_to_a_page_is_at_most_a_minute_old(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lupus = make_category("Lupus")
    article = make_article(categories=[lupus])
    assert "Lupus" in words_of(client, article)
    type(lupus).objects.update(name="SLE")
    monkeypatch.setattr(page_cache, "SECONDS", 0)
    assert "SLE" in words_of(client, article)


def test_a_page_made_anew_is_seen_at_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    article = make_article(body="Old words.")
    assert "Old words." in words_of(client, article)
    remade = rendering.render(make_content(body="Same, with a notice."), LibrarySnapshot())
    monkeypatch.setattr(rendering, "render", lambda *_: remade)
    pages.build_page(article)
    assert "Same, with a notice." in words_of(client, article)


def test_what_no_reader_sees_has_no_page() -> None:
    with pytest.raises(ValueError, match="has no page"):
        pages.build_page(make_draft())


def test_pages_name_a_person_as_she_is_named_now(client: Client, reviewer: User) -> None:
    article = make_article(reviewer=reviewer)
    untouched = Article.objects.get(pk=make_article().pk)
    enter(client, make_staff(is_superuser=True))
    typed = {"username": reviewer.username, "role": reviewer.role, "is_active": "on"}
    typed |= {"is_staff": "on", "first_name": "Ana", "last_name": "Nova", "credentials": "MD"}
    saved = client.post(f"/admin/portal/user/{reviewer.pk}/change/", typed)
    assert saved.status_code == 302
    assert linked_data(client, article)["reviewedBy"]["name"] == "Ana Nova, MD"
    as_of = untouched.updated_at
    untouched.refresh_from_db()
    assert untouched.updated_at == as_of, "only those that name her are made anew"
