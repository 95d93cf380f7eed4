"""How staff sign in, and who has to."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase


class StaffAccountAdapter(DefaultAccountAdapter):
    """What django-allauth leaves to us."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Staff accounts are made by `create_staff` or in the admin, never by a visitor."""
        return False


class SignedOut(PermissionDenied):
    """A form came after its session had ended."""


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page needs a sign-in unless its view says `login_not_required`.

    Django's own asks for the user first, which opens the session and tells caches that every page
    differs by cookie (`Vary: Cookie`); for public pages neither is true here.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        response = super().process_view(request, view_func, view_args, view_kwargs)
        if response is not None and request.method == "POST":
            # A way to the sign-in page would lead past what she typed.
            raise SignedOut
        return response
