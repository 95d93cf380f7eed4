"""Restores, and what they lack."""

from itertools import count
from typing import Any

from django.utils import timezone

from inquiries.models import MissingRequest, Restoration
from inquiries.reference import reference_for

_numbers = count(1)


def make_restoration(**fields: Any) -> Restoration:
    return Restoration.objects.create(**{"noticed_at": timezone.now(), **fields})


def make_missingrequest(**fields: Any) -> MissingRequest:
    told = reference_for(f"missing-{next(_numbers)}")
    kind = MissingRequest.Kind.REQUEST
    return MissingRequest.objects.create(
        **{"reference": told, "kind": kind, "at": timezone.now(), **fields}
    )
