"""The morning digest: one mail on each working day to everyone who is available."""

from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine

from inquiries.deadlines import service_levels
from inquiries.models import Inquiry, Notice
from inquiries.states import State
from inquiries.team import availability
from inquiries.worker import daily_digest
from portal.models import Role, User
from tests.concurrency import together
from tests.factories import (
    make_absence,
    make_inquiry,
    make_servicelevel,
    make_specialday,
    make_staff,
)
from tests.inquiries.mail.notices import CHIEF, OWNER, send_all, states, told
from tests.inquiries.mail.patient_mails import whole

pytestmark = pytest.mark.django_db

Kind = Notice.Kind
QUEUE = "https://portal.example/admin/inquiries/inquiry/"


@pytest.fixture(autouse=True)
def _mail_is_set(settings: Any) -> None:
    settings.EMAIL_IS_SET = True
    settings.PORTAL_URL = "https://portal.example"


@pytest.fixture
def owner(db: None) -> User:
    return make_staff(Role.COORDINATOR, email="owner@example.org")


@pytest.fixture
def chief(db: None) -> User:
    return make_staff(Role.LEAD, email="chief@example.org")


#: A Monday, Thanksgiving that week, and a Saturday; the clinic opens at 14:00 UTC.
MONDAY, HOLIDAY, SATURDAY = (datetime(2026, 11, day, 14, 30, tzinfo=UTC) for day in (23, 26, 28))


def test_everyone_available_gets_one_digest_per_working_day(owner: User, chief: User) -> None:
    make_staff(Role.COORDINATOR)  # no email address
    away = make_staff(Role.COORDINATOR, email="away@example.org")
    make_absence(away, first_day=MONDAY.date(), last_day=MONDAY.date())
    for at, expected in (
        (MONDAY - timedelta(hours=2), 0),
        (MONDAY - timedelta(hours=1), 2),
        (MONDAY, 0),
        (MONDAY + timedelta(hours=9), 0),
        (MONDAY + timedelta(days=1), 3),
        (HOLIDAY, 0),
        (SATURDAY, 0),
    ):
        with time_machine.travel(at, tick=False):
            assert daily_digest.queue_digests() == expected, at
            Notice.objects.filter(state="waiting").update(state="dropped", settled_at=at)


@time_machine.travel(MONDAY, tick=False)
def test_no_digest_is_sent_on_days_when_the_clinic_is_closed(owner: User) -> None:
    assert daily_digest.queue_digests() == 1
    Notice.objects.all().delete()
    make_specialday(make_servicelevel().calendar, day=MONDAY.date(), name="Moving house")
    service_levels.clear_cache()
    assert daily_digest.queue_digests() == 0


def test_an_unsent_digest_from_yesterday_replaces_todays(owner: User) -> None:
    with time_machine.travel(MONDAY, tick=False):
        make_inquiry()
        daily_digest.queue_digests()
    with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
        assert daily_digest.queue_digests() == 0
        (sent,) = send_all()
        assert daily_digest.queue_digests() == 0
    assert sent.subject == "Your day"


@pytest.mark.django_db(transaction=True)
def test_only_one_of_four_workers_creates_each_digest(
    owner: User, chief: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, abreast = availability.available_coordinators(), Barrier(4, timeout=20)

    def colleagues() -> list[User]:
        abreast.wait()
        return here

    monkeypatch.setattr(availability, "available_coordinators", colleagues)
    with time_machine.travel(MONDAY):
        together(4, lambda number: daily_digest.queue_digests())
        assert told() == {(Kind.DIGEST, OWNER), (Kind.DIGEST, CHIEF)}


@time_machine.travel(MONDAY, tick=False)
def test_the_digest_says_how_many_and_where(owner: User, chief: User) -> None:
    late, due = (make_inquiry(State.CLAIMED, owner=owner) for _ in range(2))
    make_inquiry(State.QUARANTINED)
    make_inquiry()
    orphaned = make_inquiry(State.CLAIMED)
    assert orphaned.owner
    make_absence(orphaned.owner)
    Inquiry.objects.filter(pk=late.pk).update(due_at=MONDAY - timedelta(hours=1))
    Inquiry.objects.filter(pk=due.pk).update(due_at=MONDAY + timedelta(hours=1))
    daily_digest.queue_digests()
    sent = {each.to[0]: whole(each) for each in send_all()}
    theirs = {
        "Yours, open: 2": "?view=mine",
        "Yours, overdue: 1": "?view=mine",
        "Yours, due today: 1": "?view=mine",
        "Unclaimed: 1": "?view=unclaimed",
        "In quarantine: 1": "?view=quarantine",
    }
    for line, where in theirs.items():
        assert f"{line}\n{QUEUE}{where}\n" in sent[OWNER]
    assert "All overdue" not in sent[OWNER]
    assert f"All overdue: 1\n{QUEUE}?view=overdue\n" in sent[CHIEF]
    assert f"Forgotten: 1\n{QUEUE}limbo/\n" in sent[CHIEF]


@time_machine.travel(MONDAY, tick=False)
def test_no_digest_is_sent_when_nothing_is_waiting(owner: User, chief: User) -> None:
    daily_digest.queue_digests()
    assert send_all() == []
    assert states() == [Notice.State.DROPPED] * 2
