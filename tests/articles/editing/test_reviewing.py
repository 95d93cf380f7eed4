"""Reviewing: by someone else, of the exact wording, and valid for a limited time."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles import checking
from articles.editing import publishing, reviewing, writing
from articles.evidence_stages import Stage
from articles.models import Article
from articles.rendering.required_parts import REQUIRED_PARTS
from articles.states import State, StepRefused
from portal.models import Role, User
from tests.articles.editing.verbs import approve_head, reasons_of_refusal
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

APPROVED_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
#: 183 and 365 days later: half a year where new studies may change what we say, otherwise a year.
HALF_A_YEAR_ON = datetime(2026, 8, 31, 12, tzinfo=UTC)
A_YEAR_ON = datetime(2027, 3, 1, 12, tzinfo=UTC)
DUE_AT = [
    (Stage.NONE, A_YEAR_ON),
    (Stage.EARLY, HALF_A_YEAR_ON),
    (Stage.NOT_PROVEN, HALF_A_YEAR_ON),
    (Stage.PROMISING, A_YEAR_ON),
    (Stage.ESTABLISHED, A_YEAR_ON),
    (Stage.DISPROVEN, A_YEAR_ON),
]
MOMENT = timedelta(microseconds=1)


def make_draft_at(stage: Stage) -> Article:
    """Make a draft with the parts that a page on an unsettled treatment must have."""
    parts = "\n\n".join(f"::: {part}\nAsk your doctor.\n:::" for part in REQUIRED_PARTS)
    return make_draft(stage=stage, body=f"{make_content().body}\n\n{parts}")


def make_article_at(stage: Stage) -> Article:
    with time_machine.travel(APPROVED_AT, tick=False):
        return publish(make_draft_at(stage))


def test_every_stage_says_how_long_its_review_is_valid() -> None:
    assert {stage for stage, _ in DUE_AT} == set(Stage)


@pytest.mark.parametrize(("stage", "due_at"), DUE_AT)
def test_a_published_articles_review_period_starts_that_day(stage: Stage, due_at: datetime) -> None:
    article = make_article_at(stage)
    assert article.review_due_at == due_at
    assert not Article.objects.due_for_review(due_at - MOMENT).exists()
    assert not article.is_overdue(due_at - MOMENT)
    assert list(Article.objects.due_for_review(due_at)) == [article]
    assert article.is_overdue(due_at)


@pytest.mark.parametrize(("stage", "due_at"), DUE_AT)
def test_a_review_counts_from_its_own_date_not_publication(
    stage: Stage, due_at: datetime, editor: User
) -> None:
    with time_machine.travel(APPROVED_AT, tick=False):
        article = approve(make_draft_at(stage))
    with time_machine.travel(APPROVED_AT + timedelta(days=30), tick=False):
        article = publishing.publish(article, version=article.version, by=editor)
    assert article.review_due_at == due_at


@pytest.mark.parametrize(("stage", "due_at"), DUE_AT)
def test_a_renewed_review_is_valid_for_the_same_time_again(
    stage: Stage, due_at: datetime, reviewer: User
) -> None:
    article = make_article_at(stage)
    later = timedelta(days=100)
    with time_machine.travel(APPROVED_AT + later, tick=False):
        article = reviewing.confirm_review(
            article,
            interests="None",
            attested=checking.ATTESTED,
            version=article.version,
            by=reviewer,
        )
    assert article.review_due_at == due_at + later


@pytest.mark.parametrize(
    ("stage", "day"), [(Stage.EARLY, "August 31, 2026"), (Stage.PROMISING, "March 1, 2027")]
)
def test_readers_and_editors_see_the_next_review_date(
    client: Client, editor: User, stage: Stage, day: str
) -> None:
    article = make_article_at(stage)
    with time_machine.travel(APPROVED_AT + timedelta(days=1), tick=False):
        page = client.get(article.get_absolute_url()).text
        client.force_login(editor)
        listed = client.get("/admin/articles/article/due/").text
    assert f">{day}</time>" in page
    assert day[:5] in listed or f"{day.split()[1][:-1]} {day[:3]}" in listed
    assert f"Next review: {day}." in page


@pytest.mark.parametrize(
    ("stage", "due_at"),
    [(Stage.EARLY, HALF_A_YEAR_ON), (Stage.PROMISING, A_YEAR_ON)],
)
def test_the_review_list_calls_an_article_overdue_from_that_moment_on(
    client: Client, editor: User, stage: Stage, due_at: datetime
) -> None:
    make_article_at(stage)
    for now, is_overdue in ((due_at - timedelta(seconds=1), False), (due_at, True)):
        with time_machine.travel(now, tick=False):
            client.force_login(editor)
            page = client.get("/admin/articles/article/due/").text
        assert ('class="overdue"' in page) is is_overdue


WROTE = "You wrote part of this. Someone else has to review it."


def test_authors_of_any_part_cannot_approve_even_after_others_edit(editor: User) -> None:
    both = make_staff(is_superuser=True)
    draft = make_draft(by=both)
    edited = writing.save_revision(
        draft, make_content(), interests="None", version=draft.version, by=editor
    )
    assert reasons_of_refusal(reviewing.approve, submit(edited), **_by(both)) == [WROTE]


def _by(user: User) -> dict[str, object]:
    return {"interests": "None", "attested": checking.ATTESTED, "by": user}


def test_an_editor_cannot_approve(editor: User) -> None:
    reasons = reasons_of_refusal(reviewing.approve, submit(make_draft()), **_by(editor))
    assert reasons == ["Only a medical reviewer can approve an article."]


def test_an_edit_cancels_approval_even_if_it_is_undone(editor: User, reviewer: User) -> None:
    approved = approve(make_draft(), reviewer=reviewer)
    words = approved.head.content
    edited = writing.save_revision(
        approved, make_content(), interests="None", version=approved.version, by=editor
    )
    again = writing.save_revision(edited, words, version=edited.version, by=editor)
    assert again.head.digest == approved.head.digest
    assert again.state == State.DRAFT
    with pytest.raises(StepRefused, match="in this state"):
        publishing.publish(again, version=again.version, by=editor)


def test_a_stale_approval_is_refused(editor: User, reviewer: User) -> None:
    read = submit(make_draft())
    edited = writing.save_revision(
        read, make_content(), interests="None", version=read.version, by=editor
    )
    submit(edited)
    with pytest.raises(StepRefused, match="changed this article after you opened it"):
        approve_head(read, reviewer)


def test_an_incomplete_article_is_refused_with_all_reasons_at_once(editor: User) -> None:
    draft = writing.create_draft(make_content(), categories=[], by=None)
    assert reasons_of_refusal(reviewing.submit, draft, by=editor)[:2] == [
        "It has no author. An editor has to read it and save it first.",
        "It has no category.",
    ]
    silent = writing.create_draft(make_content(), categories=[make_category()], by=editor)
    assert reasons_of_refusal(reviewing.submit, silent, by=editor) == [
        f"{editor.public_name} hasn’t declared their conflicts of interest."
    ]


def test_reviewers_declare_interests_too(reviewer: User) -> None:
    given = {**_by(reviewer), "interests": " "}
    assert reasons_of_refusal(reviewing.approve, submit(make_draft()), **given) == [
        "You haven’t declared your conflicts of interest. If you have none, write “None”."
    ]


def test_it_is_sent_back_with_a_note_on_what_to_change(editor: User, reviewer: User) -> None:
    waiting = submit(make_draft())
    assert reasons_of_refusal(reviewing.send_back, waiting, words=" ", by=reviewer) == [
        "Say what has to change."
    ]
    assert reasons_of_refusal(reviewing.send_back, waiting, words="Why?", by=editor) == [
        "Only a medical reviewer can send an article back."
    ]
    back = reviewing.send_back(
        waiting, words="Name the harms.", version=waiting.version, by=reviewer
    )
    assert back.state == State.DRAFT
    assert back.events.last().words == "Name the harms."  # type: ignore[union-attr]


@pytest.mark.parametrize("role", ["", Role.COORDINATOR, Role.LEAD, Role.PRIVACY])
def test_other_roles_cannot_act_on_articles(role: str) -> None:
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
        reasons = reasons_of_refusal(verb, subject, by=user, **arguments)
        assert len(reasons) == 1
        assert reasons[0].startswith("Only an editor")


def test_a_review_is_valid_for_a_time_and_can_be_renewed(reviewer: User) -> None:
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


def test_only_live_articles_are_reviewed_again_and_only_by_others(
    editor: User, reviewer: User
) -> None:
    draft = make_draft()
    assert reasons_of_refusal(reviewing.confirm_review, draft, **_by(reviewer)) == [
        "This article isn’t live."
    ]
    root = make_staff(is_superuser=True)
    article = publish(make_draft(by=root))
    assert reasons_of_refusal(reviewing.confirm_review, article, **_by(root)) == [WROTE]
    edited = writing.save_revision(
        article, make_content(), interests="None", version=article.version, by=editor
    )
    assert (
        "There is a newer draft"
        in reasons_of_refusal(reviewing.confirm_review, edited, **_by(reviewer))[0]
    )
