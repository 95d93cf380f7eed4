"""What an editor types is kept for them alone, and never in the place of something newer."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from articles.editing import kept_texts, writing
from articles.editing.kept_texts import MOST, Overtaken, Window, WindowClosed
from articles.models import Article, KeptText
from articles.states import StepRefused
from inquiries.worker import jobs
from portal.models import Role, User
from tests.factories import make_content, make_draft, make_staff

pytestmark = pytest.mark.django_db

WINDOW, OTHER = "a-window-of-theirs", "another-window-of-theirs"


def keep(article: Article | None, by: User, body: str = "Typed.", **changed: Any) -> KeptText:
    given = {
        "window": Window(token=WINDOW),
        "number": 1,
        "version": article.version if article else None,
        "revision": article.head.number if article else 0,
    }
    return kept_texts.keep_text(article, {"body": body}, by=by, **{**given, **changed})


def offered(by: User, article: Article | None) -> list[str]:
    return [each.words["body"] for each in KeptText.objects.offered_to(by, article)]


def save(article: Article, by: User, **window: str) -> Article:
    content = make_content(body="Saved.")

    def verb() -> Article:
        return writing.save_revision(article, content, version=article.version, by=by)

    return kept_texts.save_and_close(verb, window=Window(**{"token": WINDOW, **window}), by=by)


def test_what_a_window_holds_replaces_what_it_held(editor: User) -> None:
    draft = make_draft()
    keep(draft, editor, "One")
    kept = keep(draft, editor, "One, two", number=2)
    assert offered(editor, draft) == ["One, two"]
    assert (kept.based_on, kept.is_overtaken()) == (draft.head, False)
    draft.refresh_from_db()
    assert (draft.head.number, draft.version) == (1, 1)


@pytest.mark.parametrize("number", [1, 2])
def test_a_request_that_was_overtaken_changes_nothing(editor: User, number: int) -> None:
    draft = make_draft()
    keep(draft, editor, "Newer", number=2)
    with pytest.raises(Overtaken) as later:
        keep(draft, editor, "Older", number=number)
    assert later.value.number == 2
    assert offered(editor, draft) == ["Newer"]


def test_two_windows_never_overwrite_each_other(editor: User) -> None:
    draft = make_draft()
    keep(draft, editor, "In the first tab")
    keep(draft, editor, "In the second tab", window=Window(token=OTHER))
    assert offered(editor, draft) == ["In the second tab", "In the first tab"]


def test_nobody_else_is_offered_it(editor: User) -> None:
    draft, colleague = make_draft(), make_staff(Role.EDITOR)
    keep(draft, editor)
    keep(draft, colleague, "Theirs")
    assert offered(editor, draft) == ["Typed."]
    assert offered(editor, None) == offered(editor, make_draft()) == []


def test_saving_empties_it_and_what_was_sent_before_is_refused(editor: User) -> None:
    draft = make_draft()
    keep(draft, editor, number=5)
    saved = save(draft, editor)
    assert saved.head.body == "Saved."
    assert offered(editor, draft) == []
    with pytest.raises(WindowClosed):
        keep(draft, editor, "Sent before, late", number=6)
    assert offered(editor, draft) == []
    assert KeptText.objects.get().words == {}


def test_the_first_request_is_refused_too_if_it_comes_after_saving(editor: User) -> None:
    draft = make_draft()
    save(draft, editor)
    with pytest.raises(WindowClosed):
        keep(draft, editor)
    assert offered(editor, draft) == []


def test_a_save_that_is_refused_keeps_it(editor: User) -> None:
    draft = make_draft()
    keep(draft, editor)
    stale = Article.objects.get()
    writing.save_revision(draft, make_content(body="Newer."), version=1, by=editor)
    with pytest.raises(StepRefused):
        save(stale, editor)
    assert offered(editor, draft) == ["Typed."]


def test_a_text_that_was_opened_again_is_kept_once(editor: User) -> None:
    draft = make_draft()
    first = keep(draft, editor)
    keep(draft, editor, "More.", window=Window(token=OTHER, opened_with=str(first.pk)))
    assert offered(editor, draft) == ["More."]
    second = KeptText.objects.get()
    third = Window(token="a-third-window-of-theirs", opened_with=str(second.pk))
    save(draft, editor, token=third.token, opened_with=third.opened_with)
    assert offered(editor, draft) == []


@pytest.mark.parametrize("opened_with", ["", "x", f"{UUID(int=1)}"])
def test_a_window_can_end_only_a_text_of_its_own_author(editor: User, opened_with: str) -> None:
    draft, colleague = make_draft(), make_staff(Role.EDITOR)
    theirs = keep(draft, colleague, "Theirs", window=Window(token=OTHER))
    keep(draft, editor, window=Window(token=WINDOW, opened_with=opened_with))
    keep(draft, editor, number=2, window=Window(token=WINDOW, opened_with=str(theirs.pk)))
    kept_texts.throw_away(theirs, by=editor)
    save(draft, editor, opened_with=str(theirs.pk))
    assert offered(colleague, draft) == ["Theirs"]


def test_what_was_thrown_away_does_not_come_back(editor: User) -> None:
    draft = make_draft()
    kept_texts.throw_away(keep(draft, editor), by=editor)
    with pytest.raises(WindowClosed):
        keep(draft, editor, number=2)
    assert offered(editor, draft) == []


def test_a_text_knows_that_somebody_saved_another_one(editor: User) -> None:
    draft = make_draft()
    before = keep(draft, editor)
    writing.save_revision(draft, make_content(body="Newer."), version=1, by=make_staff(Role.EDITOR))
    draft.refresh_from_db()
    before.refresh_from_db()
    begun_on_the_old = keep(draft, editor, window=Window(token=OTHER), revision=1)
    assert before.is_overtaken()
    assert begun_on_the_old.is_overtaken()
    assert not keep(draft, editor, window=Window(token="a-third-window-of-theirs")).is_overtaken()
    assert not keep(None, editor, window=Window(token="a-fourth-window-of-theirs")).is_overtaken()


@pytest.mark.parametrize(
    ("token", "number"), [("", 1), ("short", 1), ("x" * 65, 1), ("é" * 16, 1), (WINDOW, 0)]
)
def test_a_window_without_a_token_or_a_number_is_not_kept(
    editor: User, token: str, number: int
) -> None:
    with pytest.raises(WindowClosed):
        keep(None, editor, window=Window(token=token), number=number)
    assert not KeptText.objects.exists()


def test_a_token_of_another_article_is_not_taken(editor: User) -> None:
    draft = make_draft()
    keep(draft, editor)
    with pytest.raises(WindowClosed):
        keep(make_draft(), editor, number=2)
    with pytest.raises(WindowClosed):
        keep(None, editor, number=2)
    assert offered(editor, draft) == ["Typed."]


def test_a_save_without_a_token_saves_all_the_same(editor: User) -> None:
    assert save(make_draft(), editor, token="").head.body == "Saved."
    assert not KeptText.objects.exists()


def test_too_much_is_refused_as_the_form_would(editor: User) -> None:
    keep(None, editor, "x" * 200_000)
    with pytest.raises(StepRefused, match="200,001 characters"):
        keep(None, editor, "x" * 200_001, number=2)
    too_long: list[kept_texts.Typed] = [
        {"title": "x" * 20_001},
        {"categories": ["x" * 10_000] * 3},
    ]
    for around in too_long:
        with pytest.raises(StepRefused, match="too long"):
            kept_texts.keep_text(
                None,
                around,
                window=Window(token=WINDOW),
                number=3,
                version=None,
                revision=0,
                by=editor,
            )


def test_only_those_who_may_write_keep_text(reviewer: User) -> None:
    with pytest.raises(StepRefused):
        keep(make_draft(), reviewer)
    assert not KeptText.objects.exists()


def test_the_oldest_of_many_goes(editor: User) -> None:
    others = keep(make_draft(), make_staff(Role.EDITOR), "Theirs")
    for number in range(MOST + 2):
        keep(None, editor, str(number), window=Window(token=f"window-number-{number:03}"))
    assert offered(editor, None) == [str(number) for number in range(MOST + 1, 1, -1)]
    others.refresh_from_db()


def test_unsaved_text_ends_after_two_weeks_and_emptied_rows_after_a_day(editor: User) -> None:
    draft = make_draft()
    kept = keep(draft, editor)
    closed = keep(draft, editor, window=Window(token=OTHER))
    kept_texts.throw_away(closed, by=editor)
    now = timezone.now()
    kept_texts.delete_old_texts(now + timedelta(hours=23))
    assert KeptText.objects.count() == 2
    kept_texts.delete_old_texts(now + timedelta(days=1, minutes=1))
    assert KeptText.objects.get() == kept
    kept_texts.delete_old_texts(kept.kept_at + timedelta(days=14))
    assert KeptText.objects.get() == kept
    kept_texts.delete_old_texts(kept.kept_at + timedelta(days=14, seconds=1))
    assert not KeptText.objects.exists()


def test_the_worker_deletes_what_has_ended(editor: User) -> None:
    kept = keep(None, editor)
    jobs.JOBS["tidy"].do()
    assert KeptText.objects.get() == kept
    with time_machine.travel(kept.kept_at + timedelta(days=15)):
        jobs.JOBS["tidy"].do()
    assert not KeptText.objects.exists()


def test_the_database_refuses_words_in_a_closed_row(editor: User) -> None:
    kept = keep(None, editor)
    with pytest.raises(IntegrityError):
        KeptText.objects.filter(pk=kept.pk).update(closed_at=timezone.now())
