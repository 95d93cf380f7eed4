"""When we promise an answer. 2026 in New York: November 26 is Thanksgiving."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError
from hypothesis import given
from hypothesis import strategies as st

from inquiries.deadlines import service_levels
from inquiries.deadlines.service_levels import answer_due_at
from inquiries.models import OpeningHours, ServiceLevel
from inquiries.states import Urgency

pytestmark = pytest.mark.django_db

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("received", "promised"),
    [
        pytest.param((2026, 11, 23, 10), (2026, 11, 24), id="Monday: Tuesday"),
        pytest.param((2026, 11, 23, 23), (2026, 11, 24), id="late on Monday: still Tuesday"),
        pytest.param((2026, 11, 23, 7), (2026, 11, 23), id="before we open: that very day"),
        pytest.param((2026, 11, 20, 10), (2026, 11, 23), id="Friday: Monday"),
        pytest.param((2026, 11, 21, 10), (2026, 11, 23), id="Saturday: Monday"),
        pytest.param((2026, 11, 22, 10), (2026, 11, 23), id="Sunday: Monday"),
        pytest.param((2026, 11, 25, 10), (2026, 11, 27), id="before Thanksgiving: the day after"),
        pytest.param((2026, 12, 31, 10), (2027, 1, 4), id="New Year's Eve: the Monday after"),
        pytest.param((2026, 3, 6, 10), (2026, 3, 9), id="across the change of the clocks"),
    ],
)
def test_an_answer_is_due_at_closing_one_working_day_later(
    received: tuple[int, ...], promised: tuple[int, ...]
) -> None:
    due_at = answer_due_at(datetime(*received, tzinfo=NEW_YORK))  # type: ignore[arg-type, misc]
    assert due_at == datetime(*promised, 17, tzinfo=NEW_YORK)  # type: ignore[arg-type, misc]


def test_the_clinic_starts_with_the_built_in_levels() -> None:
    levels = ServiceLevel.objects.values("urgency", *service_levels.SHIPPED_LEVELS[Urgency.SOON])
    assert {each.pop("urgency"): each for each in levels} == service_levels.SHIPPED_LEVELS
    hours = OpeningHours.objects.values_list("weekday", "opens", "closes")
    shipped = enumerate(service_levels.SHIPPED_WEEK)
    assert {*hours} == {(day, *each) for day, of_day in shipped for each in of_day}


def test_the_day_follows_the_clinics_time_zone_not_utc() -> None:
    # Monday evening in New York is Tuesday in UTC.
    assert answer_due_at(datetime(2026, 11, 24, 2, tzinfo=UTC)) == datetime(
        2026, 11, 24, 17, tzinfo=NEW_YORK
    )


_moments = st.integers(0, 6 * 365 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(_moments, st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=10)))
def test_later_requests_are_never_due_earlier(received_at: datetime, later: timedelta) -> None:
    assert received_at < answer_due_at(received_at) <= answer_due_at(received_at + later)


@given(_moments)
def test_more_urgent_requests_are_due_sooner(received_at: datetime) -> None:
    due = [service_levels.deadline_for(received_at, urgency) for urgency in Urgency]
    assert due == sorted(due)


def test_a_calendar_that_never_opens_turns_nobody_away(caplog: pytest.LogCaptureFixture) -> None:
    at = datetime(2026, 11, 23, 10, tzinfo=NEW_YORK)
    promised = answer_due_at(at)
    OpeningHours.objects.all().delete()
    service_levels.clear_cache()
    assert answer_due_at(at) == promised, "by the hours that are shipped"
    assert "no working time left" in caplog.text


def test_the_built_in_levels_apply_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime(2026, 11, 23, 10, tzinfo=NEW_YORK)
    promised = [service_levels.deadline_for(at, urgency) for urgency in Urgency]

    def down(*args: object, **kwargs: object) -> None:
        raise OperationalError("gone")

    service_levels.clear_cache()
    monkeypatch.setattr(ServiceLevel.objects, "select_related", down)
    assert [service_levels.deadline_for(at, urgency) for urgency in Urgency] == promised
