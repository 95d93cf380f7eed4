"""Checks before every staff page: who is signed in, how they proved it, and how long ago."""

import logging
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from inquiries.views.background_requests import is_background_request
from portal.accounts import reauthentication, second_factor, sessions, sign_in_csp, users, words
from portal.http.attempts import SignInUnavailable
from portal.http.limits import unavailable_page

logger = logging.getLogger(__name__)

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: Views for showing the second factor that an account has, or for setting up a first one.
_VERIFY_VIEWS = frozenset({"mfa_reauthenticate", "mfa_reauthenticate_webauthn"})
_SETUP_VIEWS = frozenset(
    {"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"}
)
#: Session key: the page that was requested before setting up a factor came first.
WANTED_PAGE_KEY = "wanted_page"
#: Seconds before it is worth trying again when the database cannot be reached.
_DATABASE_SECONDS = 30


class SignedOut(PermissionDenied):
    """A form arrived after its session had ended, or from a session that may not send it."""


class SignInMiddleware(LoginRequiredMiddleware):
    """Requires a sign-in for every page unless its view says `login_not_required`.

    Django's own middleware looks up the user first, which opens the session and tells caches that
    every page varies by cookie (`Vary: Cookie`); here, neither is true of public pages.
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
        if request.user.is_authenticated and (why := sessions.reached_limit(request.session)):
            sessions.end_current_session(request, why)
        response = super().process_view(request, view_func, view_args, view_kwargs)
        if response is None:
            if not is_background_request(request):  # pages stay open after people go home
                sessions.record_activity(request)
            response = _redirect_to_second_factor(request)
        if response is not None and request.method not in _SAFE:
            # A redirect to the sign-in page would lose what was typed.
            raise SignedOut
        response = response or _redirect_to_reauthentication(request)
        if response is not None and is_background_request(request):
            return HttpResponse(words.SIGN_IN_FIRST, status=401, content_type="text/plain")
        return response

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        """A bare /admin/ asks for no page in particular: staff start where their work is."""
        if request.path == reverse("admin:index"):
            return redirect("account_login")
        return super().handle_no_permission(request, view_func)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Refuse a sign-in that the database cannot count; never let it through."""
        if isinstance(exception, SignInUnavailable):
            return unavailable_page(request, exception)
        if isinstance(exception, Error) and request.path.startswith(sign_in_csp.ACCOUNTS_PREFIX):
            logger.error("nobody can sign in: the database cannot be asked", exc_info=exception)
            return unavailable_page(request, SignInUnavailable(_DATABASE_SECONDS))
        return None

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        sign_in_csp.set_policy(request, response)
        return response


def _view_name(request: HttpRequest) -> str:
    assert request.resolver_match  # noqa: S101 - a view is about to be called
    return request.resolver_match.view_name


def _redirect_to_second_factor(request: HttpRequest) -> HttpResponse | None:
    """Redirect a session without a second factor: to show one, or to set one up.

    The sign-in's own pages require one even where it is optional: a session opened with a password
    before there was a factor must not add a factor of its own.
    """
    is_own_page = request.path.startswith(sign_in_csp.ACCOUNTS_PREFIX)
    if not (settings.STAFF_MFA_REQUIRED or is_own_page) or second_factor.is_verified(request):
        if not is_own_page:
            request.session.pop(WANTED_PAGE_KEY, None)
        return None
    if second_factor.is_set_up(users.current_user(request)):
        if _view_name(request) in _VERIFY_VIEWS:
            return None
        methods = get_adapter().get_reauthentication_methods(request.user)
        url = next(each["url"] for each in methods if each["id"].startswith("mfa"))
        return _redirect_and_back(request, url)
    if not settings.STAFF_MFA_REQUIRED:
        return None
    if _view_name(request) in _SETUP_VIEWS:
        # The page offers no way back to work: it would only lead here again.
        request.is_setting_up = True  # type: ignore[attr-defined]
        return None
    if not is_background_request(request):
        request.session[WANTED_PAGE_KEY] = request.get_full_path()
    return redirect("mfa_index")


def _redirect_to_reauthentication(request: HttpRequest) -> HttpResponse | None:
    """Redirect to confirm the sign-in, where a page needs one from the last few minutes."""
    if _view_name(
        request
    ) not in reauthentication.REAUTHENTICATION_VIEWS or reauthentication.is_recently_confirmed(
        request
    ):
        return None
    if request.method not in _SAFE:
        # Kept in the page and not in the session, which would hold a new password in the clear.
        return render(
            request,
            "account/reauthentication_needed.html",
            {"typed": _posted_fields(request)},
            status=403,
        )
    methods = get_adapter().get_reauthentication_methods(request.user)
    return _redirect_and_back(request, methods[0]["url"] if methods else reverse("oidc_login"))


def _redirect_and_back(request: HttpRequest, url: str) -> HttpResponse:
    return redirect(f"{url}?{urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})}")


def _posted_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """What was filled in, for copying from the page; secrets of any kind are left out."""
    return [
        (name.replace("_", " ").capitalize(), value)
        for name, value in request.POST.items()
        if isinstance(value, str)
        and value.strip()
        and not name.startswith(("_", "csrf", "initial-"))
        and not any(secret in name for secret in ("password", "code", "credential"))
    ]
