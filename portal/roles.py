"""Who may do what: the one place that maps roles to the permissions that each app names."""

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from articles import permissions as articles_permissions
from inquiries.models.kept_queries import KeptQuery
from inquiries.team import permissions
from portal.models import Role, User

PERMISSIONS: dict[str, frozenset[str]] = {
    Role.EDITOR: articles_permissions.EDITOR,
    Role.REVIEWER: articles_permissions.REVIEWER,
    Role.COORDINATOR: permissions.COORDINATOR,
    Role.LEAD: permissions.LEAD,
    Role.PRIVACY: permissions.PRIVACY,
}


_USERS = KeptQuery(lambda pk: User.objects.filter(pk=pk), pk=UUID)


class RoleBackend(ModelBackend):
    """Signs staff in by password; answers permission checks from the table, without a query.

    Superusers hold every permission, as everywhere in Django; the verbs bind them like anyone.
    """

    def get_user(self, user_id: Any) -> User | None:
        found = _USERS.fetch(pk=User._meta.pk.to_python(user_id))
        return found[0] if found and self.user_can_authenticate(found[0]) else None

    def get_all_permissions(
        self, user_obj: AbstractBaseUser | AnonymousUser, obj: Any = None
    ) -> set[str]:
        if not isinstance(user_obj, User) or not user_obj.is_active or obj is not None:
            return set()
        return set(PERMISSIONS.get(user_obj.role, ()))
