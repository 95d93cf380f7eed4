"""The pages of signing in that differ from allauth's own."""

from typing import Any

from allauth.account.views import LoginView, PasswordChangeView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from portal.accounts import second_factor, sessions, user_agents, users
from portal.accounts.forms import SetUpAppForm


class SignInView(LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"identity_provider": settings.OIDC_SERVER_URL and settings.OIDC_NAME}


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
        return context | {"key": " ".join(fours)}  # as people can type it

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        SetUpAppForm.forget(self.request)
        app = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        second_factor.use_code(app, form.cleaned_data["code"])
        second_factor.record_first(self.request, app)
        return response


class NewPasswordView(PasswordChangeView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not users.current_user(request).has_usable_password():
            # Who signs in by the identity provider alone: there is nothing to change here.
            messages.info(request, "Your account has no password.")
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]


# --- Sessions -------------------------------------------------------------------------------------


def list_sessions(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        ended = sessions.end_other_sessions(request, why="by_herself")
        messages.success(request, f"Signed out elsewhere: {ended}.")
        return redirect("usersessions_list")
    rows = [
        {
            "session": session,
            "browser": user_agents.describe_user_agent(session.user_agent),
            "is_here": sessions.is_current(session, request),
        }
        for session in sessions.open_sessions_of(users.current_user(request))
    ]
    return render(request, "usersessions/usersession_list.html", {"rows": rows})


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    hers = sessions.sessions_of(users.current_user(request))
    chosen = get_object_or_404(hers, pk=pk)
    if sessions.is_current(chosen, request):
        return redirect("account_logout")
    sessions.end_sessions(users.current_user(request), hers.filter(pk=pk), why="by_herself")
    messages.success(request, "Signed out there.")
    return redirect("usersessions_list")
