"""Notices to staff: that something wants somebody, by reference and link alone."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils import timezone

from inquiries.models import Inquiry, Notice

if TYPE_CHECKING:
    from portal.models import User


def tell(kind: Notice.Kind, inquiry: Inquiry, users: "Iterable[User]") -> None:
    """To be sent when the transaction is committed, to who has an address; of one kind that still
    waits there is one.
    """
    now = timezone.now()
    waiting = Notice.objects.filter(inquiry=inquiry, kind=kind, state=Notice.State.WAITING)
    told = set(waiting.values_list("user", flat=True))
    Notice.objects.bulk_create(
        Notice(user=user, kind=kind, inquiry=inquiry, made_at=now, due_at=now)
        for user in users
        if user.email and user.pk not in told
    )
