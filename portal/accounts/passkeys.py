"""The pages that may ask for a passkey. `urls` loads them when the first of them is asked for.

What reads a passkey's answer takes as long to load as all of the queue: beside the hash of a
password, nobody who signs in feels that, but each start of a process would.
"""

from typing import Any

from allauth.core.internal.ratelimit import decorator
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import IndexView, authenticate, reauthenticate
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    LoginWebAuthnView,
    RemoveWebAuthnView,
    edit_webauthn,
    reauthenticate_webauthn,
)
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator

from portal.accounts import audit, second_factor, users

__all__ = [
    "add_passkey",
    "authenticate",
    "edit_webauthn",
    "reauthenticate",
    "reauthenticate_webauthn",
    "remove_passkey",
    "sign_in_by_passkey",
    "your_sign_in",
]


class SignInByPasskeyView(LoginWebAuthnView):
    """A page of its own, so that the one where a password is typed runs no script."""

    template_name = "mfa/webauthn/login.html"

    # Its question is kept in a session: without a limit, anybody could fill the table.
    @method_decorator(decorator(app="allauth.mfa", action="passkey_page", limit_get=True))
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "request_options": begin_authentication(user=None),
            "next": self.request.POST.get("next") or self.request.GET.get("next", ""),
        }

    def form_invalid(self, form: Any) -> HttpResponse:
        audit.record_failed_sign_in(self.request, method="webauthn")
        return self.render_to_response(self.get_context_data(form=form))


class YourSignInView(IndexView):
    """Everything about her own sign-in."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "is_required": settings.STAFF_MFA_REQUIRED,
            "is_set_up": second_factor.is_set_up(users.current_user(self.request)),
        }


class AddPasskeyView(AddWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        of_hers = Authenticator.objects.filter(user=self.request.user)
        newest = of_hers.filter(type=Authenticator.Type.WEBAUTHN).latest("pk")
        second_factor.record_first(self.request, newest)
        return response


class RemovePasskeyView(RemoveWebAuthnView):
    """allauth asks only for apps whether they may go."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[no-untyped-call]
        return context | {"may_go": get_adapter().can_delete_authenticator(self.object)}

    def form_valid(self, form: Any) -> HttpResponse:
        if not get_adapter().can_delete_authenticator(self.object):
            return self.render_to_response(self.get_context_data(form=form), status=409)
        return super().form_valid(form)


sign_in_by_passkey = SignInByPasskeyView.as_view()
your_sign_in = YourSignInView.as_view()
add_passkey = AddPasskeyView.as_view()
remove_passkey = RemovePasskeyView.as_view()
