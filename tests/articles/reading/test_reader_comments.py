"""Patient 7: readers' comments on clarity reach the editors, and never a public page."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from articles.models import Article, Feedback, ReaderComment
from articles.reading import feedback
from inquiries.worker import jobs
from portal.http.limits import LIMITS
from portal.models import User
from tests.factories import make_article, make_readercomment

pytestmark = pytest.mark.django_db

WORDS = "What does <b>remission</b> mean?"


@pytest.fixture
def article() -> Article:
    return make_article(body="## What it is\n\nText.\n\n## What to ask\n\nText.\n")


def tell(article: Article, given: dict[str, str], **headers: str) -> Any:
    """Send as a browser without cookies does, with the CSRF check of production."""
    strict = Client(enforce_csrf_checks=True)
    headers = {"origin": "http://testserver"} | headers
    return strict.post(f"{article.get_absolute_url()}tell/", given, headers=headers)


def desk(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/feedback/"


def test_readers_are_told_what_happens_to_their_comment(client: Client, article: Article) -> None:
    page = client.get(article.get_absolute_url()).text
    assert "We only count the answers" in page
    thanks = client.get(f"{article.get_absolute_url()}thanks/").text
    for said in (
        *("Only our editors and reviewers read it", "We don’t publish it", "delete it after 180"),
        *("don’t include your name or anything about your health", "speak with a Care Coordinator"),
    ):
        assert said in thanks
    answer = tell(article, {"section": "on-what-it-is", "text": WORDS})
    assert answer["Location"] == f"{article.get_absolute_url()}thanks/?told"
    assert not answer.cookies
    assert "Our editors will read it" in client.get(answer["Location"]).text


def test_patient_7_editors_see_comments_and_counts_by_article_and_part(
    client: Client, article: Article, editor: User
) -> None:
    for section in ("on-what-it-is", "on-what-it-is", ""):
        tell(article, {"section": section, "text": WORDS})
    today = timezone.localdate()
    feedback.count_answer(article, number=1, choice=Feedback.Answer.HARD_WORDS, on=today)
    client.force_login(editor)
    listed = BeautifulSoup(client.get("/admin/articles/article/").text, "html.parser")
    link = listed.select_one(f'a[href="{desk(article)}"]')
    assert link
    assert link.get_text() == "0 yes, 1 no, 3 to read"
    assert desk(article) in client.get(f"/admin/articles/article/{article.pk}/change/").text
    page = client.get(desk(article)).text
    assert "What it is: 2" in page
    assert "The whole article: 1" in page
    assert "What does &lt;b&gt;remission&lt;/b&gt; mean?" in page


def test_an_article_without_comments_lists_only_its_counts(
    client: Client, article: Article, editor: User
) -> None:
    today = timezone.localdate()
    feedback.count_answer(article, number=1, choice=Feedback.Answer.YES, on=today)
    client.force_login(editor)
    listed = BeautifulSoup(client.get("/admin/articles/article/").text, "html.parser")
    link = listed.select_one(f'a[href="{desk(article)}"]')
    assert link
    assert link.get_text() == "1 yes, 0 no"


def test_readers_comments_appear_on_no_public_page(client: Client, article: Article) -> None:
    tell(article, {"text": "Zanzibar"})
    for address in (article.get_absolute_url(), f"{article.get_absolute_url()}thanks/", "/"):
        assert "Zanzibar" not in client.get(address).text


def test_comments_are_moderated(client: Client, article: Article, editor: User) -> None:
    kept, erased = (make_readercomment(article, text=text) for text in ("Keep me", "I am Ana"))
    client.force_login(editor)
    client.post(f"{desk(article)}{kept.pk}/", {"keep": ""})
    client.post(f"{desk(article)}{erased.pk}/", {"erase": ""})
    page = client.get(desk(article)).text
    assert "Keep me" in page
    assert f"kept by\n                {editor}" in page or f"kept by {editor}" in " ".join(
        page.split()
    )
    assert "I am Ana" not in page
    assert list(ReaderComment.objects.values_list("pk", flat=True)) == [kept.pk]


def test_a_link_to_a_comment_opens_the_full_list_and_decides_nothing(
    client: Client, article: Article, editor: User
) -> None:
    comment = make_readercomment(article)
    client.force_login(editor)
    answer = client.get(f"{desk(article)}{comment.pk}/", {"erase": ""})
    assert answer["Location"] == desk(article)
    assert ReaderComment.objects.get().kept_by is None


def test_comments_are_kept_for_a_limited_time(article: Article) -> None:
    # Noon: near midnight, the clocks' change between the two days would make it one day more.
    noon = timezone.localtime().replace(hour=12)
    with time_machine.travel(noon, tick=False):
        make_readercomment(article)
    with time_machine.travel(noon + timedelta(days=180), tick=False):
        jobs.JOBS["tidy"].do()
        assert ReaderComment.objects.exists()
    with time_machine.travel(noon + timedelta(days=182), tick=False):
        jobs.JOBS["tidy"].do()
    assert not ReaderComment.objects.exists()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Choose a part, or tell us what was unclear"),
        ({"text": "\x00 \n"}, "Choose a part, or tell us what was unclear"),
        ({"text": "x" * 501}, "Use 500 characters or fewer. You used 501."),
        ({"section": "elsewhere", "text": "Typed with care."}, "Choose a part from the list"),
    ],
)
def test_mistakes_are_named_and_the_typed_text_stays(
    article: Article, given: dict[str, str], words: str
) -> None:
    answer = tell(article, given)
    assert answer.status_code == 422
    assert words in answer.text
    assert given.get("text", "").strip("\x00 \n") in answer.text
    assert not ReaderComment.objects.exists()


def test_other_sites_and_bots_cannot_flood_the_desk(article: Article) -> None:
    assert tell(article, {"text": WORDS}, sec_fetch_site="cross-site").status_code == 403
    assert tell(article, {"text": WORDS}, origin="https://evil.example").status_code == 403
    assert tell(article, {"text": WORDS}, sec_fetch_site="same-origin").status_code == 302
    ReaderComment.objects.all().delete()
    for _ in range(feedback.MAX_COMMENTS_PER_DAY + 2):
        make_readercomment(article)
    assert ReaderComment.objects.count() == feedback.MAX_COMMENTS_PER_DAY
    assert "articles:tell" in LIMITS


def test_a_comment_does_not_reveal_who_wrote_it() -> None:
    assert {field.name for field in ReaderComment._meta.get_fields()} == {
        *("id", "revision", "section", "text", "day", "kept_by")
    }
