from collections.abc import Callable
from typing import Any

from allauth.account.views import LogoutView, ReauthenticateView
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.http import HttpRequest, HttpResponseBase
from django.urls import path
from django.utils.module_loading import import_string
from django.views.generic import RedirectView

from portal.accounts import oidc, views


def _passkeys(name: str, *, login_required: bool = True) -> Callable[..., HttpResponseBase]:
    """The view of this name in `passkeys`, which loads when somebody asks for one of them."""

    def view(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        loaded: Callable[..., HttpResponseBase] = import_string(f"portal.accounts.passkeys.{name}")
        return loaded(request, **kwargs)

    view.login_required = login_required  # type: ignore[attr-defined] # as Django itself marks it
    return view


# One by one and under allauth's own names: an include would open its other doors as well.
urlpatterns = [
    path("login/", views.SignInView.as_view(), name="account_login"),
    path("logout/", LogoutView.as_view(), name="account_logout"),
    path("reauthenticate/", ReauthenticateView.as_view(), name="account_reauthenticate"),
    path("password/change/", views.NewPasswordView.as_view(), name="account_change_password"),
    path("sessions/", views.list_sessions, name="usersessions_list"),
    path("sessions/<int:pk>/end/", views.end_session, name="usersessions_end"),
    path("mfa/", _passkeys("your_sign_in"), name="mfa_index"),
    path(
        "mfa/authenticate/",
        _passkeys("authenticate", login_required=False),
        name="mfa_authenticate",
    ),
    path("mfa/reauthenticate/", _passkeys("reauthenticate"), name="mfa_reauthenticate"),
    path("mfa/totp/activate/", views.SetUpAppView.as_view(), name="mfa_activate_totp"),
    path("mfa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("mfa/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "mfa/recovery-codes/generate/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    # allauth leads there after a change; they stand with everything else of hers.
    path("mfa/webauthn/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("mfa/webauthn/add/", _passkeys("add_passkey"), name="mfa_add_webauthn"),
    path(
        "mfa/webauthn/login/",
        _passkeys("sign_in_by_passkey", login_required=False),
        name="mfa_login_webauthn",
    ),
    path(
        "mfa/webauthn/reauthenticate/",
        _passkeys("reauthenticate_webauthn"),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "mfa/webauthn/keys/<int:pk>/remove/",
        _passkeys("remove_passkey"),
        name="mfa_remove_webauthn",
    ),
    path("mfa/webauthn/keys/<int:pk>/edit/", _passkeys("edit_webauthn"), name="mfa_edit_webauthn"),
    path("oidc/login/", oidc.login, name="oidc_login"),
    path("oidc/callback/", oidc.callback, name="oidc_callback"),
]
