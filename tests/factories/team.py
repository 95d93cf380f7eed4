"""The team and its hours: absences, languages, topics, calendars, service levels."""

from datetime import date, time
from itertools import count
from typing import Any

from django.utils import timezone

from articles.models import (
    Category,
)
from inquiries.models import (
    Absence,
    Calendar,
    HolidayYear,
    KnownTopic,
    OpeningHours,
    ServiceLevel,
    SpecialDay,
    SpokenLanguages,
)
from inquiries.states import (
    Urgency,
)
from portal.models import Role, User
from tests.factories.articles import make_category
from tests.factories.portal import make_staff

_numbers = count(1)


def make_absence(user: User | None = None, **days: date) -> Absence:
    today = timezone.localdate()
    user = user or make_staff(Role.COORDINATOR)
    return Absence.objects.create(user=user, **{"first_day": today, "last_day": today, **days})


def make_spokenlanguages(user: User | None = None, codes: str = "en es") -> SpokenLanguages:
    return SpokenLanguages.objects.create(user=user or make_staff(Role.COORDINATOR), codes=codes)


def make_knowntopic(user: User | None = None, topic: Category | None = None) -> KnownTopic:
    return KnownTopic.objects.create(
        user=user or make_staff(Role.COORDINATOR), topic=topic or make_category()
    )


def make_calendar() -> Calendar:
    return Calendar.objects.create(name=f"Hours {next(_numbers)}")


def make_openinghours(calendar: Calendar | None = None, **fields: Any) -> OpeningHours:
    day = {"weekday": 0, "opens": time(9), "closes": time(17)}
    return OpeningHours.objects.create(calendar=calendar or make_calendar(), **{**day, **fields})


def make_specialday(calendar: Calendar | None = None, **fields: Any) -> SpecialDay:
    day = {"day": date(2026, 12, 24), "name": "Christmas Eve"}
    return SpecialDay.objects.create(calendar=calendar or make_calendar(), **{**day, **fields})


def make_holidayyear() -> HolidayYear:
    return HolidayYear.objects.create(country="ES", year=2026, days={"2026-12-25": "Navidad"})


def make_servicelevel() -> ServiceLevel:
    return ServiceLevel.objects.get(urgency=Urgency.ROUTINE)
