"""Comments on a passage: opened, answered, resolved, and carried over to the next version."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from articles.editing import comments, writing
from articles.models import Article, CommentThread, Event
from articles.states import State, StepRefused
from portal.models import Role, User
from tests.articles.editing.verbs import make_in_each_state
from tests.factories import (
    make_commentthread,
    make_draft,
    make_staff,
    passage_key,
)

pytestmark = pytest.mark.django_db

FIRST, SECOND = "Four of 81 people died within a year.", "A test of urine shows protein early on."
BODY = f"{FIRST}\n\n{SECOND}"
OPEN = "1 comment is open. Resolve it first."


@pytest.fixture
def draft(editor: User) -> Article:
    return make_draft(by=editor, body=BODY)


def edit(article: Article, body: str) -> Article:
    article = Article.objects.for_staff().get(pk=article.pk)
    return writing.save_revision(
        article,
        replace(article.head.content, body=body),
        interests="None",
        version=article.version,
        by=make_staff(Role.EDITOR),
    )


def fresh(thread: CommentThread) -> CommentThread:
    return CommentThread.objects.get(pk=thread.pk)


def kinds(article: Article) -> list[str]:
    return list(article.events.order_by("id").values_list("kind", flat=True))


def refused(verb: Callable[..., Any], *args: Any, **arguments: Any) -> str:
    events, threads = Event.objects.count(), list(CommentThread.objects.values())
    with pytest.raises(StepRefused) as refusal:
        verb(*args, **arguments)
    assert Event.objects.count() == events, "nothing has happened"
    assert list(CommentThread.objects.values()) == threads
    return str(refusal.value)


# --- Opened, answered, resolved, reopened ---------------------------------------------------------


def test_a_comment_keeps_what_it_is_about_and_who_said_it(draft: Article, reviewer: User) -> None:
    thread = make_commentthread(
        draft, by=reviewer, words="Four", quote=" Four  of 81 ", text=" Is it 5?\r\nSee p. 3. "
    )
    assert (thread.revision, thread.passage, thread.quote) == (draft.head, FIRST, "Four of 81")
    assert (thread.opened_by, thread.last_by, thread.is_open) == (reviewer, reviewer, True)
    said = thread.comments.get()
    assert (said.by, said.name, said.text) == (reviewer, "", "Is it 5?\nSee p. 3.")
    event = draft.events.get(kind=Event.Kind.COMMENTED)
    assert (event.by, event.revision, event.words) == (reviewer, draft.head, "")


def test_each_verb_leaves_an_event_without_the_words(
    draft: Article, editor: User, reviewer: User
) -> None:
    thread = make_commentthread(draft, by=reviewer)
    comments.answer(thread, text="It is. See the table.", by=editor)
    assert fresh(thread).last_by == editor
    resolved = comments.resolve(thread, by=reviewer)
    assert (resolved.resolved_by, resolved.is_open) == (reviewer, False)
    assert not draft.threads.open().exists()
    reopened = comments.reopen(thread, by=editor)
    assert (reopened.resolved_by, reopened.resolved_at) == (None, None)
    assert kinds(draft) == ["drafted", "commented", "answered", "resolved", "reopened"]
    assert not draft.events.exclude(words="").exists()


def test_a_comment_leaves_unsaved_text_as_it_is(draft: Article, editor: User) -> None:
    make_commentthread(draft)
    saved = writing.save_revision(
        draft,
        replace(draft.head.content, body="New."),
        interests="None",
        version=draft.version,
        by=editor,
    )
    assert saved.head.number == 2


@pytest.mark.parametrize("state", State)
def test_every_version_can_be_commented_on(state: State) -> None:
    article = make_in_each_state(state)
    make_commentthread(article)
    assert article.state == state
    assert article.threads.open().count() == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"text": " \n "}, "Write your comment."),
        ({"text": "x" * 2001}, "A comment can have 2,000 characters."),
        ({"place": "0" * 16 + "-0"}, "This passage isn’t in that version."),
        ({"place": "'; DROP TABLE--"}, "This passage isn’t in that version."),
        ({"quote": "Five of 81"}, "The words you quote aren’t in this passage."),
        ({"quote": "x" * 301}, "A quotation can have 300 characters."),
    ],
)
def test_a_comment_that_says_nothing_or_is_nowhere_is_refused(
    draft: Article, reviewer: User, arguments: dict[str, str], said: str
) -> None:
    given = {"place": passage_key(draft.head, FIRST), "text": "Why?", "by": reviewer, **arguments}
    assert said in refused(comments.open_thread, draft.head, **given)


@pytest.mark.parametrize("quote", ["people died [1]", "Four [2]of 81"])
def test_a_quotation_is_compared_without_marks_of_citations(
    draft: Article, reviewer: User, quote: str
) -> None:
    thread = make_commentthread(draft, by=reviewer, words=FIRST, quote=quote.replace("]of", "] of"))
    assert "[" not in thread.quote


def test_long_comments_fit(draft: Article) -> None:
    assert make_commentthread(draft, text="x" * 2000).comments.get().text == "x" * 2000


#: Who may do what with a thread that a reviewer opened on an editor's article.
MAY = {
    "author": {"open", "answer", "resolve", "reopen"},
    "opener": {"open", "answer", "resolve", "reopen"},
    "another reviewer": {"open", "answer", "resolve", "reopen"},
    "another editor": {"open", "answer"},
    "coordinator": set(),
    "lead": set(),
    "privacy": set(),
}


@pytest.mark.parametrize("who", MAY)
@pytest.mark.parametrize("step", ["open", "answer", "resolve", "reopen"])
def test_who_may_do_what(draft: Article, editor: User, reviewer: User, who: str, step: str) -> None:
    by = {
        "author": lambda: editor,
        "opener": lambda: reviewer,
        "another reviewer": lambda: make_staff(Role.REVIEWER),
        "another editor": lambda: make_staff(Role.EDITOR),
    }.get(who, lambda: make_staff(Role(who)))()
    thread = make_commentthread(draft, by=reviewer)
    if step == "reopen":
        comments.resolve(thread, by=reviewer)
    key = passage_key(draft.head, FIRST)
    verbs: dict[str, Callable[[], Any]] = {
        "open": lambda: comments.open_thread(draft.head, place=key, text="Why?", by=by),
        "answer": lambda: comments.answer(thread, text="So.", by=by),
        "resolve": lambda: comments.resolve(thread, by=by),
        "reopen": lambda: comments.reopen(thread, by=by),
    }
    if step in MAY[who]:
        assert verbs[step]()
    else:
        assert "Only an" in refused(verbs[step])


def test_the_opener_may_resolve_as_an_editor(draft: Article) -> None:
    by = make_staff(Role.EDITOR)
    assert not comments.resolve(make_commentthread(draft, by=by), by=by).is_open


def test_nothing_is_done_twice(draft: Article, editor: User) -> None:
    thread = make_commentthread(draft)
    assert refused(comments.reopen, thread, by=editor) == "This comment is already open."
    comments.resolve(thread, by=editor)
    assert refused(comments.resolve, thread, by=editor) == "This comment is already resolved."
    said = refused(comments.answer, thread, text="But…", by=editor)
    assert said == "This comment is resolved. Reopen it first."


@pytest.mark.parametrize(
    ("who", "may"),
    [("writer", True), ("another reviewer", True), ("author", False), ("coordinator", False)],
)
def test_words_are_erased_for_good_by_their_writer_or_a_reviewer(
    draft: Article, editor: User, who: str, *, may: bool
) -> None:
    writer = make_staff(Role.EDITOR)
    thread = make_commentthread(draft, by=writer, text="Mrs. Cruz told me.")
    by = {
        "writer": lambda: writer,
        "another reviewer": lambda: make_staff(Role.REVIEWER),
        "author": lambda: editor,
        "coordinator": lambda: make_staff(Role.COORDINATOR),
    }[who]()
    said = thread.comments.get()
    if not may:
        assert "Only" in refused(comments.erase_words, said, by=by)
        assert thread.comments.get().text
        return
    erased = comments.erase_words(said, by=by)
    assert (erased.text, erased.erased_by, erased.by) == ("", by, writer)
    assert kinds(draft) == ["drafted", "commented", "erased"]
    assert draft.threads.open().count() == 1, "it waits for an answer as before"
    again = "The words of this comment are already deleted."
    assert refused(comments.erase_words, said, by=by) == again


# --- Carried over ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (f"New.\n\n{SECOND}\n\n{FIRST}", FIRST),
        (BODY.replace("Four", "Five"), FIRST.replace("Four", "Five")),
        (f"{FIRST}\n\n{FIRST}", FIRST),
        (SECOND, None),
    ],
)
def test_an_open_thread_goes_where_its_passage_is(
    draft: Article, body: str, where: str | None
) -> None:
    thread = make_commentthread(draft, words=FIRST)
    head = edit(draft, body).head
    found = fresh(thread)
    assert found.is_placed is (where is not None)
    if where:
        assert f"{found.digest[:16]}-{found.ordinal}" == passage_key(head, where)
    assert found.passage == FIRST, "what was commented on stays"


def test_a_passage_that_comes_back_gets_its_thread_back(draft: Article, editor: User) -> None:
    thread = make_commentthread(draft, words=FIRST)
    article = edit(draft, SECOND)
    assert not fresh(thread).is_placed
    writing.restore_revision(article, number=1, version=article.version, by=editor)
    assert fresh(thread).is_placed


def test_small_changes_do_not_add_up_to_another_statement(draft: Article) -> None:
    thread = make_commentthread(draft, words=FIRST)
    article, steps = (
        draft,
        ("Four of 81 people", "Four of 81 men", "None of 81 men", "None of them"),
    )
    for before, after in pairwise(steps):
        article = edit(article, article.head.body.replace(before, after))
    assert fresh(thread).is_placed, "still 70% of what was commented on"
    edit(article, article.head.body.replace("None of them died", "None of them got ill"))
    assert not fresh(thread).is_placed


def test_a_resolved_thread_stays_where_it_was_until_it_is_reopened(
    draft: Article, editor: User
) -> None:
    thread = make_commentthread(draft, words=FIRST)
    comments.resolve(thread, by=editor)
    edit(draft, SECOND)
    assert fresh(thread).is_placed
    comments.reopen(thread, by=editor)
    assert not fresh(thread).is_placed


def test_a_comment_on_an_older_version_goes_to_the_newest(draft: Article, reviewer: User) -> None:
    key, older = passage_key(draft.head, FIRST), draft.head
    edit(draft, BODY.replace("Four", "Five"))
    thread = comments.open_thread(older, place=key, text="Sure?", by=reviewer)
    assert (thread.revision, thread.passage) == (older, FIRST)
    head = Article.objects.get(pk=draft.pk).head
    assert f"{thread.digest[:16]}-{thread.ordinal}" == passage_key(head, "Five")
