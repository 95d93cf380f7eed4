"""A corrected slip costs one statement, not seven; anything more costs them all."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from articles import checking
from articles.checking.attestations import INTERESTS_FULL, SAYS_THE_SAME, SOURCED, WEIGHED
from articles.editing import publishing, reviewing, writing
from articles.editing.carrying_over import find_carry_over
from articles.models import Approval, Article, Event, Reference
from articles.rendering.library_snapshot import Standing
from portal.models import Role, User
from tests.articles.editing.verbs import approve_head, reasons_of_refusal
from tests.factories import (
    approve,
    make_article,
    make_draft,
    make_staff,
    publish,
)

pytestmark = pytest.mark.django_db

SLIP = "## Protein\n\nA urine test can show **protein**. It is a simple proceedure."
CORRECTED = SLIP.replace("proceedure", "procedure")
#: What an English article is asked for.
ASKED = checking.ATTESTED - {SAYS_THE_SAME}
#: What a reviewer confirms about themselves.
OWN = {"attested": {INTERESTS_FULL}, "carry_over": True}


def edit(article: Article, body: str, *, by: User | None = None) -> Article:
    """Save another body as a draft and send it to review."""
    by = by or make_staff(Role.EDITOR)
    content = replace(article.head.content, body=body)
    article = writing.save_revision(
        article, content, interests="None", version=article.version, by=by
    )
    return reviewing.submit(article, version=article.version, by=by)


def correct(**changed: Any) -> Article:
    return edit(make_article(body=SLIP), CORRECTED, **changed)


def carried(article: Article) -> frozenset[str]:
    article = Article.objects.for_staff().get(pk=article.pk)
    return find_carry_over(article, reviewing.run_article_checks(article)).statements


def because(article: Article) -> str:
    article = Article.objects.for_staff().get(pk=article.pk)
    return find_carry_over(article, reviewing.run_article_checks(article)).because


def last_approval(article: Article) -> Approval:
    approval = article.head.approvals.last()
    assert approval
    return approval


def test_a_corrected_slip_asks_only_for_the_reviewers_own_interests(reviewer: User) -> None:
    waiting = correct()
    assert carried(waiting) == ASKED - {INTERESTS_FULL}
    approve_head(waiting, reviewer, **OWN)


def test_the_approval_keeps_what_was_carried_over_and_from_where(reviewer: User) -> None:
    first = make_article(body=SLIP)
    waiting = edit(first, CORRECTED)
    approve_head(waiting, reviewer, **OWN)
    given = last_approval(waiting)
    assert (given.by, given.digest) == (reviewer, waiting.head.content.digest())
    assert given.carried_from == first.approval
    assert {
        answer["check"]: answer["carried_from"]
        for answer in given.answers
        if "carried_from" in answer
    } == dict.fromkeys(ASKED - {INTERESTS_FULL}, first.head.digest)
    event = waiting.events.get(kind=Event.Kind.APPROVED, revision=waiting.head)
    assert event.words == "Statements carried over from the approval of revision 1: 6."


def test_who_confirms_everything_gives_a_full_review(reviewer: User) -> None:
    waiting = correct()
    approve_head(waiting, reviewer, carry_over=True)
    given = last_approval(waiting)
    assert given.carried_from is None
    assert given.review == given
    assert not any("carried_from" in answer for answer in given.answers)


def test_truth_nothing_is_carried_over_unasked(reviewer: User) -> None:
    reasons = reasons_of_refusal(
        reviewing.approve, correct(), interests="None", attested={INTERESTS_FULL}, by=reviewer
    )
    assert len(reasons) == len(ASKED) - 1


@pytest.mark.parametrize(
    "body",
    [
        CORRECTED.replace("can show", "will show"),
        CORRECTED.replace("can show", "can’t show"),
        CORRECTED.replace("simple", "single"),
        CORRECTED + " It is quick.",
        "::: unknown\nA urine test can show **protein**. It is a simple procedure.\n:::",
    ],
)
def test_truth_a_statement_that_the_change_touches_cannot_be_left_out(
    reviewer: User, body: str
) -> None:
    waiting = edit(make_article(body=SLIP), body)
    assert carried(waiting) == frozenset()
    reasons = reasons_of_refusal(reviewing.approve, waiting, interests="None", by=reviewer, **OWN)
    missing = [each for each in reasons if each.startswith("You haven’t confirmed this")]
    assert len(missing) == len(ASKED) - 1


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "Kidney test"},
        {"stage": "early"},
        {"condition": "Lupus nephritis"},
        {"condition_code": "M32.14"},
        {"justified": {"cure": "A name."}},
        {"correction": "It was wrong."},
        {"summary": "What a urine test shows, and what it doesn’t."},
        {"key_points": ""},
    ],
)
def test_truth_fields_beside_the_body_count_too(changed: dict[str, Any]) -> None:
    article = make_article()
    content = replace(article.head.content, **changed)
    article = writing.save_revision(
        article, content, version=article.version, by=make_staff(Role.EDITOR)
    )
    assert carried(article) == frozenset()
    assert because(article)


def test_a_correction_that_readers_have_seen_can_be_left_out_of_the_next_version() -> None:
    article = make_article(correction="It was wrong.")
    content = replace(article.head.content, correction="")
    article = writing.save_revision(
        article, content, version=article.version, by=make_staff(Role.EDITOR)
    )
    assert carried(article)


def test_new_emphasis_asks_what_it_may_weigh() -> None:
    waiting = edit(make_article(body=SLIP), CORRECTED.replace("simple", "**simple**"))
    assert carried(waiting) == ASKED - WEIGHED - {INTERESTS_FULL}


def test_a_source_in_doubt_asks_what_it_may_change() -> None:
    waiting = correct()
    Reference.objects.update(standing=Standing.DISPUTED)
    assert carried(waiting) == ASKED - SOURCED - {INTERESTS_FULL}


def test_a_word_that_other_articles_use_is_no_slip() -> None:
    waiting = correct()
    make_article(body=f"{SLIP} Another.")
    assert carried(waiting) == frozenset()


# --- What it is compared with ---------------------------------------------------------------------


def test_truth_only_a_live_version_carries_over(reviewer: User) -> None:
    never_live = edit(approve(make_draft(body=SLIP)), CORRECTED)
    assert carried(never_live) == frozenset()
    sent_back = approve(make_draft(body=SLIP))
    sent_back = reviewing.send_back(
        sent_back, words="Wrong.", version=sent_back.version, by=reviewer
    )
    assert carried(edit(sent_back, CORRECTED)) == frozenset()
    gone = make_article(body=SLIP)
    gone = publishing.retire(gone, because="Old.", version=gone.version, by=reviewer)
    assert carried(edit(gone, CORRECTED)) == frozenset()


def test_truth_many_small_corrections_are_compared_with_what_was_reviewed() -> None:
    """Otherwise the last one could undo the care of the first."""
    body = SLIP + " Ask about the infecton."
    first = make_article(body=body)
    second = edit(first, body.replace("proceedure", "procedure"))
    reviewer = make_staff(Role.REVIEWER)
    second = approve_head(second, reviewer, **OWN)
    second = publishing.publish(second, version=second.version, by=reviewer)
    third = edit(second, second.head.body.replace("infecton", "infection"))
    approve_head(third, make_staff(Role.REVIEWER), **OWN)
    given = last_approval(third)
    assert given.carried_from == first.approval
    assert given.carried_from is not None
    assert given.carried_from.carried_from is None


def test_truth_small_corrections_do_not_delay_the_next_review(reviewer: User) -> None:
    first = make_article(body=SLIP)
    with time_machine.travel(timezone.now() + timedelta(days=100)):
        waiting = edit(first, CORRECTED)
        approved = approve_head(waiting, reviewer, **OWN)
        article = publishing.publish(approved, version=approved.version, by=reviewer)
    assert article.review_due_at == first.review_due_at
    assert article.approval
    assert article.approval.review == first.approval


def test_truth_an_overdue_review_carries_nothing_over() -> None:
    waiting = correct()
    Article.objects.update(review_due_at=timezone.now())
    assert carried(waiting) == frozenset()
    assert because(waiting) == "The live version is overdue for review."


def test_truth_a_reviewer_who_has_written_since_does_not_vouch_for_it() -> None:
    both = make_staff(is_superuser=True)
    waiting = edit(publish(make_draft(body=SLIP), reviewer=both), CORRECTED, by=both)
    assert carried(waiting) == frozenset()
    assert "has written part of this one" in because(waiting)
