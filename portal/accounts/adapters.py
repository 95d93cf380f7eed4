"""Adapters for what django-allauth leaves to the site."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from inquiries.team import permissions
from portal.accounts import (
    lockout,
    password_queue,
    reauthentication,
    second_factor,
    users,
    words,
)

#: Ways to confirm a sign-in, by allauth's id for each.
_BY_PASSWORD = "reauthenticate"  # noqa: S105 - no password
_CONFIRM_BY = {
    _BY_PASSWORD: words.USE_PASSWORD,
    "mfa_reauthenticate": words.USE_CODE,
    "mfa_reauthenticate:webauthn": words.USE_PASSKEY,
}


class StaffAccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_password": words.WRONG_PASSWORD,
        "enter_current_password": words.WRONG_CURRENT_PASSWORD,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Staff accounts are created by `create_staff` or in the admin, never by a visitor."""
        return False

    def is_safe_url(self, url: str) -> bool:
        try:
            return bool(super().is_safe_url(url))
        except ValueError:  # not a URL at all, such as “//” before a full-width slash
            return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Don't prompt someone who has just signed in; allauth itself would ask again."""
        return not reauthentication.is_recently_confirmed(self.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        methods = super().get_reauthentication_methods(user)
        if second_factor.is_by_trust_alone(self.request):
            methods = [each for each in methods if each["id"] != _BY_PASSWORD]
        return [each | {"description": _CONFIRM_BY[each["id"]]} for each in methods]

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Check a user name and password, both to sign in and to confirm a sign-in.

        Raise ValidationError after too many failures, and SignInUnavailable where the attempt
        cannot be counted or too many others are waiting.
        """
        name = credentials.get("username", "")
        with password_queue.turn():
            attempt = lockout.begin_attempt(request, "password", name)
            user = super().authenticate(request, **credentials)
        if user:
            attempt.succeed()
        return user

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Don't say that the account is disabled: that would reveal that it exists."""
        return redirect("account_login")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where staff start when they asked for no page. Superusers start in the full admin."""
        user = users.current_user(request)
        if user.is_superuser:
            return super().get_login_redirect_url(request)
        if user.has_perm(permissions.LEAD_TRIAGE):
            return reverse("admin:inquiries_inquiry_limbo")
        if user.has_perm(permissions.TRIAGE):
            return reverse("admin:inquiries_inquiry_changelist")
        return super().get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def get_login_stages(self) -> list[str]:
        ours = {"allauth.mfa.stages.AuthenticateStage": "portal.accounts.stages.SecondFactorStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def pre_login(  # noqa: PLR0913 - allauth calls it so
        self,
        request: HttpRequest,
        user: Any,
        *,
        email_verification: str,
        signal_kwargs: dict[str, Any] | None,
        email: str | None,
        signup: bool,
        redirect_url: str | None,
    ) -> HttpResponse | None:
        response = super().pre_login(
            request,
            user,
            email_verification=email_verification,
            signal_kwargs=signal_kwargs,
            email=email,
            signup=signup,
            redirect_url=redirect_url,
        )
        # Removed, because the session would keep all of it while waiting for the second factor.
        came_by = (signal_kwargs or {}).pop("sociallogin", None)
        if response is None and came_by is not None and came_by.asserts_second_factor:
            second_factor.record_verified_by_provider(request, user)
        return response


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": words.WRONG_CODE,
        "cannot_delete_authenticator": words.ONLY_FACTOR,
    }

    def encrypt(self, text: str) -> str:
        return second_factor.seal_secret(text)

    def decrypt(self, encrypted_text: str) -> str:
        return second_factor.unseal_secret(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not (settings.STAFF_MFA_REQUIRED and second_factor.is_last_factor(authenticator))

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)

    def get_totp_issuer(self) -> str:
        return settings.CLINIC.name

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:  # noqa: A002
        there_are = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return words.PASSKEY_NUMBER % {"number": there_are + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": settings.CLINIC.name}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"name": user.username, "display_name": str(user)}
