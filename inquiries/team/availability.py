"""Who is available to handle a request: active, a coordinator, and not away."""

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from articles.process_cache import ProcessCache
from inquiries.models import Absence
from inquiries.team import permissions

if TYPE_CHECKING:
    from uuid import UUID

    from portal.models import User


def unavailable_reason(user: "User", absent: "set[UUID] | None" = None) -> str:
    """Return a key of `models.words.RELEASE_REASONS`; empty if they can handle a request today.

    `absent`: the ids of those who are away today, for callers that check many users.
    """
    if not user.is_active or not user.has_perm(permissions.TRIAGE):
        return "inactive"
    return "absent" if user.pk in (_absent_user_ids() if absent is None else absent) else ""


def available_coordinators() -> "list[User]":
    """Who can take a request today, by name, each loaded with the languages that they speak."""
    here = _staff().filter(is_active=True).exclude(pk__in=Absence.objects.today().values("user"))
    here = here.select_related("spoken_languages")
    return sorted((user for user in here if user.has_perm(permissions.TRIAGE)), key=str)


def _read_here() -> "tuple[User, ...]":
    return tuple(available_coordinators())


#: `available_coordinators`, for pages: what is chosen there is checked against who is here then.
here: "ProcessCache[tuple[User, ...]]" = ProcessCache(_read_here, ())


def clear_cache() -> None:
    here.clear()


def coordinators_to_notify() -> "list[User]":
    """Who to notify about an unowned request: those here today, or everyone if no one is."""
    return available_coordinators() or list(coordinators())


def leads_to_notify() -> "list[User]":
    """The leads who are responsible for the queue today; all leads if none is here."""
    every = [user for user in coordinators() if user.has_perm(permissions.LEAD_TRIAGE)]
    absent = _absent_user_ids()
    return [user for user in every if user.pk not in absent] or every


def coordinators() -> "QuerySet[User]":
    """All accounts that handle requests, whether or not they are here today."""
    found = [
        user.pk for user in _staff().filter(is_active=True) if user.has_perm(permissions.TRIAGE)
    ]
    found_staff = _staff().filter(pk__in=found).select_related("spoken_languages")
    return found_staff.order_by("last_name", "first_name", "username")


def unavailable_users() -> "dict[User, str]":
    """All accounts that cannot take a request today, with the reason."""
    absent = _absent_user_ids()
    return {user: why for user in _staff() if (why := unavailable_reason(user, absent))}


def _absent_user_ids() -> "set[UUID]":
    return set(Absence.objects.today().values_list("user", flat=True))


def _staff() -> "QuerySet[User]":
    staff: QuerySet[User] = get_user_model().objects.order_by("pk")
    return staff
