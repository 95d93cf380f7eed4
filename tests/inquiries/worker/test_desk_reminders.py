"""Reminders of drafts that wait, and of articles that are due for a new review."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from articles.editing import reviewing
from articles.models import Article
from inquiries.models import Notice
from inquiries.worker import desk_reminders
from inquiries.worker.jobs import JOBS
from portal.models import Role, User
from tests.concurrency import together
from tests.factories import make_article, make_draft, make_staff, publish
from tests.inquiries.mail.notices import send_all, told

pytestmark = pytest.mark.django_db

Kind = Notice.Kind
AUTHOR, ANA, BEN = "author@example.org", "ana@example.org", "ben@example.org"
#: The clinic is open from 14:00 to 22:00 UTC. Thursday is Thanksgiving.
MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)
WEDNESDAY, FRIDAY, SATURDAY = (MONDAY + timedelta(days=days) for days in (2, 4, 5))
NEXT_MONDAY, NEXT_TUESDAY = (MONDAY + timedelta(days=days) for days in (7, 8))


@pytest.fixture(autouse=True)
def _mail_is_set(settings: Any) -> None:
    settings.EMAIL_IS_SET = True


@pytest.fixture
def author(db: None) -> User:
    return make_staff(Role.EDITOR, email=AUTHOR)


@pytest.fixture
def ana(db: None) -> User:
    return make_staff(Role.REVIEWER, email=ANA)


@pytest.fixture
def ben(db: None) -> User:
    return make_staff(Role.REVIEWER, email=BEN)


def submit(author: User, reviewer: User | None) -> Article:
    """Submit a draft on Monday; nobody remembers that they were asked then."""
    with time_machine.travel(MONDAY, tick=False):
        draft = make_draft(by=author)
        draft = reviewing.submit(draft, reviewer=reviewer, version=draft.version, by=author)
        Notice.objects.all().delete()
    return draft


def remind(at: datetime) -> set[tuple[str, str]]:
    """Return who was reminded at a time, after everything from before has been sent."""
    with time_machine.travel(at, tick=False):
        Notice.objects.filter(state="waiting").update(state="sent", settled_at=at)
        JOBS["desk"].do()
        waiting = Notice.objects.filter(state="waiting")
        return set(waiting.values_list("kind", "user__email"))


def test_after_two_working_days_its_reviewer_is_reminded_then_everyone_who_may(
    author: User, ana: User, ben: User
) -> None:
    submit(author, ana)
    only, both = {(Kind.REVIEW_WAITS, ANA)}, {(Kind.REVIEW_WAITS, ANA), (Kind.REVIEW_WAITS, BEN)}
    for at, expected in (
        (WEDNESDAY - timedelta(minutes=1), set()),
        (WEDNESDAY, only),
        (WEDNESDAY + timedelta(minutes=15), set()),
        (WEDNESDAY + timedelta(hours=6), set()),
        (FRIDAY, set()),
        (SATURDAY, set()),
        (NEXT_MONDAY - timedelta(minutes=1), set()),
        (NEXT_MONDAY, both),
        (NEXT_MONDAY + timedelta(hours=1), set()),
        (NEXT_TUESDAY, set()),
        (NEXT_TUESDAY + timedelta(days=1), both),
    ):
        assert remind(at) == expected, at


def test_nobody_is_reminded_twice_a_day_even_if_the_clinic_never_closes(
    author: User, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_reminders, "REMIND_AFTER", timedelta(hours=1))
    submit(author, ana)
    for hours, expected in (
        (1, {(Kind.REVIEW_WAITS, ANA)}),
        (4, set()),
        (24, {(Kind.REVIEW_WAITS, ANA)}),
    ):
        assert remind(MONDAY + timedelta(hours=hours)) == expected, hours


def test_if_anyone_was_asked_or_its_reviewer_is_gone_everyone_who_may_is_reminded(
    author: User, ana: User, ben: User
) -> None:
    submit(author, None)
    everyone = {(Kind.REVIEW_WAITS, ANA), (Kind.REVIEW_WAITS, BEN)}
    assert remind(WEDNESDAY) == everyone
    Article.objects.update(reviewer=make_staff(Role.REVIEWER, is_active=False))
    Notice.objects.all().delete()
    assert remind(WEDNESDAY) == everyone


def test_a_draft_that_was_sent_back_and_came_again_waits_anew(author: User, ana: User) -> None:
    draft = submit(author, ana)
    with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
        back = reviewing.send_back(draft, words="Too long.", version=draft.version, by=ana)
        assert remind(WEDNESDAY) == set(), "a draft waits for nobody"
        reviewing.submit(back, reviewer=ana, version=back.version, by=author)
    assert remind(WEDNESDAY) == set()
    assert remind(FRIDAY) == {(Kind.REVIEW_WAITS, ANA)}


def test_a_reminder_is_dropped_if_somebody_was_quicker(author: User, ana: User) -> None:
    draft = submit(author, ana)
    assert remind(WEDNESDAY)
    with time_machine.travel(WEDNESDAY, tick=False):
        reviewing.send_back(draft, words="Too long.", version=draft.version, by=ana)
        assert [each.to for each in send_all()] == [[AUTHOR]]


def _live(author: User, reviewer: User, due_at: datetime) -> Article:
    article = publish(make_draft(by=author), reviewer=reviewer)
    Article.objects.filter(pk=article.pk).update(review_due_at=due_at)
    Notice.objects.all().delete()
    return article


def test_two_weeks_before_a_review_is_due_its_author_and_reviewer_are_told(
    author: User, ana: User, ben: User
) -> None:
    _live(author, ana, WEDNESDAY + timedelta(days=14))
    theirs = {(Kind.REVIEW_DUE, AUTHOR), (Kind.REVIEW_DUE, ANA)}
    for at, expected in (
        (WEDNESDAY - timedelta(minutes=1), set()),
        (WEDNESDAY, theirs),
        (WEDNESDAY + timedelta(hours=1), set()),
        (FRIDAY, set()),
        (WEDNESDAY + timedelta(days=28), theirs),
    ):
        assert remind(at) == expected, at


def test_if_none_of_them_is_here_everyone_who_may_review_is_told(
    author: User, ana: User, ben: User
) -> None:
    _live(author, ana, MONDAY)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    User.objects.filter(pk=author.pk).update(email="")
    assert remind(WEDNESDAY) == {(Kind.REVIEW_DUE, BEN)}


def test_whoever_reads_the_mail_late_is_not_told_of_what_was_reviewed(
    author: User, ana: User
) -> None:
    article = _live(author, ana, WEDNESDAY)
    assert remind(WEDNESDAY)
    later = WEDNESDAY + timedelta(days=365)
    Article.objects.filter(pk=article.pk).update(review_due_at=later)
    with time_machine.travel(WEDNESDAY, tick=False):
        assert send_all() == []


def test_what_nobody_reads_now_is_not_looked_at(author: User, ana: User) -> None:
    make_draft(by=author)
    make_article(reviewer=ana)
    Notice.objects.all().delete()
    assert remind(WEDNESDAY) == set()


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_remind_once(author: User, ana: User) -> None:
    submit(author, ana)
    _live(author, ana, WEDNESDAY)
    with time_machine.travel(WEDNESDAY, tick=False):
        assert timezone.now() == WEDNESDAY
        together(4, lambda number: desk_reminders.send_reminders())
    assert told() == {
        (Kind.REVIEW_WAITS, ANA),
        (Kind.REVIEW_DUE, ANA),
        (Kind.REVIEW_DUE, AUTHOR),
    }


def test_a_draft_that_was_sent_back_meanwhile_is_not_reminded_of(author: User, ana: User) -> None:
    submit(author, ana)
    [read_before] = Article.objects.in_review()
    reviewing.send_back(read_before, words="More on harms.", version=read_before.version, by=ana)
    assert not desk_reminders._remind_of_draft(read_before, NEXT_MONDAY)
