"""Public holidays are stored as rows, and the rows give the same result as the library."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import holidays as library
import phonenumbers
import pytest
import time_machine
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from inquiries.deadlines import public_holidays, service_levels
from inquiries.deadlines.business_hours import Timetable
from inquiries.models import Calendar, HolidayYear
from inquiries.states import Urgency
from inquiries.worker import worker
from portal.config.clinic import WITHOUT_HOLIDAYS
from portal.models import User
from tests.inquiries.deadlines.test_calendar_admin import CALENDARS, form_of

pytestmark = pytest.mark.django_db

COUNTRIES = [
    ("US", ""),
    ("US", "CA"),
    ("ES", "MD"),
    ("DE", "BY"),
    ("IL", ""),
    ("JP", ""),
    ("UA", ""),
]
WEEK = (*(((time(9), time(17)),),) * 5, (), ())
YEARS = range(2025, 2029)


def kept() -> list[tuple[str, str, int]]:
    rows = HolidayYear.objects.order_by("country", "subdivision", "year")
    return list(rows.values_list("country", "subdivision", "year"))


def test_a_new_portal_has_the_rows_before_a_worker_has_run() -> None:
    this_year = date.today().year  # noqa: DTZ011 - of the machine that migrated
    assert kept() == [("US", "", this_year + each) for each in (-1, 0, 1, 2)]


@pytest.fixture(scope="module")
def counted_by_rows() -> dict[tuple[str, str], dict[int, public_holidays.Holidays]]:
    """Return them as the database does: each date has been text and is a date again."""
    return {
        codes: {
            year: {
                date.fromisoformat(day.isoformat()): name
                for day, name in public_holidays.calculate_holidays(*codes, year).items()
            }
            for year in range(2025, 2032)
        }
        for codes in COUNTRIES
    }


@time_machine.travel("2026-11-23T15:00:00Z", tick=False)
@pytest.mark.parametrize("codes", COUNTRIES, ids="-".join)
def test_the_rows_match_the_library(codes: tuple[str, str]) -> None:
    Calendar.objects.update(country=codes[0], subdivision=codes[1])
    assert public_holidays.save_holidays()
    service_levels.clear_cache()
    by_rows = service_levels.level_for(Urgency.ROUTINE).timetable
    by_library = Timetable("Asked", by_rows.zone, by_rows.week, {}, *codes)
    assert sorted(by_rows.holidays) == [*YEARS]
    start = datetime(2025, 1, 1, tzinfo=UTC)
    days = timedelta(hours=8) * 900
    assert list(by_rows.count(start, days)) == list(by_library.count(start, days))
    assert by_rows.holidays[2026] == dict(
        library.country_holidays(codes[0], subdiv=codes[1] or None, years=2026)
    )


@given(
    st.sampled_from(COUNTRIES),
    st.datetimes(datetime(2025, 1, 1), datetime(2028, 6, 1)),  # noqa: DTZ001 - made aware
    st.integers(0, 60 * 8 * 60),
)
def test_rows_and_library_always_count_alike(
    counted_by_rows: dict[tuple[str, str], dict[int, public_holidays.Holidays]],
    codes: tuple[str, str],
    moment: datetime,
    minutes: int,
) -> None:
    start, amount = moment.replace(tzinfo=UTC), timedelta(minutes=minutes)
    asked = Timetable("Asked", "America/New_York", WEEK, {}, *codes)
    by_rows = Timetable("Kept", "America/New_York", WEEK, {}, *codes, counted_by_rows[codes])
    assert by_rows.add(start, amount) == asked.add(start, amount)
    assert [day.why for day in by_rows.count(start, amount)] == [
        day.why for day in asked.count(start, amount)
    ]


@pytest.fixture(autouse=True)
def _anchors_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.ANCHORS_FILE = str(tmp_path / "anchors.jsonl")


def test_without_rows_holidays_still_count_and_the_health_check_reports_it(
    client: Client,
) -> None:
    worker.work_once()
    assert "holidays" not in client.get("/healthz/ready").text
    HolidayYear.objects.all().delete()
    service_levels.clear_cache()
    due_at = service_levels.deadline_for(datetime(2026, 12, 24, 22, tzinfo=UTC), Urgency.ROUTINE)
    assert due_at.date() == date(2026, 12, 28), "Christmas on a Friday, and the weekend"
    assert client.get("/healthz/ready").text == "degraded: holidays"
    health = ""
    for hours in (20, 40):  # a database clock more than a day ahead of the worker is not trusted
        with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours)):
            worker.work_once()
            health = client.get("/healthz/ready").text
    assert health == "ok"


@time_machine.travel("2026-11-23T15:00:00Z", tick=False)
def test_past_years_stay_as_they_were_counted() -> None:
    HolidayYear.objects.all().delete()
    for year in (2025, 2026):
        HolidayYear.objects.create(country="US", year=year, days={f"{year}-06-01": "Founders Day"})
    assert public_holidays.save_holidays()
    days = dict(HolidayYear.objects.values_list("year", "days"))
    assert days[2025] == {"2025-06-01": "Founders Day"}
    assert "2026-06-01" not in days[2026]
    assert days[2026]["2026-11-26"] == "Thanksgiving Day"


def test_changing_the_country_in_the_admin_adds_its_rows_at_once(
    client: Client, lead: User
) -> None:
    calendar = Calendar.objects.get()
    client.force_login(lead)
    page = f"{CALENDARS}{calendar.pk}/change/"
    fields = form_of(calendar, country="ES", subdivision="MD")
    assert client.post(page, fields).status_code == 302
    assert {codes[:2] for codes in kept()} == {("ES", "MD"), ("US", "")}
    assert service_levels.level_for(Urgency.ROUTINE).timetable.holidays


def test_a_country_the_library_drops_is_reported_and_keeps_its_rows(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    Calendar.objects.update(country="XX")
    HolidayYear.objects.all().delete()
    HolidayYear.objects.create(country="XX", year=1999, days={})
    assert not public_holidays.save_holidays()
    assert "not known any more" in caplog.text
    worker.work_once()
    assert client.get("/healthz/ready").text == "degraded: holidays"
    assert kept()[0] == ("XX", "", 1999)


def test_settings_reject_exactly_the_regions_without_known_holidays() -> None:
    unknown = {
        region
        for region in phonenumbers.SUPPORTED_REGIONS
        if not public_holidays.has_known_holidays(region)
    }
    assert unknown == WITHOUT_HOLIDAYS
