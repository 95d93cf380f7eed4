"""What a view of the queue can be narrowed down by, as parameters of its address.

Each value is one of a list, so that an unknown one is ignored and an address holds no name.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q

from articles.models import Category
from inquiries.intake import topics
from inquiries.models import ContactMethod, InquiryQuerySet, Language
from inquiries.models.stored_plan import is_in_window
from inquiries.states import OWNED, UNOWNED, Urgency
from inquiries.triage import case_choices, words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from portal.models import User

#: Values of `owner` besides the keys of accounts.
MINE, NOBODY = "me", "none"
NOW = "now"
#: Days since a request came in.
AGES = (1, 3, 7, 30)
#: Closed requests are filtered only if they ended within this time: there is no end of older ones.
CLOSED_WITHIN = timedelta(days=90)
NAMES = ("way", "language", "urgency", "owner", "topic", "callable", "age")
Choice = tuple[str, "StrOrPromise"]


@dataclass(frozen=True)
class Filters:
    """The filters of one address, checked. Falsy if there are none."""

    values: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.values)

    @property
    def query(self) -> str:
        """The same as a part of an address; empty without filters."""
        return urlencode(self.values)

    def narrow(
        self, rows: InquiryQuerySet, user: "User", now: datetime, *, is_open: bool = True
    ) -> InquiryQuerySet:
        """Return the rows that match. Each filter is answered from an index, or row by row.

        `is_open`: none of the rows is closed.
        """
        for name, value in self.values.items():
            rows = rows.filter(_condition(name, value, user, now))
            if name == "owner" and value != NOBODY and is_open:
                rows = rows.filter(state__among=OWNED)  # repeats the condition of the index
        return rows


NO_FILTERS = Filters()


def read_filters(typed: Mapping[str, str]) -> Filters:
    """Return the filters that make sense, in a fixed order; all others are ignored."""
    said = {name: str(typed.get(name, "")) for name in NAMES}
    return Filters({name: value for name, value in said.items() if _is_known(name, value)})


def _is_known(name: str, value: str) -> bool:
    if name == "topic" and value:
        return topics.is_slug(value)
    return value in dict(choices(name)) or (name == "owner" and _is_key(value))


def _is_key(value: str) -> bool:
    try:
        return str(UUID(value)) == value
    except ValueError:
        return False


def choices(name: str) -> list[Choice]:
    """Return the values of a filter with their labels; for owners, only the first two."""
    return list(_CHOICES[name]())


_CHOICES: dict[str, Callable[[], Iterable[Choice]]] = {
    "way": lambda: ContactMethod.choices,
    "language": lambda: Language.choices,
    "urgency": lambda: Urgency.choices,
    "owner": lambda: [(MINE, words.MINE), (NOBODY, words.NO_ONE)],
    "topic": topics.known_topics,
    "callable": lambda: [(NOW, words.CALLABLE_NOW)],
    "age": lambda: [(str(days), words.OLDER_THAN % {"days": days}) for days in AGES],
}


def filter_fields(
    chosen: Filters,
) -> "Iterator[tuple[str, StrOrPromise, list[tuple[str, StrOrPromise, bool]]]]":
    """Yield name, label, and options of each filter; an option says whether it is chosen."""
    for name in NAMES:
        value, options = chosen.values.get(name, ""), choices(name)
        if name == "owner":
            options += case_choices.colleagues.get()
        if value and value not in dict(options):
            options.append((value, words.SOMEONE_ELSE if name == "owner" else value))
        yield name, words.FILTER_LABELS[name], [(key, text, key == value) for key, text in options]


def _condition(name: str, value: str, user: "User", now: datetime) -> Q:
    if column := _COLUMNS.get(name):
        return Q(**{column: value})
    match name:
        case "owner" if value == NOBODY:
            return Q(state__among=UNOWNED)
        case "owner":
            return Q(owner=user.pk if value == MINE else UUID(value))
        case "topic":
            return Q(topic=Category.objects.filter(slug=value).order_by().values("pk")[:1])
        case "callable":
            return ~Q(planned_way="") & is_in_window(now)
    return Q(received_at__lte=now - timedelta(days=int(value)))


_COLUMNS = {"way": "planned_way", "language": "current_language", "urgency": "urgency"}
