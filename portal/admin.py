"""Staff accounts in the admin: a superuser's work."""

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group

from portal.models import User

admin.site.unregister(Group)  # Roles say who may do what: portal/roles.py.
admin.site.unregister(EmailAddress)  # An account's address stands with the account.


@admin.register(User)
class StaffAdmin(UserAdmin[User]):
    """Accounts are disabled, not deleted: what somebody wrote or did keeps her name."""

    list_display = ("username", "first_name", "last_name", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "credentials", "email")}),
        ("Access", {"fields": ("role", "is_active", "is_staff", "is_superuser")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2")}),
        ("Access", {"fields": ("role", "is_staff")}),
    )
    filter_horizontal = ()

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        return False
