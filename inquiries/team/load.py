"""What each colleague has to do now, what they know, and when they are away."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from articles.process_cache import ProcessCache
from inquiries.models import Absence, Inquiry, KnownTopic, Language
from inquiries.states import OWNED, Urgency
from inquiries.team import availability, languages

if TYPE_CHECKING:
    from articles.models import Category
    from portal.models import User


@dataclass(frozen=True)
class Member:
    """One colleague as the page of the team shows them."""

    user: "User"
    languages: tuple[Language, ...]
    topics: "list[Category]"
    #: Open requests by urgency.
    load: Counter[str]
    #: The absence that they are in, or else the next.
    absence: Absence | None

    @property
    def is_away(self) -> bool:
        return self.absence is not None and self.absence.first_day <= timezone.localdate()

    @property
    def open(self) -> int:
        return self.load.total()

    @property
    def by_urgency(self) -> list[int]:
        return [self.load[each] for each in Urgency]


def list_team() -> list[Member]:
    """Return everyone who handles requests, by name, in a fixed number of queries."""
    known = defaultdict[UUID, "list[Category]"](list)
    for each in KnownTopic.objects.select_related("topic").order_by("topic__name"):
        known[each.user_id].append(each.topic)
    absences: dict[UUID, Absence] = {}
    for absence in Absence.objects.not_over():
        absences.setdefault(absence.user_id, absence)
    held = open_load()
    return [
        Member(
            user,
            languages.languages_of(user),
            known[user.pk],
            held[user.pk],
            absences.get(user.pk),
        )
        for user in availability.coordinators()
    ]


def open_load() -> defaultdict[UUID, Counter[str]]:
    """Count what each colleague has open, by urgency."""
    held = Inquiry.objects.filter(state__among=OWNED).order_by()
    found = defaultdict[UUID, Counter[str]](Counter)
    for owner, urgency, count in held.values_list("owner", "urgency").annotate(count=Count("*")):
        found[owner][urgency] = count
    return found


def users_who_know(topic: UUID | None) -> frozenset[UUID]:
    """Return whose topics include this one; `topic` is its key."""
    return knowing.get().get(topic, frozenset()) if topic else frozenset()


def _read_totals() -> dict[UUID, int]:
    return {user: counts.total() for user, counts in open_load().items()}


def _read_knowing() -> dict[UUID, frozenset[UUID]]:
    found = defaultdict[UUID, set[UUID]](set)
    for topic, user in KnownTopic.objects.values_list("topic", "user"):
        found[topic].add(user)
    return {topic: frozenset(users) for topic, users in found.items()}


#: How much each colleague has open, and who knows each topic: hints, so a minute old will do.
totals: ProcessCache[dict[UUID, int]] = ProcessCache(_read_totals, {})
knowing: ProcessCache[dict[UUID, frozenset[UUID]]] = ProcessCache(_read_knowing, {})


def clear_cache() -> None:
    totals.clear()
    knowing.clear()
