"""Who may do what: the one place that maps roles to the permissions that each app names."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from articles import permissions as articles_permissions
from inquiries.team import permissions
from portal.models import Role, User

PERMISSIONS: dict[str, frozenset[str]] = {
    Role.EDITOR: articles_permissions.EDITOR,
    Role.REVIEWER: articles_permissions.REVIEWER,
    Role.COORDINATOR: permissions.COORDINATOR,
    Role.LEAD: permissions.LEAD,
    Role.PRIVACY: permissions.PRIVACY,
}


class RoleBackend(ModelBackend):
    """Signs staff in by password; answers permission checks from the table, without a query.

    Superusers hold every permission, as everywhere in Django; the verbs bind them like anyone.
    """

    def get_all_permissions(
        self, user_obj: AbstractBaseUser | AnonymousUser, obj: Any = None
    ) -> set[str]:
        if not isinstance(user_obj, User) or not user_obj.is_active or obj is not None:
            return set()
        return set(PERMISSIONS.get(user_obj.role, ()))
