"""What leads look at when very much comes at once: bursts, and who only shared their network.

For leads alone, who may open each request: it names references, which a report does not.
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

#: The latest bursts, and of each so many who may be innocent.
_MOST_BURSTS = 20
_MOST_BYSTANDERS = 50
#: Of a longer burst, the first so many are compared.
_MOST_COMPARED = 2000
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Burst:
    """Several urgent requests of one network within minutes; times are aware."""

    key: UUID
    began_at: datetime
    ended_at: datetime
    count: int
    #: Nobody has taken these up yet.
    untouched: int
    mails_held: int
    discarded: int
    #: Of who shared its network, and does not look like it: not urgent, or in words of its own.
    bystanders: list[Inquiry]


@dataclass(frozen=True)
class Crowd:
    """What came by the website within an hour, and from how many networks."""

    requests: int
    networks: int

    @property
    def is_of_many(self) -> bool:
        """Hardly two of one network: people, and no machine."""
        return self.networks * 2 > self.requests


def list_bursts() -> list[Burst]:
    """Those of the last days, the latest first."""
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
    """Who came from the network of a burst in its time, and is not like it."""
    key = row["key"]
    members = list(Origin.objects.filter(burst=key).order_by("at")[:_MOST_COMPARED])
    others = Origin.objects.filter(
        network=members[0].network, **bursts.around(row["began_at"], row["ended_at"])
    ).exclude(burst=key)
    own = bursts.with_own_words([*others[:_MOST_COMPARED], *members], members=members)
    named = [each.inquiry_id for each in own[:_MOST_BYSTANDERS]]
    rows = Inquiry.objects.filter(pk__in=named).only("reference", "state", "urgent", "mails_held")
    return list(rows.order_by("received_at"))
