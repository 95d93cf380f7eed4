"""Rows of the queue, read as plain values: what a row shows, and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from inquiries import encryption
from inquiries.contact import stored_plan
from inquiries.contact.stored_plan import RowPlan
from inquiries.encryption import KeyRefused, SealBroken
from inquiries.models import DataKey, Inquiry
from inquiries.models.sealed import SealedField
from inquiries.states import OPEN, State

_PLAN = RowPlan.__dataclass_fields__
#: Columns of a row, as `InquiryQuerySet.as_rows` reads them.
COLUMNS = (
    *("id", "reference", "version", "state", "outcome", "urgency", "urgent", "is_graded"),
    *("due_at", "received_at", "wakes_at", "closed_at", "undelivered_at", "added_at"),
    *("wrote_at", "answered_at", "burst", "mails_held", "duplicate_of_id", "full_name"),
    *("owner_id", "owner__first_name", "owner__last_name", "owner__username"),
    *("topic__name", "data_key__wrapped", "data_key__wrapped_by", *_PLAN),
)
_NAME: SealedField = Inquiry._meta.get_field("full_name")


@dataclass(frozen=True)
class Row:
    """One request in a list: its values, and its plan as of now."""

    values: Any
    plan: RowPlan
    name: str

    @property
    def is_open(self) -> bool:
        return self.values.state in OPEN

    @property
    def is_suspect(self) -> bool:
        """Whether its own row marks it as suspect. For a burst, its list offers the same steps."""
        if self.values.state == State.NEW:
            return bool(self.values.mails_held)
        return bool(self.values.state == State.QUARANTINED)

    @property
    def initials(self) -> str:
        """Enough to tell two rows apart without a name; “?” if the name can't be decrypted."""
        return "".join(word[0] for word in self.name.split()[:3]).upper()

    @property
    def owner(self) -> str:
        full = f"{self.values.owner__first_name} {self.values.owner__last_name}".strip()
        return "" if self.values.owner_id is None else full or self.values.owner__username

    def is_callable(self, now: datetime) -> bool:
        """Whether the plan lets someone try to reach them now."""
        plan = self.plan
        has_begun = plan.callable_from is None or plan.callable_from <= now
        is_over = plan.callable_until is not None and plan.callable_until <= now
        return bool(plan.planned_way) and has_begun and not is_over


def load_rows(found: Iterable[Any], now: datetime) -> list[Row]:
    """Make rows of what `as_rows` found. Plans that time has made wrong are made again here."""
    found = list(found)
    stale = [each.id for each in found if each.replan_at is not None and each.replan_at < now]
    plans: dict[UUID, RowPlan] = {}
    if stale:
        requests = Inquiry.objects.filter(pk__in=stale).select_related("data_key")
        plans = stored_plan.plans_for(requests, now)
    return [Row(each, plans.get(each.id) or _stored(each), _open_name(each)) for each in found]


def _stored(values: Any) -> RowPlan:
    return RowPlan(*(getattr(values, name) for name in _PLAN))


def _open_name(values: Any) -> str:
    if not values.full_name:  # erased
        return ""
    if values.data_key__wrapped is None:
        return "?"
    pk = str(values.id)
    wrapped, by = bytes(values.data_key__wrapped), values.data_key__wrapped_by
    try:
        key = encryption.unwrap(wrapped, by=by, context=DataKey.context_of(pk))
        return encryption.unseal(values.full_name, key=key, context=_NAME.context_of(pk))
    except (KeyRefused, SealBroken):
        return "?"
