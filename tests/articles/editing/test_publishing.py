"""Publishing and retiring, at once or on schedule, and what readers are told about changes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from articles.editing import publishing, writing
from articles.models import Article, LivePage, Proposal, SearchEntry
from articles.states import State
from portal.models import Role, User
from tests.articles.editing.verbs import make_in_each_state, reasons_of_refusal
from tests.factories import (
    approve,
    approve_waiting,
    make_article,
    make_category,
    make_content,
    make_draft,
    make_staff,
    publish,
)

pytestmark = pytest.mark.django_db


def test_readers_see_the_live_revision_until_the_next_is_published(
    editor: User, reviewer: User
) -> None:
    article = make_article(title="Old")
    first = article.published_at
    draft = writing.save_revision(
        article, make_content(title="New"), interests="None", version=article.version, by=editor
    )
    waiting = approve(draft, reviewer=reviewer)
    assert (waiting.title, waiting.live.title) == ("Old", "Old")  # type: ignore[union-attr]
    assert LivePage.objects.get().revision == article.live
    again = publishing.publish(waiting, version=waiting.version, by=reviewer)
    assert (again.title, again.published_at) == ("New", first), "its place among the newest stays"
    assert LivePage.objects.get().revision == again.live


def _at(article: Article, when: datetime) -> Article:
    return publishing.schedule(
        article, at=when, version=article.version, by=make_staff(Role.EDITOR)
    )


def test_a_scheduled_revision_appears_at_its_time() -> None:
    now = timezone.now()
    article = _at(approve(make_draft()), now + timedelta(hours=1))
    assert publishing.run_schedule(now) == (0, 0)
    with time_machine.travel(now + timedelta(hours=1)):
        assert publishing.run_schedule(timezone.now()) == (1, 0)
        assert publishing.run_schedule(timezone.now()) == (0, 0)
    article.refresh_from_db()
    assert (article.state, article.publish_at) == (State.PUBLISHED, None)
    assert article.events.last().by is None  # type: ignore[union-attr]


def test_an_edit_cancels_the_schedule(editor: User) -> None:
    article = _at(approve(make_draft()), timezone.now() + timedelta(hours=1))
    edited = writing.save_revision(article, make_content(), version=article.version, by=editor)
    assert edited.publish_at is None
    assert publishing.run_schedule(timezone.now() + timedelta(days=1)) == (0, 0)


def test_a_revision_that_can_no_longer_be_published_waits_and_says_why() -> None:
    now = timezone.now()
    article = _at(approve(make_draft()), now + timedelta(hours=1))
    article.categories.clear()
    with time_machine.travel(now + timedelta(hours=2)):
        assert publishing.run_schedule(timezone.now()) == (0, 1)
        assert publishing.run_schedule(timezone.now()) == (0, 0)
    article.refresh_from_db()
    assert (article.state, article.is_live) == (State.APPROVED, False)
    assert "has no category" in article.events.last().words  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("ahead", "is_taken"),
    [
        (timedelta(), False),
        (timedelta(seconds=1), True),
        (timedelta(days=730), True),
        (timedelta(days=730, seconds=1), False),
    ],
)
def test_publication_and_retirement_can_be_planned_up_to_two_years_ahead(
    editor: User, ahead: timedelta, *, is_taken: bool
) -> None:
    now = timezone.now()
    approved, article = approve(make_draft()), make_article()
    with time_machine.travel(now, tick=False):
        given: dict[str, Any] = {"at": now + ahead, "by": editor}
        if is_taken:
            publishing.schedule(approved, version=approved.version, **given)
            publishing.plan_retirement(article, because="Old.", version=article.version, **given)
            return
        reasons_of_refusal(publishing.schedule, approved, **given)
        reasons_of_refusal(publishing.plan_retirement, article, because="Old.", **given)


def test_a_planned_retirement_happens_unless_the_article_is_republished(editor: User) -> None:
    now = timezone.now()
    article, other = make_article(), make_article()
    for each in (article, other):
        publishing.plan_retirement(
            each, at=now + timedelta(days=1), because="Old.", version=each.version, by=editor
        )
    approve_waiting()
    other.refresh_from_db()
    edited = writing.save_revision(
        other, make_content(), interests="None", version=other.version, by=editor
    )
    publish(edited)
    with time_machine.travel(now + timedelta(days=2)):
        assert publishing.run_schedule(timezone.now()) == (1, 0)
    assert Article.objects.published().get() == other
    article.refresh_from_db()
    assert article.retired_because == "Old."


@pytest.mark.parametrize(
    ("verb", "state"),
    [(publishing.schedule, State.APPROVED), (publishing.plan_retirement, State.PUBLISHED)],
)
def test_a_time_that_has_passed_is_refused(
    verb: Callable[..., Article], state: State, editor: User
) -> None:
    because = {"because": "Old."} if verb is publishing.plan_retirement else {}
    assert (
        "has passed"
        in reasons_of_refusal(
            verb, make_in_each_state(state), at=timezone.now(), by=editor, **because
        )[0]
    )


def test_only_live_articles_can_have_a_planned_retirement(editor: User) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    assert reasons_of_refusal(
        publishing.plan_retirement, make_draft(), at=tomorrow, because="Old.", by=editor
    ) == ["This article isn’t live."]


def test_an_article_someone_else_just_changed_waits_for_the_next_run(editor: User) -> None:
    now = timezone.now()
    article = _at(approve(make_draft()), now + timedelta(hours=1))
    publishing.unschedule(article, version=article.version, by=editor)
    assert not publishing._run_scheduled(article, now + timedelta(hours=2))
    assert not Article.objects.published().exists()


def test_the_approved_state_alone_publishes_nothing(editor: User) -> None:
    draft = make_draft()
    Article.objects.update(state=State.APPROVED)
    draft.refresh_from_db()
    assert reasons_of_refusal(publishing.publish, draft, by=editor) == [
        "This version hasn’t been approved."
    ]


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER])
def test_one_person_can_take_an_article_down_at_once(role: Role) -> None:
    article, instead = make_article(), make_article()
    retired = publishing.retire(
        article,
        because=" It was  wrong. ",
        instead=instead,
        version=article.version,
        by=make_staff(role),
    )
    assert list(Article.objects.published()) == [instead]
    assert list(SearchEntry.objects.values_list("article", flat=True)) == [instead.pk]
    assert (retired.retired_because, retired.instead) == ("", instead)
    approve_waiting()
    retired.refresh_from_db()
    assert retired.retired_because == "It was wrong."
    assert not LivePage.objects.filter(article=retired).exists()


def test_an_approved_reason_stays_valid_if_the_retirement_comes_sooner(
    editor: User,
) -> None:
    article = make_article()
    at = timezone.now() + timedelta(days=1)
    publishing.plan_retirement(article, at=at, because="Old.", version=article.version, by=editor)
    approve_waiting()
    article.refresh_from_db()
    retired = publishing.retire(article, because="Old.", version=article.version, by=editor)
    assert retired.retired_because == "Old."
    assert not Proposal.objects.waiting().exists()


def test_retirement_needs_a_reason_and_names_only_live_articles(editor: User) -> None:
    article = make_article()
    for because, instead, reason in (
        (" ", None, "Give a reason, in a sentence for readers."),
        ("Wrong.", article, "What to read instead has to be a different article that is live."),
        (
            "Wrong.",
            make_draft(),
            "What to read instead has to be a different article that is live.",
        ),
    ):
        given = {"because": because, "instead": instead, "by": editor}
        assert reasons_of_refusal(publishing.retire, article, **given) == [reason]


def test_a_retired_article_comes_back_only_through_review(editor: User, reviewer: User) -> None:
    retired = make_in_each_state(State.RETIRED)
    back = writing.save_revision(
        retired, make_content(), interests="None", version=retired.version, by=editor
    )
    assert not back.is_live
    again = publish(back, reviewer=reviewer)
    assert (again.retired_at, again.retired_because) == (None, "")


def test_corrections_are_listed_latest_first(editor: User) -> None:
    article = make_article()
    for words in ("60 was 49.", "", "It left out the flares."):
        article = writing.save_revision(
            article,
            make_content(title=f"T {words}", correction=words),
            interests="None",
            version=article.version,
            by=editor,
        )
        article = publish(article)
    told = [words for _, words in LivePage.objects.get().corrections]
    assert told == ["It left out the flares.", "60 was 49."]


def test_related_articles_are_live_and_share_the_most() -> None:
    lupus, kidneys, other = (make_category(name) for name in ("Lupus", "Kidneys", "Other"))
    one = make_article(categories=[lupus])
    both = make_article(categories=[lupus, kidneys])
    make_article(categories=[other])
    make_draft(categories=[lupus, kidneys])
    newest = make_article(categories=[lupus, kidneys])
    assert list(newest.related.order_by("published_at")) == [one, both]
    assert list(Article.objects.related_to(one)) == [newest, both]
    latest = make_article(categories=[lupus])
    assert list(Article.objects.related_to(newest)) == [both, latest, one], "not the newest first"
    publishing.retire(both, because="Old.", version=both.version, by=make_staff(Role.EDITOR))
    assert list(Article.objects.related_to(one)) == [latest, newest]
