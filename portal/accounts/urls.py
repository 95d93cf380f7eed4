from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import path
from django.utils.module_loading import import_string
from django.views.generic import RedirectView

View = Callable[..., HttpResponseBase]


def _loaded_when_asked(name: str, *, login_required: bool = True) -> View:
    """Return the view of this name in `views`, which is imported on first use.

    The libraries that read passkeys and draw QR codes take as long to load as the whole queue: next
    to hashing a password nobody who signs in notices, but each start of a process would.
    """

    def view(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        loaded: View = import_string(f"portal.accounts.views.{name}")
        return loaded(request, **kwargs)

    view.login_required = login_required  # type: ignore[attr-defined] # as Django itself marks it
    view.view_name = name  # type: ignore[attr-defined]
    return view


def _page(name: str) -> View:
    return _loaded_when_asked(name)


def _public_page(name: str) -> View:
    return _loaded_when_asked(name, login_required=False)


# One by one and under allauth's own names: an include would also expose its other pages.
urlpatterns = [
    path("login/", _public_page("sign_in"), name="account_login"),
    path("logout/", _public_page("sign_out"), name="account_logout"),
    path("reauthenticate/", _page("confirm_by_password"), name="account_reauthenticate"),
    path("password/change/", _page("new_password"), name="account_change_password"),
    path(
        "password/set/<str:uidb64>/<str:token>/",
        _public_page("set_password"),
        name="account_set_password",
    ),
    path("sessions/", _page("list_sessions"), name="usersessions_list"),
    path("sessions/<int:pk>/end/", _page("end_session"), name="usersessions_end"),
    path("sessions/trusted/<int:pk>/end/", _page("end_trust"), name="trusted_browser_end"),
    path("mfa/", _page("your_sign_in"), name="mfa_index"),
    path("mfa/authenticate/", _public_page("show_second_factor"), name="mfa_authenticate"),
    path("mfa/reauthenticate/", _page("confirm_by_code"), name="mfa_reauthenticate"),
    path("mfa/totp/activate/", _page("set_up_app"), name="mfa_activate_totp"),
    path("mfa/totp/deactivate/", _page("remove_app"), name="mfa_deactivate_totp"),
    path("mfa/recovery-codes/", _page("show_recovery_codes"), name="mfa_view_recovery_codes"),
    path(
        "mfa/recovery-codes/generate/",
        _page("renew_recovery_codes"),
        name="mfa_generate_recovery_codes",
    ),
    # allauth redirects here after a change; passkeys are listed on the page of the sign-in.
    path("mfa/webauthn/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("mfa/webauthn/add/", _page("add_passkey"), name="mfa_add_webauthn"),
    path("mfa/webauthn/login/", _public_page("sign_in_by_passkey"), name="mfa_login_webauthn"),
    path(
        "mfa/webauthn/reauthenticate/",
        _page("confirm_by_passkey"),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "mfa/webauthn/keys/<int:pk>/remove/",
        _page("remove_passkey"),
        name="mfa_remove_webauthn",
    ),
    path("mfa/webauthn/keys/<int:pk>/edit/", _page("rename_passkey"), name="mfa_edit_webauthn"),
    path("oidc/login/", _public_page("sign_in_elsewhere"), name="oidc_login"),
    path("oidc/callback/", _public_page("signed_in_elsewhere"), name="oidc_callback"),
]
