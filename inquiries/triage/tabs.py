"""How many rows each view of the queue holds: read with every page of it.

While few requests are open, one look at them counts all their views: the database would spend more
time planning a count for each than counting. Otherwise each is counted by its index.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone

from articles import capped_counts
from articles.capped_counts import fetch_row, format_count, write_counts
from inquiries.models import Inquiry, InquiryQuerySet, KeptSql, SavedView
from inquiries.states import State
from inquiries.team import permissions
from inquiries.triage.queue import VIEWS, WHO_AND_WHEN, until_soon

if TYPE_CHECKING:
    from portal.models import User

#: Among the counts of the views: what is overdue and this person’s, for the title of the page.
LATE = "late"
#: Up to this many open requests are looked at to count their views.
_FEW = 1000
#: Seconds until a process tries this again after there were more.
_MANY_SECONDS = 60
_many_until = 0.0


def late_rows(user: "User", now: datetime, *, is_lead: bool) -> InquiryQuerySet:
    """Claimed requests that are overdue: a coordinator's own, for a lead everybody's."""
    if is_lead:
        return Inquiry.objects.overdue(now).exclude(state=State.NEW)
    return Inquiry.objects.claimed_by(user).filter(due_at__lt=now)


def _late_part(user: "User", now: datetime, *, is_lead: bool) -> Q:
    """Return which of the open requests those are."""
    return Q(due_at__lt=now) & (~Q(state=State.NEW) if is_lead else Q(owner=user))


@dataclass(frozen=True)
class Tabs:
    """How many rows each counted view holds and are LATE, as shown; are there saved views?"""

    counts: dict[str, str]
    has_bursts: bool
    has_saved_views: bool


def count_views(user: "User") -> dict[str, str]:
    return read_tabs(user).counts


def read_tabs(user: "User") -> Tabs:
    """Count the views in one query; in a second one, the bursts, if there are any."""
    found, has_bursts, has_saved_views = _count_without_bursts(user)
    if has_bursts:
        now = timezone.now()
        views = [VIEWS[name] for name in found if name != LATE and VIEWS[name].has_bursts]
        in_bursts = [view.rows(user, now).filter(burst__isnull=False) for view in views]
        columns, values = write_counts(rows.folded() for rows in in_bursts)
        for view, count in zip(views, fetch_row(f"SELECT {columns}", values), strict=True):
            found[view.name] += count
    shown = {name: format_count(count) for name, count in found.items()}
    return Tabs(shown, bool(has_bursts), bool(has_saved_views))


def _count_without_bursts(user: "User") -> tuple[dict[str, int], int, int]:
    """Return counts of all views without requests in bursts; are there bursts, and saved views?"""
    global _many_until  # noqa: PLW0603 - of this process
    is_lead, cap = user.has_perm(permissions.LEAD_TRIAGE), capped_counts.COUNT_CAP
    said = {"user": user.pk, "now": timezone.now()}
    if time.monotonic() > _many_until:
        names, sql, values = _counted_together(is_lead, cap).fill(said)
        is_open, *counts, has_bursts, has_saved_views = fetch_row(sql, values)
        if is_open <= _FEW:
            return dict(zip(names, counts, strict=True)), has_bursts, has_saved_views
        _many_until = time.monotonic() + _MANY_SECONDS
    names, sql, values = _counted_singly(is_lead, cap).fill(said)
    *counts, has_bursts, has_saved_views = fetch_row(sql, values)
    return dict(zip(names, counts, strict=True)), has_bursts, has_saved_views


@lru_cache(maxsize=4)
def _counted_together(
    is_lead: bool,  # noqa: FBT001 - a key of what is kept
    _cap: int,
) -> KeptSql[list[str]]:
    """Return the query that looks at all open requests once, if they are few.

    The first column is how many there are. Their views follow, the others, and `_write_rest`.
    """

    def write(user: UUID, now: datetime) -> tuple[list[str], str, list[Any]]:
        reader: Any = get_user_model()(pk=user)
        parts = {view.name: view.part(reader, now) for view in VIEWS.values() if view.part}
        parts[LATE] = _late_part(reader, now, is_lead=is_lead)
        others = [view for view in VIEWS.values() if view.is_counted and not view.part]
        sums = ", ".join(f"COALESCE(SUM(CASE WHEN in_{name} THEN 1 END), 0)" for name in parts)
        marked = {f"in_{name}": Q(pk__isnull=False) & part for name, part in parts.items()}
        few = Inquiry.objects.open().filter(burst=None).values(**marked)[: _FEW + 1]
        looked_at, of_looked_at = few.query.sql_with_params()
        counts, of_counts = write_counts(
            view.rows(reader, now).filter(burst=None) for view in others
        )
        rest, of_rest = _write_rest(reader)
        columns = f"COUNT(*), {sums}, {counts}, {rest}"
        return (
            [*parts, *(view.name for view in others)],
            f"SELECT {columns} FROM ({looked_at}) AS few",  # noqa: S608 - Django wrote it
            [*of_counts, *of_rest, *of_looked_at],
        )

    return KeptSql(write, WHO_AND_WHEN, until_soon)


@lru_cache(maxsize=4)
def _counted_singly(
    is_lead: bool,  # noqa: FBT001 - a key of what is kept
    _cap: int,
) -> KeptSql[list[str]]:
    """Return the query that counts each view by its index, and `_write_rest`."""

    def write(user: UUID, now: datetime) -> tuple[list[str], str, list[Any]]:
        reader: Any = get_user_model()(pk=user)
        counted = {name: view.rows(reader, now) for name, view in VIEWS.items() if view.is_counted}
        counted[LATE] = late_rows(reader, now, is_lead=is_lead)
        counts, values = write_counts(rows.filter(burst=None) for rows in counted.values())
        rest, of_rest = _write_rest(reader)
        return [*counted], f"SELECT {counts}, {rest}", [*values, *of_rest]

    return KeptSql(write, WHO_AND_WHEN, until_soon)


def _write_rest(reader: Any) -> tuple[str, list[Any]]:
    """Return two columns: whether there are requests in bursts, and whether saved views."""
    in_bursts = Inquiry.objects.filter(burst__isnull=False)
    saved = SavedView.objects.filter(Q(owner=reader) | Q(is_shared=True))
    asked = [
        rows.order_by().values("pk")[:1].query.sql_with_params() for rows in (in_bursts, saved)
    ]
    columns = ", ".join(f"EXISTS({sql})" for sql, _ in asked)
    return columns, [value for _, values in asked for value in values]
