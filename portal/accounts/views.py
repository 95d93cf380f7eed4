"""The sign-in pages that differ from allauth's own."""

from typing import Any

from allauth.account.views import LoginView, LogoutView, PasswordChangeView, ReauthenticateView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import AuthenticateView, IndexView, reauthenticate
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import generate_recovery_codes, view_recovery_codes
from allauth.mfa.totp.views import ActivateTOTPView, deactivate_totp
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    LoginWebAuthnView,
    RemoveWebAuthnView,
    edit_webauthn,
    reauthenticate_webauthn,
)
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from portal.accounts import (
    failures,
    oidc,
    second_factor,
    sessions,
    trust,
    user_agents,
    users,
    words,
)
from portal.accounts.forms import SetUpAppForm
from portal.accounts.password_link import SetPasswordView
from portal.models import User


class SignInView(LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"identity_provider": settings.OIDC_SERVER_URL and settings.OIDC_NAME}


class SignInByPasskeyView(LoginWebAuthnView):
    """A separate page, so that the one where a password is typed runs no script."""

    template_name = "mfa/webauthn/login.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "request_options": begin_authentication(user=None),
            "next": self.request.POST.get("next") or self.request.GET.get("next", ""),
        }

    def form_invalid(self, form: Any) -> HttpResponse:
        failures.record_failure(self.request, method="webauthn")
        return self.render_to_response(self.get_context_data(form=form))


class SecondFactorView(AuthenticateView):
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        user = self.stage.login.user
        if getattr(form, "asks_for_trust", False) and self.request.user == user:
            trust.trust_browser(self.request, response, user)
        return response


class SignOutView(LogoutView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[no-untyped-call]
        user = self.request.user
        return context | {
            "is_trusted": isinstance(user, User) and trust.is_trusted(self.request, user)
        }

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        user = self.request.user
        if isinstance(user, User) and self.request.POST.get("end_trust"):
            trust.end_trust(user, "by_themselves", trust.current_trust(self.request, user))
        response: HttpResponse = super().post(*args, **kwargs)
        return response


class YourSignInView(IndexView):
    """Everything about the user's own sign-in."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "is_required": settings.STAFF_MFA_REQUIRED,
            "is_set_up": second_factor.is_set_up(users.current_user(self.request)),
            "connects_to": self._provider_to_connect(),
        }

    def _provider_to_connect(self) -> str:
        """Return an empty string where none is set, or the account is already connected."""
        bound = SocialAccount.objects.filter(user=users.current_user(self.request))
        return settings.OIDC_NAME if settings.OIDC_SERVER_URL and not bound.exists() else ""


class SetUpAppView(ActivateTOTPView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if get_adapter().is_mfa_enabled(users.current_user(request), [Authenticator.Type.TOTP]):
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"request": self.request}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        fours = [secret[start : start + 4] for start in range(0, len(secret), 4)]
        return context | {"key": " ".join(fours)}  # in fours, for typing by hand

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        SetUpAppForm.forget(self.request)
        app = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        second_factor.use_code(app, form.cleaned_data["code"])
        _note_first(self.request, app)
        return response


class AddPasskeyView(AddWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        of_theirs = Authenticator.objects.filter(user=self.request.user)
        newest = of_theirs.filter(type=Authenticator.Type.WEBAUTHN).latest("pk")
        _note_first(self.request, newest)
        return response


def _note_first(request: HttpRequest, authenticator: Authenticator) -> None:
    if not second_factor.is_verified(request):
        second_factor.record_verified(request, authenticator)


class RemovePasskeyView(RemoveWebAuthnView):
    """allauth checks whether a factor may be removed only for apps, not for passkeys."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[no-untyped-call]
        return context | {"may_go": get_adapter().can_delete_authenticator(self.object)}

    def form_valid(self, form: Any) -> HttpResponse:
        if not get_adapter().can_delete_authenticator(self.object):
            return self.render_to_response(self.get_context_data(form=form), status=409)
        return super().form_valid(form)


class NewPasswordView(PasswordChangeView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not users.current_user(request).has_usable_password():
            # They sign in through the identity provider alone: there is no password to change.
            messages.info(request, words.NO_PASSWORD)
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]


# --- By the names that `urls` knows ---------------------------------------------------------------

sign_in = SignInView.as_view()
sign_out = SignOutView.as_view()
sign_in_by_passkey = SignInByPasskeyView.as_view()
sign_in_elsewhere = oidc.login
signed_in_elsewhere = oidc.callback
show_second_factor = SecondFactorView.as_view()
confirm_by_password = ReauthenticateView.as_view()
confirm_by_code = reauthenticate
confirm_by_passkey = reauthenticate_webauthn
your_sign_in = YourSignInView.as_view()
new_password = NewPasswordView.as_view()
set_password = SetPasswordView.as_view()
set_up_app = SetUpAppView.as_view()
remove_app = deactivate_totp
show_recovery_codes = view_recovery_codes
renew_recovery_codes = generate_recovery_codes
add_passkey = AddPasskeyView.as_view()
rename_passkey = edit_webauthn
remove_passkey = RemovePasskeyView.as_view()


# --- Sessions -------------------------------------------------------------------------------------


def list_sessions(request: HttpRequest) -> HttpResponse:
    user = users.current_user(request)
    if request.method == "POST":
        ended = sessions.end_everything(user, why="by_themselves", but=request)
        messages.success(request, words.signed_out_elsewhere(ended))
        return redirect("usersessions_list")
    rows = [
        {
            "session": session,
            "browser": user_agents.describe_user_agent(session.user_agent),
            "is_here": sessions.is_current(session, request),
        }
        for session in sessions.open_sessions_of(user)
    ]
    here = set(trust.current_trust(request, user).values_list("pk", flat=True))
    trusted = [
        {
            "row": row,
            "browser": user_agents.describe_user_agent(row.user_agent),
            "is_here": row.pk in here,
        }
        for row in trust.trusted_browsers(user)
    ]
    context = {"rows": rows, "trusted": trusted}
    return render(request, "usersessions/usersession_list.html", context)


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    theirs = sessions.sessions_of(users.current_user(request))
    chosen = get_object_or_404(theirs, pk=pk)
    if sessions.is_current(chosen, request):
        return redirect("account_logout")
    sessions.end_sessions(users.current_user(request), theirs.filter(pk=pk), why="by_themselves")
    messages.success(request, words.SIGNED_OUT_THERE)
    return redirect("usersessions_list")


@require_POST
def end_trust(request: HttpRequest, pk: int) -> HttpResponse:
    user = users.current_user(request)
    chosen = trust.trusted_browsers(user).filter(pk=pk)
    get_object_or_404(chosen)
    trust.end_trust(user, "by_themselves", chosen)
    messages.success(request, words.TRUST_ENDED)
    return redirect("usersessions_list")
