"""Staff accounts in the admin, managed by superusers."""

from typing import Any, cast

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from articles import library
from articles.admin.clean_text import CleanTextMixin
from articles.states import StepRefused
from portal.accounts import audit, sessions, words
from portal.models import User

admin.site.unregister(Group)  # Roles decide permissions: portal/roles.py.
# An account's address is part of the account. Nobody may edit the rest: secrets of second factors,
# sessions, and what binds an account to the identity provider.
for model in (EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken, UserSession):
    admin.site.unregister(model)

#: Recorded in the audit trail with old and new value; for other fields, only that they changed.
_ACCESS = ("role", "is_active", "is_staff", "is_superuser")
#: What makes up the name that readers see.
_PUBLIC = frozenset({"first_name", "last_name", "credentials", "role"})


@admin.register(User)
class StaffAdmin(CleanTextMixin, UserAdmin[User]):
    """Accounts are disabled, not deleted, so that what people wrote or did keeps their name."""

    list_display = ("username", "first_name", "last_name", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (words.PERSON, {"fields": ("first_name", "last_name", "credentials", "email")}),
        (words.ACCESS, {"fields": ("role", "is_active", "is_staff", "is_superuser")}),
        (words.DATES, {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2")}),
        (words.ACCESS, {"fields": ("role", "is_staff")}),
    )
    filter_horizontal = ()

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        return False

    def save_model(
        self,
        request: HttpRequest,
        obj: User,
        form: ModelForm[User],
        change: bool,  # noqa: FBT001 - Django passes it so
    ) -> None:
        super().save_model(request, obj, form, change)
        by = cast("User", request.user)
        if not change:
            audit.record_new_account(obj, by=by)
            return
        changes: dict[str, Any] = {
            name: [form.initial[name], getattr(obj, name)] if name in _ACCESS else "changed"
            for name in form.changed_data
        }
        if changes:
            audit.record_account_change(obj, by=by, **changes)
        if not _PUBLIC.isdisjoint(changes):
            try:
                library.rebuild_person_pages(obj)
            except StepRefused as refusal:
                messages.warning(request, words.OLD_NAME_SHOWN % {"why": refusal})

    def user_change_password(
        self,
        request: HttpRequest,
        id: str,  # noqa: A002 - Django calls it so
        form_url: str = "",
    ) -> HttpResponse:
        account = self.get_object(request, unquote(id))
        if account == request.user:  # That page asks for the old password too.
            return redirect("account_change_password")
        before = account.password if account else ""
        response = super().user_change_password(request, id, form_url)
        if account:
            account.refresh_from_db(fields=["password"])
            if account.password != before:
                audit.record_password_set(account, by=cast("User", request.user))
                sessions.end_everything(account, why="password_changed")
        return response
