"""Nothing reaches readers without a second pair of eyes, and nothing changes behind their backs."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from articles import checking
from articles.editing import publishing, reviewing, writing
from articles.models import Article, LivePage, SearchEntry
from articles.states import NEXT, State, Step, StepRefused, diagram
from portal.models import Role, User
from tests.factories import (
    approve,
    make_article,
    make_category,
    make_content,
    make_draft,
    make_staff,
    publish,
    submit,
)

pytestmark = pytest.mark.django_db


def _approve(article: Article, by: User, **changed: object) -> Article:
    given = {"interests": "None", "attested": checking.ATTESTED, "version": article.version}
    return reviewing.approve(article, by=by, **{**given, **changed})  # type: ignore[arg-type]


def _reasons(verb: Callable[..., Article], article: Article, **arguments: object) -> list[str]:
    with pytest.raises(StepRefused) as refusal:
        verb(article, **{"version": article.version, **arguments})
    before, state = article.version, article.state
    article.refresh_from_db()
    assert (article.version, article.state) == (before, state), "nothing has changed"
    return list(refusal.value.reasons)


# --- The way before readers -----------------------------------------------------------------------


def test_written_reviewed_approved_published(editor: User, reviewer: User) -> None:
    article = make_draft(by=editor)
    article = reviewing.submit(article, version=article.version, by=editor)
    article = _approve(article, reviewer, interests="I advise  a maker.")
    assert not Article.objects.published().exists()
    article = publishing.publish(article, version=article.version, by=editor)
    assert list(Article.objects.published()) == [article]
    assert article.live == article.head
    approval = article.approval
    assert approval
    assert (approval.by, approval.interests) == (reviewer, "I advise a maker.")
    assert approval.digest == article.head.content.digest()
    assert SearchEntry.objects.get().title == article.title
    assert [event.kind for event in article.events.all()] == [
        *("drafted", "submitted", "approved", "published"),
    ]


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


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_each_step_is_possible_where_the_table_says_so_and_nowhere_else(
    state: State, step: Step, editor: User, reviewer: User
) -> None:
    article = _standing(state)
    tomorrow = timezone.now() + timedelta(days=1)
    verbs: dict[Step, Callable[[], Article]] = {
        Step.REVISE: lambda: writing.save_revision(
            article, make_content(title="Other"), version=article.version, by=editor
        ),
        Step.SUBMIT: lambda: reviewing.submit(article, version=article.version, by=editor),
        Step.SEND_BACK: lambda: reviewing.send_back(
            article, words="Why?", version=article.version, by=reviewer
        ),
        Step.APPROVE: lambda: _approve(article, reviewer),
        Step.PUBLISH: lambda: publishing.publish(article, version=article.version, by=editor),
        Step.SCHEDULE: lambda: publishing.schedule(
            article, at=tomorrow, version=article.version, by=editor
        ),
        Step.UNSCHEDULE: lambda: publishing.unschedule(article, version=article.version, by=editor),
        Step.RETIRE: lambda: publishing.retire(
            article, because="Wrong.", version=article.version, by=editor
        ),
    }
    if step in NEXT[state]:
        assert verbs[step]().state == NEXT[state][step]
    else:
        with pytest.raises(StepRefused, match="cannot be done with an article that is"):
            verbs[step]()


def _standing(state: State) -> Article:
    if state == State.PUBLISHED:
        return make_article()
    if state == State.RETIRED:
        article = make_article()
        return publishing.retire(
            article, because="Old.", version=article.version, by=make_staff(Role.EDITOR)
        )
    draft = make_draft()
    if state == State.IN_REVIEW:
        return submit(draft)
    if state == State.APPROVED:
        return approve(draft)
    if state == State.SCHEDULED:
        approved = approve(draft)
        tomorrow = timezone.now() + timedelta(days=1)
        return publishing.schedule(
            approved, at=tomorrow, version=approved.version, by=make_staff(Role.EDITOR)
        )
    return draft


# --- Four eyes ------------------------------------------------------------------------------------

WROTE = "You wrote a part of it. Somebody else has to review it."


def test_who_wrote_any_part_cannot_approve_it_however_much_others_wrote_since(editor: User) -> None:
    both = make_staff(is_superuser=True)
    draft = make_draft(by=both)
    edited = writing.save_revision(
        draft, make_content(), interests="None", version=draft.version, by=editor
    )
    assert _reasons(reviewing.approve, submit(edited), **_by(both)) == [WROTE]


def _by(user: User) -> dict[str, object]:
    return {"interests": "None", "attested": checking.ATTESTED, "by": user}


def test_an_editor_cannot_approve(editor: User) -> None:
    reasons = _reasons(reviewing.approve, submit(make_draft()), **_by(editor))
    assert reasons == ["Only a medical reviewer can approve an article."]


def test_an_approval_does_not_survive_an_edit_not_even_one_taken_back(
    editor: User, reviewer: User
) -> None:
    approved = approve(make_draft(), reviewer=reviewer)
    words = approved.head.content
    edited = writing.save_revision(
        approved, make_content(), interests="None", version=approved.version, by=editor
    )
    again = writing.save_revision(edited, words, version=edited.version, by=editor)
    assert again.head.digest == approved.head.digest
    assert again.state == State.DRAFT
    with pytest.raises(StepRefused, match="cannot be done"):
        publishing.publish(again, version=again.version, by=editor)


def test_a_stale_approval_is_refused(editor: User, reviewer: User) -> None:
    read = submit(make_draft())
    edited = writing.save_revision(
        read, make_content(), interests="None", version=read.version, by=editor
    )
    submit(edited)
    with pytest.raises(StepRefused, match="changed this article after you opened it"):
        _approve(read, reviewer)


def test_what_is_incomplete_is_refused_with_every_reason_at_once(editor: User) -> None:
    draft = writing.create_draft(make_content(), categories=[], by=None)
    assert _reasons(reviewing.submit, draft, by=editor)[:2] == [
        "It has no author: an editor has to read it and save it first.",
        "It is filed under no category.",
    ]
    silent = writing.create_draft(make_content(), categories=[make_category()], by=editor)
    assert _reasons(reviewing.submit, silent, by=editor) == [
        f"{editor.public_name} has not declared her interests."
    ]


def test_a_reviewer_declares_her_interests_too(reviewer: User) -> None:
    given = {**_by(reviewer), "interests": " "}
    assert _reasons(reviewing.approve, submit(make_draft()), **given) == [
        "You have not declared your interests. Where you have none, say so."
    ]


def test_it_goes_back_with_a_word_on_what_has_to_change(editor: User, reviewer: User) -> None:
    waiting = submit(make_draft())
    assert _reasons(reviewing.send_back, waiting, words=" ", by=reviewer) == [
        "Say what has to change."
    ]
    assert _reasons(reviewing.send_back, waiting, words="Why?", by=editor) == [
        "Only a medical reviewer can send an article back."
    ]
    back = reviewing.send_back(
        waiting, words="Name the harms.", version=waiting.version, by=reviewer
    )
    assert back.state == State.DRAFT
    assert back.events.last().words == "Name the harms."  # type: ignore[union-attr]


@pytest.mark.parametrize("role", ["", Role.COORDINATOR, Role.LEAD, Role.PRIVACY])
def test_others_do_nothing_with_articles(role: str) -> None:
    user = make_staff(role)
    article, approved = make_article(), approve(make_draft())
    tomorrow = timezone.now() + timedelta(days=1)
    for verb, subject, arguments in (
        (reviewing.submit, make_draft(), {}),
        (publishing.publish, approved, {}),
        (publishing.schedule, approved, {"at": tomorrow}),
        (publishing.retire, article, {"because": "Wrong."}),
        (publishing.plan_retirement, article, {"because": "Wrong.", "at": tomorrow}),
    ):
        reasons = _reasons(verb, subject, by=user, **arguments)
        assert len(reasons) == 1
        assert reasons[0].startswith("Only an editor")


# --- Reviewed again -------------------------------------------------------------------------------


def test_a_review_holds_for_a_time_and_can_be_renewed(reviewer: User) -> None:
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False):
        article = make_article()
    assert article.review_due_at == datetime(2027, 3, 1, 12, tzinfo=UTC)
    with time_machine.travel(datetime(2027, 3, 2, 12, tzinfo=UTC), tick=False):
        assert list(Article.objects.due_for_review(timezone.now())) == [article]
        article = reviewing.confirm_review(
            article,
            interests="None",
            attested=checking.ATTESTED,
            version=article.version,
            by=reviewer,
        )
        assert not Article.objects.due_for_review(timezone.now()).exists()
    assert article.approval
    assert article.approval.by == reviewer
    assert article.live
    assert article.live.approvals.count() == 2


def test_only_what_readers_see_is_reviewed_again_and_only_by_others(
    editor: User, reviewer: User
) -> None:
    draft = make_draft()
    assert _reasons(reviewing.confirm_review, draft, **_by(reviewer)) == [
        "Readers do not see this article."
    ]
    root = make_staff(is_superuser=True)
    article = publish(make_draft(by=root))
    assert _reasons(reviewing.confirm_review, article, **_by(root)) == [WROTE]
    edited = writing.save_revision(
        article, make_content(), interests="None", version=article.version, by=editor
    )
    assert "has a newer draft" in _reasons(reviewing.confirm_review, edited, **_by(reviewer))[0]


# --- By the clock ---------------------------------------------------------------------------------


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


def test_an_edit_takes_it_off_the_schedule(editor: User) -> None:
    article = _at(approve(make_draft()), timezone.now() + timedelta(hours=1))
    edited = writing.save_revision(article, make_content(), version=article.version, by=editor)
    assert edited.publish_at is None
    assert publishing.run_schedule(timezone.now() + timedelta(days=1)) == (0, 0)


def test_what_cannot_be_published_any_more_waits_and_says_why() -> None:
    now = timezone.now()
    article = _at(approve(make_draft()), now + timedelta(hours=1))
    article.categories.clear()
    with time_machine.travel(now + timedelta(hours=2)):
        assert publishing.run_schedule(timezone.now()) == (0, 1)
        assert publishing.run_schedule(timezone.now()) == (0, 0)
    article.refresh_from_db()
    assert (article.state, article.is_live) == (State.APPROVED, False)
    assert "filed under no category" in article.events.last().words  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("ahead", "is_taken"),
    [
        (timedelta(), False),
        (timedelta(seconds=1), True),
        (timedelta(days=730), True),
        (timedelta(days=730, seconds=1), False),
    ],
)
def test_publication_and_retirement_are_planned_two_years_ahead_at_most(
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
        _reasons(publishing.schedule, approved, **given)
        _reasons(publishing.plan_retirement, article, because="Old.", **given)


def test_a_planned_retirement_comes_and_publishing_anew_calls_it_off(editor: User) -> None:
    now = timezone.now()
    article, other = make_article(), make_article()
    for each in (article, other):
        publishing.plan_retirement(
            each, at=now + timedelta(days=1), because="Old.", version=each.version, by=editor
        )
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
        "has passed" in _reasons(verb, _standing(state), at=timezone.now(), by=editor, **because)[0]
    )


def test_only_what_readers_see_has_a_retirement_to_plan(editor: User) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    assert _reasons(
        publishing.plan_retirement, make_draft(), at=tomorrow, because="Old.", by=editor
    ) == ["Readers do not see this article."]


def test_what_somebody_else_has_just_changed_waits_for_the_next_round(editor: User) -> None:
    now = timezone.now()
    article = _at(approve(make_draft()), now + timedelta(hours=1))
    publishing.unschedule(article, version=article.version, by=editor)
    assert not publishing._run_scheduled(article, now + timedelta(hours=2))
    assert not Article.objects.published().exists()


def test_a_state_alone_publishes_nothing(editor: User) -> None:
    draft = make_draft()
    Article.objects.update(state=State.APPROVED)
    draft.refresh_from_db()
    assert _reasons(publishing.publish, draft, by=editor) == ["These words have not been approved."]


# --- Retiring -------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER])
def test_one_person_takes_an_article_from_readers_at_once(role: Role) -> None:
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
    assert (retired.retired_because, retired.instead) == ("It was wrong.", instead)
    assert not LivePage.objects.filter(article=retired).exists()


def test_it_says_why_and_names_only_what_can_be_read(editor: User) -> None:
    article = make_article()
    for because, instead, reason in (
        (" ", None, "Say why, in a sentence for readers."),
        ("Wrong.", article, "What to read instead has to be another article that readers see."),
        (
            "Wrong.",
            make_draft(),
            "What to read instead has to be another article that readers see.",
        ),
    ):
        given = {"because": because, "instead": instead, "by": editor}
        assert _reasons(publishing.retire, article, **given) == [reason]


def test_a_retired_article_comes_back_only_through_review(editor: User, reviewer: User) -> None:
    retired = _standing(State.RETIRED)
    back = writing.save_revision(
        retired, make_content(), interests="None", version=retired.version, by=editor
    )
    assert not back.is_live
    again = publish(back, reviewer=reviewer)
    assert (again.retired_at, again.retired_because) == (None, "")


# --- What follows ---------------------------------------------------------------------------------


def test_corrections_are_told_latest_first(editor: User) -> None:
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


def test_related_are_those_that_share_most_and_readers_see() -> None:
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


def test_the_table_is_drawn_in_the_documentation() -> None:
    assert diagram() in (settings.BASE_DIR / "docs/states.md").read_text(), (
        "put into docs/states.md what articles.states.diagram() gives"
    )
