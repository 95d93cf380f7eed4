"""Queries for requests."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from inquiries.states import OPEN, OWNED, State

if TYPE_CHECKING:
    from inquiries.models.inquiry import Inquiry
    from portal.models import User

#: This many from one network in a short time are a burst.
BURST_SIZE = 5
#: Of those due at the same moment, the one that came first is first.
_DUE_ORDER = ("due_at", "received_at", "id")


class Among(models.Lookup[Any]):
    """`IN`, with the members of an enumeration written into the query as literals.

    SQLite uses a partial index only if the query repeats the index's condition. With parameters in
    the list it cannot tell, and would read the whole table.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        members = ", ".join(f"'{each.value}'" for each in self.rhs)
        return f"{column} IN ({members})", list(params)


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def open(self) -> Self:
        """Requests in which someone is waiting for us; the earliest due first."""
        return self.filter(state__among=OPEN).order_by(*_DUE_ORDER)

    def unclaimed(self) -> Self:
        return self.filter(state=State.NEW).order_by(*_DUE_ORDER)

    def claimed_by(self, *owners: "User") -> Self:
        return self.filter(state__among=OWNED, owner__in=owners).order_by(*_DUE_ORDER)

    def overdue(self, now: datetime) -> Self:
        return self.open().filter(due_at__lt=now)

    def due_between(self, now: datetime, until: datetime) -> Self:
        return self.open().filter(due_at__gte=now, due_at__lt=until)

    def waiting(self) -> Self:
        """The next to resume comes first."""
        return self.filter(state=State.WAITING).order_by("wakes_at", "received_at", "id")

    def closed(self) -> Self:
        """The most recently closed comes first."""
        return self.filter(state=State.CLOSED).order_by("-closed_at", "-id")

    def quarantined(self) -> Self:
        """Possible spam; the first due for a check comes first."""
        return self.filter(state=State.QUARANTINED).order_by(*_DUE_ORDER)

    def undelivered(self) -> Self:
        """Requests with an undeliverable mail to the sender that no one has dealt with yet."""
        return self.filter(undelivered_at__isnull=False).order_by("undelivered_at")

    def folded(self) -> Self:
        """Keep only the earliest-due request of each burst in this queryset, to stand for it."""
        earlier = self.order_by().filter(
            Q(due_at__lt=OuterRef("due_at"))
            | Q(due_at=OuterRef("due_at"), received_at__lt=OuterRef("received_at"))
            | Q(due_at=OuterRef("due_at"), received_at=OuterRef("received_at"))
            & Q(pk__lt=OuterRef("pk")),
            burst=OuterRef("burst"),
        )
        return self.filter(
            Q(burst__isnull=True) | ~Exists(_fifth_of(OuterRef("burst"))) | ~Exists(earlier)
        )

    def for_queue(self) -> Self:
        """Load what a queue row shows, without the sender's message."""
        return self.select_related("owner", "topic", "data_key").defer("message")

    def as_rows(self, columns: Iterable[str]) -> "models.QuerySet[Inquiry, Any]":
        """Read only these columns, as tuples with names: a list needs no objects."""
        return self.values_list(*columns, named=True)

    def for_reading(self) -> Self:
        return self.select_related(
            "owner", "topic", "article", "revision", "data_key", "duplicate_of"
        )

    def for_page(self) -> Self:
        """For the page of a request: what to look up only if there is any is said with it."""
        return self.select_related("owner", "topic", "data_key").annotate(
            article_title=F("article__title"),
            live_id=F("article__live"),
            revision_number=F("revision__number"),
            has_tasks=_has_any("inquiries.Task", "inquiry"),
            has_links=_has_any("inquiries.AccessLink", "inquiry"),
            has_deliveries=_has_any("inquiries.Delivery", "inquiry"),
            has_repeats=_has_any("inquiries.Inquiry", "duplicate_of"),
        )


def _has_any(model: str, name: str) -> Exists:
    """Whether any row of that model names this request as its `name`."""
    return Exists(apps.get_model(model)._default_manager.filter(**{name: OuterRef("pk")}))


def is_burst(burst: UUID | None) -> bool:
    """Whether enough requests belong to it, or once did, to make it a burst."""
    return burst is not None and _fifth_of(burst).exists()


def _fifth_of(burst: "UUID | OuterRef") -> "models.QuerySet[Any]":
    """Its fifth member: if there is one, it is a burst."""
    origins: models.Manager[Any] = apps.get_model("inquiries", "Origin")._default_manager
    members = origins.filter(burst=burst)
    return members.values("pk")[BURST_SIZE - 1 : BURST_SIZE]
