"""How staff sign in, where django-allauth leaves the choice to us."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Staff accounts are made by `create_staff` or in the admin, never by a visitor."""
        return False
