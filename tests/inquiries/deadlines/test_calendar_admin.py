"""The clinic's calendar and the service levels of each urgency, as leads maintain them."""

from collections.abc import Iterator

import pytest
import time_machine
from django.db import OperationalError
from django.db.models import ProtectedError
from django.test import Client

from inquiries.deadlines import service_levels
from inquiries.ledger.verification import verify_ledger
from inquiries.models import Calendar, OpeningHours, ServiceLevel, SpecialDay
from inquiries.states import State, Urgency
from portal.models import User
from tests.factories import make_category, make_inquiry
from tests.inquiries.deadlines.november import at, due, running

pytestmark = pytest.mark.django_db

CALENDARS = "/admin/inquiries/calendar/"


@pytest.fixture(autouse=True)
def monday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at(23, 10), tick=False) as traveller:
        yield traveller


def test_a_holiday_added_later_counts_only_for_new_deadlines() -> None:
    before = make_inquiry()
    calendar = Calendar.objects.get()
    SpecialDay.objects.create(calendar=calendar, day=at(24, 0).date(), name="Storm")
    service_levels.clear_cache()
    assert due(make_inquiry()) == at(25, 17)
    assert due(before) == at(24, 17), "what was promised stays"


def form_of(calendar: Calendar, **fields: object) -> dict[str, object]:
    week = list(calendar.week.all())
    typed: dict[str, object] = {
        "name": calendar.name,
        "country": calendar.country,
        "subdivision": "",
        "week-TOTAL_FORMS": len(week),
        "week-INITIAL_FORMS": len(week),
        "special_days-TOTAL_FORMS": 1,
        "special_days-INITIAL_FORMS": 0,
    }
    for number, row in enumerate(week):
        names = {"id": row.pk, "calendar": calendar.pk, "weekday": row.weekday}
        hours = {"opens": "09:00", "closes": "17:00"}
        typed |= {f"week-{number}-{name}": said for name, said in {**names, **hours}.items()}
    return {**typed, **fields}


def test_a_leads_edits_to_the_calendar_take_effect_at_once(client: Client, lead: User) -> None:
    calendar = Calendar.objects.get()
    page = f"{CALENDARS}{calendar.pk}/change/"
    client.force_login(lead)
    assert client.get(page).status_code == 200
    storm = {"special_days-0-day": "2026-11-24", "special_days-0-name": "Storm"}
    assert client.post(page, form_of(calendar, **storm)).status_code == 302
    assert due(make_inquiry()) == at(25, 17)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({f"week-{day}-DELETE": "on" for day in range(5)}, "nothing is ever due"),
        ({"week-0-closes": "08:00"}, "The end must be after the start"),
        ({"country": "XX"}, "We know no public holidays"),
        ({"country": "US", "subdivision": "QQ"}, "This country has no state or region"),
        ({"country": "", "subdivision": "MD"}, "Enter the country first"),
        (
            {
                "special_days-0-day": "2026-11-24",
                "special_days-0-name": "Storm",
                "special_days-0-closes": "12:00",
            },
            "Enter an opening time",
        ),
    ],
)
def test_an_unusable_calendar_is_rejected(
    client: Client, lead: User, fields: dict[str, str], said: str
) -> None:
    calendar = Calendar.objects.get()
    client.force_login(lead)
    answer = client.post(f"{CALENDARS}{calendar.pk}/change/", form_of(calendar, **fields))
    assert answer.status_code == 200
    assert said in answer.text
    assert OpeningHours.objects.filter(calendar=calendar).count() == 5


def test_a_calendar_in_use_cannot_be_deleted(client: Client, lead: User) -> None:
    inquiry = make_inquiry()
    client.force_login(lead)
    client.post(f"{CALENDARS}{Calendar.objects.get().pk}/delete/", {"post": "yes"})
    assert Calendar.objects.exists()
    assert running(inquiry)


def test_leads_edit_service_levels_but_cannot_add_or_delete_them(
    client: Client, lead: User
) -> None:
    level = ServiceLevel.objects.get(urgency=Urgency.ROUTINE)
    client.force_login(lead)
    typed = {field.name: field.value_from_object(level) for field in level._meta.fields[1:]}
    page = "/admin/inquiries/servicelevel/routine/change/"
    assert client.post(page, {**typed, "first_attempt_minutes": 0}).status_code == 200
    assert client.post(page, {**typed, "first_attempt_minutes": 60}).status_code == 302
    assert due(make_inquiry()) == at(23, 17), "an hour, and then until that day ends"
    for way in ("add/", "routine/delete/"):
        assert client.get(f"/admin/inquiries/servicelevel/{way}").status_code in {403, 404}


def test_the_page_explains_the_deadline(client: Client, coordinator: User) -> None:
    inquiry = make_inquiry()
    client.force_login(coordinator)
    page = client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").text
    assert "Why this deadline?" in page
    assert "8 hr of working time, then until the end of that working day" in page
    assert "Thanksgiving Day" in page, "which the end of it all skips"


def test_a_deadline_by_the_built_in_hours_says_so(
    client: Client, coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This happens when the clinic’s own levels could not be read when the clock started."""

    def down(*args: object, **kwargs: object) -> None:
        raise OperationalError("gone")

    service_levels.clear_cache()
    with monkeypatch.context() as patched:
        patched.setattr(ServiceLevel.objects, "select_related", down)
        inquiry = make_inquiry()
    client.force_login(coordinator)
    page = client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").text
    assert "by the calendar “Built-in hours”" in " ".join(page.split())


@pytest.mark.parametrize("of", ["owner", "topic", "calendar"])
def test_records_that_a_request_needs_cannot_be_deleted(coordinator: User, of: str) -> None:
    inquiry = make_inquiry(State.CLOSED, owner=coordinator, topic=make_category())
    needed = Calendar.objects.get() if of == "calendar" else getattr(inquiry, of)
    with pytest.raises(ProtectedError):
        needed.delete()
    assert verify_ledger().faults == []
