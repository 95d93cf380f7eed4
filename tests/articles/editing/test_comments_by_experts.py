"""Experts without an account comment by the preview link; they see no thread and decide nothing."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client, override_settings

from articles.editing import comments, previews
from articles.models import Article, Comment, CommentThread, Event, PreviewLink
from portal.http.limits import LIMITS, Limit
from portal.models import User
from tests.articles.editing.admin_pages import page_of, words_of
from tests.articles.editing.test_comments import BODY, FIRST, edit, refused
from tests.articles.editing.test_comments_page import HOSTILE
from tests.factories import make_commentthread, make_draft, passage_key

pytestmark = pytest.mark.django_db

SAME_SITE = {"sec-fetch-site": "same-origin"}
THANKS = "Thank you. Your comment was sent to the editors."


@pytest.fixture
def draft(editor: User) -> Article:
    return make_draft(by=editor, body=BODY)


@pytest.fixture
def shared(draft: Article, editor: User) -> tuple[PreviewLink, str]:
    return previews.create_preview_link(draft, days=7, by=editor)


def send(client: Client, shared: tuple[PreviewLink, str], **fields: str) -> Any:
    link, secret = shared
    given = {
        "place": passage_key(link.revision, FIRST),
        "revision": "1",
        "name": "Dr. Ana Nieves",
        "text": "I would say “about”.",
        **fields,
    }
    return client.post(f"/preview/{secret}/comment/", given, headers=SAME_SITE)


def test_an_expert_comments_by_the_link_and_is_thanked(
    client: Client, draft: Article, shared: tuple[PreviewLink, str], reviewer: User
) -> None:
    link, secret = shared
    page = BeautifulSoup(client.get(f"/preview/{secret}/").text, "html.parser")
    way = next(each for each in page.select(".comment-here") if FIRST in each.text)
    opened = client.get(str(way["href"]).partition("#")[0])
    assert "Your name" in opened.text
    assert not opened.cookies
    response = send(client, shared, quote="Four of 81")
    assert response.headers["Location"] == f"/preview/{secret}/?sent"
    assert THANKS in words_of(client.get(response.headers["Location"]))
    thread = CommentThread.objects.get()
    said = thread.comments.get()
    assert (thread.opened_by, thread.last_by, thread.quote) == (None, None, "Four of 81")
    assert (said.by, said.name, said.link) == (None, "Dr. Ana Nieves", link)
    assert draft.events.get(kind=Event.Kind.COMMENTED).by is None
    client.force_login(reviewer)
    shown = words_of(client.get(page_of(draft, "review")))
    assert "An expert with the link (name as they gave it: Dr. Ana Nieves)" in shown
    assert "by an expert with a preview link" in words_of(client.get(page_of(draft, "revisions")))


def test_an_expert_sees_no_thread_and_can_do_nothing_with_one(
    client: Client, draft: Article, shared: tuple[PreviewLink, str]
) -> None:
    thread = make_commentthread(draft, text="Our own words")
    send(client, shared, text="Their own words")
    page = client.get(f"/preview/{shared[1]}/?sent").text
    assert "own words" not in page
    assert "comment-thread" not in page
    for taken in ("answer", "resolve", "reopen"):
        sent = {"taken": taken, "text": "Mine"}
        assert client.post(f"{page_of(draft, 'review')}{thread.pk}/", sent).status_code == 401
    assert CommentThread.objects.open().count() == 2
    assert Comment.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": " "}, "Give your name"),
        ({"text": " "}, "Write your comment"),
        ({"name": "x" * 81}, "at most 80 characters"),
        ({"text": "x" * 2001}, "at most 2000 characters"),
        ({"quote": "x" * 301}, "at most 300 characters"),
        ({"quote": "Five of 81"}, "The words you quote aren’t in this passage."),
        ({"place": "0-0"}, "This passage isn’t in that version."),
        ({"place": ""}, "Choose a passage of this page"),
        ({"revision": "x"}, "Choose a passage of this page"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    client: Client, shared: tuple[PreviewLink, str], fields: dict[str, str], said: str
) -> None:
    response = send(client, shared, **fields)
    assert response.status_code == 422
    assert said in words_of(response)
    assert response.text.count('class="comment-form"') == 1
    kept = {"name": "Dr. Ana Nieves", "text": "I would say “about”."}
    assert all(typed in response.text for name, typed in kept.items() if name not in fields)
    assert not Comment.objects.exists()


def test_the_verb_refuses_what_a_form_would(shared: tuple[PreviewLink, str]) -> None:
    link, _ = shared
    given = {"place": passage_key(link.revision, FIRST), "name": "Ana", "text": "Hm."}
    verb = comments.open_thread_as_expert
    assert refused(verb, link, **{**given, "name": " \u200b"}) == "Give your name."
    assert refused(verb, link, **{**given, "name": "x" * 81}) == "A name can have 80 characters."
    assert refused(verb, link, **{**given, "text": ""}) == "Write your comment."


def test_a_link_that_has_ended_takes_nothing(
    client: Client, shared: tuple[PreviewLink, str], editor: User
) -> None:
    link, _ = shared
    with time_machine.travel(link.expires_at, tick=False):
        assert send(client, shared).status_code == 404
        said = "This link has expired or was revoked, so your comment wasn’t sent."
        place = passage_key(link.revision, FIRST)
        given = {"place": place, "name": "Ana", "text": "Hm."}
        assert refused(comments.open_thread_as_expert, link, **given) == said
    previews.end_preview_link(link, by=editor)
    assert send(client, shared).status_code == 404
    assert refused(comments.open_thread_as_expert, link, **given) == said
    assert send(client, (link, "guessed")).status_code == 404
    assert not Comment.objects.exists()


def test_a_link_takes_fifty_comments(shared: tuple[PreviewLink, str]) -> None:
    link, _ = shared
    given = {"place": passage_key(link.revision, FIRST), "name": "Ana", "text": "Hm."}
    thread = comments.open_thread_as_expert(link, **given)
    said = thread.comments.get()
    more = [Comment(thread=thread, name="Ana", link=link, text="Hm.", at=said.at)] * 48
    Comment.objects.bulk_create(more)
    comments.open_thread_as_expert(link, **given)
    said_no = refused(comments.open_thread_as_expert, link, **given)
    assert said_no == ("This link takes no more comments. Please write to whoever sent it to you.")


@override_settings(RATE_LIMITS_ENABLED=True)
def test_one_address_sends_ten_comments_in_ten_minutes(
    client: Client, shared: tuple[PreviewLink, str]
) -> None:
    assert LIMITS["articles:comment"] == Limit(10, 600, "address")
    assert {send(client, shared, text=" ").status_code for _ in range(10)} == {422}
    assert send(client, shared).status_code == 429
    assert client.get(f"/preview/{shared[1]}/").status_code == 200, "reading is not limited"


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {}]
)
def test_no_other_site_can_send_one(
    client: Client, shared: tuple[PreviewLink, str], headers: dict[str, str]
) -> None:
    address = f"/preview/{shared[1]}/comment/"
    assert client.post(address, {}, headers=headers).status_code == 403
    assert client.get(address).status_code == 405


def test_nothing_hostile_gets_out(
    client: Client, draft: Article, shared: tuple[PreviewLink, str], reviewer: User
) -> None:
    for page in (
        send(client, shared, name=HOSTILE[:80], text=HOSTILE, quote="Five"),
        client.get(f"/preview/{shared[1]}/?at=%3Cscript%3Ealert(1)"),
    ):
        assert "<script>alert" not in page.text
    send(client, shared, name=HOSTILE[:80], text=HOSTILE)
    client.force_login(reviewer)
    page = client.get(page_of(draft, "review")).text
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert not Event.objects.filter(words__contains="script").exists()


def test_the_page_stays_secret(client: Client, shared: tuple[PreviewLink, str]) -> None:
    for page in (
        client.get(f"/preview/{shared[1]}/?sent"),
        send(client, shared, text=""),
        send(client, shared),
    ):
        assert page["Referrer-Policy"] == "no-referrer"
        assert page["X-Robots-Tag"] == "noindex"
        assert "no-store" in page["Cache-Control"]
        assert not page.cookies


def test_a_comment_on_an_older_version_arrives_at_the_newest(
    client: Client, draft: Article, shared: tuple[PreviewLink, str]
) -> None:
    edit(draft, BODY.replace("Four", "Five"))
    send(client, shared)
    thread = CommentThread.objects.get()
    assert (thread.revision.number, thread.is_placed) == (1, True)
    assert thread.passage == FIRST


def test_a_comment_outlives_its_link(client: Client, shared: tuple[PreviewLink, str]) -> None:
    send(client, shared)
    previews.delete_old_links(shared[0].expires_at + timedelta(days=31))
    said = Comment.objects.get()
    assert (said.link, said.name) == (None, "Dr. Ana Nieves")


def test_an_experts_words_and_name_can_be_erased(
    client: Client, draft: Article, shared: tuple[PreviewLink, str], reviewer: User
) -> None:
    send(client, shared)
    erased = comments.erase_words(Comment.objects.get(), by=reviewer)
    assert (erased.text, erased.name, erased.erased_by) == ("", "–", reviewer)
