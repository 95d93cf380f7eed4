"""What leads look at during a surge: bursts, and bystanders who only shared a burst's network.

Only for leads, who may open every request: it lists references, which a report does not.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Min, Q
from django.utils import timezone

from inquiries.intake import bursts
from inquiries.models import BURST_SIZE, Inquiry, Origin
from inquiries.outcomes import Outcome

#: How many of the latest bursts are listed, and for each, how many that may be innocent.
_MOST_BURSTS = 20
_MOST_BYSTANDERS = 50
#: In a longer burst, only this many of the first requests are compared.
_MOST_COMPARED = 2000
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Burst:
    """Several urgent requests from one network within minutes; times are aware."""

    key: UUID
    began_at: datetime
    ended_at: datetime
    count: int
    #: The number that no one has taken up yet.
    untouched: int
    mails_held: int
    discarded: int
    #: Requests from its network that do not look like it: not urgent, or worded differently.
    bystanders: list[Inquiry]


@dataclass(frozen=True)
class Crowd:
    """What came in through the website within an hour, and from how many networks."""

    requests: int
    networks: int

    @property
    def is_of_many(self) -> bool:
        """Fewer than two requests per network on average: people, not a bot."""
        return self.networks * 2 > self.requests


def list_bursts() -> list[Burst]:
    """List the bursts of the last few days, the latest first."""
    members = Origin.objects.filter(burst__isnull=False, at__gt=timezone.now() - bursts.KEPT)
    found = (
        members.values(key=F("burst"))
        .annotate(
            count=Count("pk"),
            began_at=Min("at"),
            ended_at=Max("at"),
            untouched=Count("pk", filter=Q(inquiry__burst__isnull=False)),
            mails_held=Count("pk", filter=Q(inquiry__mails_held=True)),
            discarded=Count("pk", filter=Q(inquiry__outcome=Outcome.NOT_A_REQUEST)),
        )
        .filter(count__gte=BURST_SIZE)
        .order_by("-ended_at")[:_MOST_BURSTS]
    )
    return [Burst(bystanders=_bystanders(row), **row) for row in found]


def count_crowd() -> Crowd:
    since = Origin.objects.filter(at__gt=timezone.now() - _HOUR)
    return Crowd(**since.aggregate(requests=Count("pk"), networks=Count("network", distinct=True)))


def _bystanders(row: dict[str, Any]) -> list[Inquiry]:
    """Requests from a burst's network during the burst that do not resemble it."""
    key = row["key"]
    members = list(Origin.objects.filter(burst=key).order_by("at")[:_MOST_COMPARED])
    others = Origin.objects.filter(
        network=members[0].network, **bursts.around(row["began_at"], row["ended_at"])
    ).exclude(burst=key)
    own = bursts.with_own_words([*others[:_MOST_COMPARED], *members], members=members)
    named = [each.inquiry_id for each in own[:_MOST_BYSTANDERS]]
    rows = Inquiry.objects.filter(pk__in=named).only("reference", "state", "urgent", "mails_held")
    return list(rows.order_by("received_at"))
