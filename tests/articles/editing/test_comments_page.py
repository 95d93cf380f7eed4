"""The review page: a version as readers will see it, with what colleagues say about it."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.editing import comments
from articles.models import Article, Comment, CommentThread, LastRead, Reference
from portal.models import Role, User
from tests.articles.editing.admin_pages import LIST, page_of, words_of
from tests.articles.editing.test_comments import BODY, FIRST, SECOND, edit
from tests.factories import (
    approve,
    make_article,
    make_commentthread,
    make_draft,
    make_staff,
    passage_key,
    submit,
)

pytestmark = pytest.mark.django_db

HOSTILE = '<script>alert(1)</script>{{ request }}\u202e’"; DROP TABLE'


@pytest.fixture
def draft(editor: User) -> Article:
    return make_draft(by=editor, title="Kidney tests", body=BODY)


@pytest.fixture
def signed_in(client: Client, reviewer: User) -> Client:
    client.force_login(reviewer)
    return client


def soup(client: Client, article: Article, query: str = "") -> BeautifulSoup:
    return BeautifulSoup(client.get(page_of(article, "review") + query).text, "html.parser")


def send(client: Client, article: Article, **fields: Any) -> Any:
    given = {"place": passage_key(article.head, FIRST), "revision": 1, "text": "Why?", **fields}
    return client.post(page_of(article, "review"), given)


def take(client: Client, thread: CommentThread, taken: str, **fields: str) -> Any:
    address = f"{page_of(thread.article, 'review')}{thread.pk}/"
    return client.post(address, {"taken": taken, **fields}, follow=True)


def test_every_passage_offers_a_comment_and_one_form_opens(
    signed_in: Client, draft: Article
) -> None:
    page = soup(signed_in, draft)
    said = [" ".join(each.get_text(" ").split()) for each in page.select(".comment-here")]
    assert said[0] == "Comment on “Kidney tests”"
    assert f"Comment on “{FIRST}”" in said
    assert not page.select(".comment-form")
    link = next(each for each in page.select(".comment-here") if FIRST in each.text)
    opened = soup(signed_in, draft, str(link["href"]).partition("#")[0].partition("/review/")[2])
    [form] = opened.select(".comment-form")
    passage = form.find_parent(class_="passage")
    assert passage
    before = passage.find_previous_sibling("p")
    assert before
    assert before.text == FIRST
    assert str(link["href"]).endswith(f"#{passage['id']}")


def test_a_comment_is_shown_at_its_place_and_in_a_list_that_leads_there(
    signed_in: Client, draft: Article, reviewer: User
) -> None:
    response = send(signed_in, draft, quote="Four of 81", text="Is it\n5?")
    thread = CommentThread.objects.get()
    assert response.headers["Location"].endswith(f"/review/#comment-{thread.pk}")
    page = soup(signed_in, draft)
    shown = page.select_one(f"#comment-{thread.pk}")
    assert shown
    words = " ".join(shown.get_text(" ").split())
    assert "Four of 81" in words
    assert "Is it 5?" in words
    assert str(reviewer) in words
    before = shown.find_parent(class_="passage").find_previous_sibling("p")  # type: ignore[union-attr]
    assert before
    assert before.text == FIRST
    [link] = page.select(".comment-list a")
    assert str(link["href"]).endswith(f"#comment-{thread.pk}")
    assert "1 open comment" in words_of(signed_in.get(page_of(draft, "review")))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": " "}, "Write your comment"),
        ({"quote": "Five"}, "The words you quote aren’t in this passage."),
        ({"text": "x" * 2001}, "at most 2000 characters"),
        ({"place": "0-0"}, "This passage isn’t in that version."),
    ],
)
def test_a_refused_comment_is_shown_again_with_what_was_typed(
    signed_in: Client, draft: Article, fields: dict[str, str], said: str
) -> None:
    response = send(signed_in, draft, **{"text": "Kept words", **fields})
    assert response.status_code == 422
    assert said in response.text
    assert fields.get("text", "Kept words").strip() in response.text
    assert response.text.count('class="comment-form"') == 1
    assert not Comment.objects.exists()


def test_threads_are_answered_resolved_and_reopened_on_the_page(
    signed_in: Client, draft: Article, reviewer: User
) -> None:
    thread = make_commentthread(draft)
    assert "Your answer was added." in take(signed_in, thread, "answer", text="See p. 3.").text
    page = take(signed_in, thread, "resolve")
    assert "The comment was resolved." in page.text
    assert f"Resolved by {reviewer}," in words_of(page)
    assert "0 open comments" in words_of(page)
    assert "The comment is open again." in take(signed_in, thread, "reopen").text
    assert thread.comments.count() == 2


def test_what_is_refused_is_said_and_an_empty_answer_asked_again(
    signed_in: Client, draft: Article
) -> None:
    thread = make_commentthread(draft)
    assert "This comment is already open." in take(signed_in, thread, "reopen").text
    empty = take(signed_in, thread, "answer", text=" ")
    assert empty.status_code == 422
    assert "Write your answer" in empty.text
    assert '<details class="comment-answer" open>' in empty.text
    assert take(signed_in, thread, "approve").status_code == 404
    other = page_of(make_draft(), "review")
    assert signed_in.post(f"{other}{thread.pk}/", {"taken": "resolve"}).status_code == 404
    back = signed_in.get(f"{page_of(draft, 'review')}{thread.pk}/")
    assert back.headers["Location"].endswith(f"#comment-{thread.pk}")


def test_an_answer_that_comes_too_late_is_not_lost(
    signed_in: Client, draft: Article, editor: User
) -> None:
    thread = make_commentthread(draft)
    comments.resolve(thread, by=editor)
    page = take(signed_in, thread, "answer", text="My long answer")
    assert page.status_code == 422
    assert "This comment is resolved. Reopen it first." in page.text
    assert "My long answer" in page.text
    assert "<details open>" in page.text


def test_words_that_should_not_be_there_are_deleted_on_the_page(
    signed_in: Client, draft: Article, editor: User
) -> None:
    thread = make_commentthread(draft, by=editor, text="Mrs. Cruz told me.")
    said = thread.comments.get()
    assert take(signed_in, thread, "erase", comment="x").status_code == 404
    other = make_commentthread(draft).comments.get()
    assert take(signed_in, thread, "erase", comment=f"{other.pk}").status_code == 404
    page = take(signed_in, thread, "erase", comment=f"{said.pk}")
    assert "The words were deleted." in page.text
    assert "Cruz" not in page.text
    assert page.text.count('value="erase"') == 1, "of the other comment"


def test_only_who_may_resolve_is_offered_to(client: Client, draft: Article) -> None:
    thread = make_commentthread(draft)
    client.force_login(make_staff(Role.EDITOR))
    assert 'value="resolve"' not in client.get(page_of(draft, "review")).text
    assert "Only an author of the article" in take(client, thread, "resolve").text
    comments.resolve(thread, by=make_staff(Role.REVIEWER))
    assert 'value="reopen"' not in client.get(page_of(draft, "review")).text


def test_a_thread_follows_its_passage_or_says_that_it_is_gone(
    signed_in: Client, draft: Article
) -> None:
    changed = make_commentthread(draft, words=FIRST)
    gone = make_commentthread(draft, words=SECOND)
    edit(draft, FIRST.replace("Four", "Five"))
    page = soup(signed_in, draft)
    at_place = page.select_one(f".passage #comment-{changed.pk}")
    assert at_place
    assert "About revision 1. The passage has changed since." in " ".join(at_place.text.split())
    assert FIRST in at_place.text
    lost = page.select_one(f".comment-list #comment-{gone.pk}")
    assert lost
    assert SECOND in lost.text
    assert lost.find_previous("h2").text == "About a passage that is no longer there"  # type: ignore[union-attr]


def test_a_source_that_the_library_changes_keeps_its_comment(
    signed_in: Client, editor: User
) -> None:
    article = make_article()
    source = Reference.objects.get()
    thread = make_commentthread(article, words=source.title)
    Reference.objects.update(title=f"{source.title}, again")
    assert soup(signed_in, article).select_one(f".passage #comment-{thread.pk}")


def test_what_changed_since_they_last_read_is_offered(signed_in: Client, draft: Article) -> None:
    offer = "What changed since you last read (revision 1)"
    address = page_of(draft, "review")
    for _ in range(2):
        assert "What changed since" not in signed_in.get(address).text
    edit(draft, f"{BODY}\n\nNew words.")
    for _ in range(2):
        assert offer in words_of(signed_in.get(address)), "still there after a reload"
    link = soup(signed_in, draft).select_one(".comment-ways a")
    assert link
    assert "New words." in signed_in.get(str(link["href"])).text
    edit(draft, "Other words.")
    assert "(revision 2)" in words_of(signed_in.get(address))
    assert LastRead.objects.count() == 1


def test_nothing_hostile_gets_out(signed_in: Client, draft: Article) -> None:
    send(signed_in, draft, text=HOSTILE)
    page = signed_in.get(page_of(draft, "review")).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "{{ request }}" in page
    assert "\u202e" not in page


def test_open_comments_are_named_before_a_step_and_no_button_is_offered(
    signed_in: Client, editor: User
) -> None:
    article = submit(make_draft(by=editor))
    thread = make_commentthread(article)
    for address in (page_of(article), page_of(article, "step/approve")):
        assert "1 comment is open. Resolve it first." in words_of(signed_in.get(address))
    step = BeautifulSoup(signed_in.get(page_of(article, "step/approve")).text, "html.parser")
    assert not step.select(".step-form")
    [link] = step.select(".errornote a")
    assert str(link["href"]) == f"{page_of(article, 'review')}#comment-{thread.pk}"
    comments.resolve(thread, by=editor)
    assert 'class="step-form"' in signed_in.get(page_of(article, "step/approve")).text
    approved = approve(article)
    make_commentthread(approved)
    for page in ("step/publish", "step/schedule"):
        assert 'class="step-form"' not in signed_in.get(page_of(approved, page)).text
    live = make_article()
    make_commentthread(live)
    assert 'class="step-form"' not in signed_in.get(page_of(live, "confirm")).text


def test_the_page_takes_as_many_queries_for_one_thread_as_for_ten(
    signed_in: Client, draft: Article
) -> None:
    made = []
    for number in (1, 9):
        for _ in range(number):
            thread = make_commentthread(draft, words=SECOND)
            comments.answer(thread, text="Yes.", by=make_staff(Role.EDITOR))
            comments.resolve(make_commentthread(draft), by=make_staff(Role.REVIEWER))
        signed_in.get(page_of(draft, "review"))
        with CaptureQueriesContext(connection) as asked:
            signed_in.get(page_of(draft, "review"))
        made.append(len(asked))
    assert made[0] == made[1] <= 20, made


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER])
def test_the_start_page_counts_what_was_said_and_what_was_answered(
    client: Client, draft: Article, editor: User, reviewer: User, role: Role
) -> None:
    thread = make_commentthread(draft, by=reviewer)
    make_commentthread(by=reviewer, article=make_draft())
    comments.answer(thread, text="It is.", by=editor)
    client.force_login({Role.EDITOR: editor, Role.REVIEWER: reviewer}[role])
    label, mine = {
        Role.EDITOR: ("Comments on what I wrote", "comments"),
        Role.REVIEWER: ("My comments, answered", "answers"),
    }[role]
    page = BeautifulSoup(client.get("/admin/").text, "html.parser")
    figure = next(each for each in page.select(".figures a") if label in each.text)
    assert figure["href"] == f"{LIST}?mine={mine}"
    assert "1" in figure.text
    listed = BeautifulSoup(client.get(f"{LIST}?mine={mine}").text, "html.parser")
    assert [each.text for each in listed.select("th.field-title")] == ["Kidney tests"]
    comments.resolve(thread, by=reviewer)
    page = BeautifulSoup(client.get("/admin/").text, "html.parser")
    assert not any(label in each.text and "1" in each.text for each in page.select(".figures a"))


def test_readers_see_nothing_of_it(client: Client) -> None:
    article = make_article()
    address = article.get_absolute_url()
    before = client.get(address).content
    make_commentthread(article, text="Our secret")
    assert client.get(address).content == before
    assert b"comment-here" not in before
    assert b"comments.css" not in before
