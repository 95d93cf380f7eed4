"""allauth's forms, in plain words and with the scripts that their pages load."""

import logging
import struct
from typing import TYPE_CHECKING, Any

from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.forms.widgets import Script
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format

from articles.forms.fields import CleanLineField
from inquiries.encryption import SealBroken
from portal.accounts import lockout, second_factor, trust, words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

logger = logging.getLogger(__name__)

# In the order in which a page has to load them.
_SCRIPTS = (
    Script("mfa/js/webauthn-json.js", defer=True),
    Script("portal/js/passkey.js", defer=True),
)
#: Session key: the sealed secret of an authenticator app that is being set up.
_SEALED = "sealed_app_secret"
_NAME_LENGTH = 50


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = words.USER_NAME
        for name, message in (
            ("login", words.ENTER_USER_NAME),
            ("password", words.ENTER_PASSWORD),
        ):
            self.fields[name].error_messages["required"] = message


class NewPasswordForm(ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label, missing in (
            ("oldpassword", words.CURRENT_PASSWORD, words.ENTER_CURRENT_PASSWORD),
            ("password1", words.NEW_PASSWORD, words.ENTER_NEW_PASSWORD),
            ("password2", words.NEW_PASSWORD_AGAIN, words.ENTER_NEW_PASSWORD_AGAIN),
        ):
            self.fields[name].label = label
            self.fields[name].error_messages["required"] = missing


# --- Codes ----------------------------------------------------------------------------------------


def _ask_for_code(form: forms.Form, label: "_StrPromise", help_text: "_StrPromise") -> None:
    field = form.fields["code"]
    field.label = label
    field.help_text = help_text
    field.error_messages["required"] = words.ENTER_CODE
    # After an error, the error summary takes the focus instead.
    field.widget.attrs |= {"inputmode": "numeric", "autofocus": not form.is_bound}
    del field.widget.attrs["placeholder"]


class _CodeForm(forms.Form):
    """Accepts each code from the app only once, whatever the cache remembers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.user  # type: ignore[attr-defined]
        # Nobody is asked for what they never got.
        self.has_recovery_codes = second_factor.has_recovery_codes(user)
        hint = words.RECOVERY_HINT if self.has_recovery_codes else words.CODE_HINT
        _ask_for_code(self, words.CODE, hint)

    def clean_code(self) -> str:
        user = self.user  # type: ignore[attr-defined]
        attempt = lockout.begin_attempt(context.request, "code", user.username)
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except SealBroken as error:
            logger.exception("a secret of a second factor does not open")
            raise _wrong_code() from error
        is_app = self.authenticator.type == Authenticator.Type.TOTP  # type: ignore[attr-defined]
        if is_app and not second_factor.use_code(self.authenticator, code):  # type: ignore[attr-defined]
            raise _wrong_code()
        attempt.succeed(forgets_failures=True)
        return code


def _wrong_code() -> forms.ValidationError:
    error: forms.ValidationError = get_adapter().validation_error("incorrect_code")
    return error


class CodeForm(_CodeForm, AuthenticateForm):
    """The second step of signing in."""

    trust = forms.BooleanField(
        required=False,
        help_text=words.TRUST_HINT,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ends_at = trust.end_of_trust()
        if ends_at is None:
            del self.fields["trust"]
            return
        until = timezone.localtime(ends_at)
        is_today = until.date() == timezone.localdate()
        label = words.TRUST_UNTIL if is_today else words.TRUST_UNTIL_TOMORROW
        self.fields["trust"].label = label % {"time": date_format(until, "TIME_FORMAT")}

    @property
    def asks_for_trust(self) -> bool:
        """Never with a recovery code: a lost phone may mean that this computer is lost too."""
        is_app = self.authenticator.type == Authenticator.Type.TOTP
        return is_app and bool(self.cleaned_data.get("trust"))


class ConfirmByCodeForm(_CodeForm, ReauthenticateByCodeForm):
    """Confirms a sign-in with a code."""


class SetUpAppForm(ActivateTOTPForm):
    """Keeps the secret in the session until its first code: sealed, as it is stored afterwards."""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        session = request.session
        if sealed := session.get(_SEALED):
            session[SECRET_SESSION_KEY] = second_factor.unseal_secret(sealed)
        super().__init__(*args, **kwargs)
        session.pop(SECRET_SESSION_KEY, None)
        session[_SEALED] = second_factor.seal_secret(self.secret, account=request.user.pk)
        _ask_for_code(self, words.APP_CODE, words.APP_CODE_HINT)

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()
        except forms.ValidationError as error:
            # The general sentence names recovery codes, which come with the first factor.
            if error.code == "incorrect_code":
                raise forms.ValidationError(words.WRONG_APP_CODE, error.code) from error
            raise
        return code

    @staticmethod
    def forget(request: HttpRequest) -> None:
        request.session.pop(_SEALED, None)


# --- Passkeys -------------------------------------------------------------------------------------

# What the libraries that parse a passkey's answer raise when someone made the answer up.
_UNREADABLE = (AttributeError, IndexError, KeyError, TypeError, ValueError, struct.error)


class _AnswerForm(webauthn.AuthenticateWebAuthnForm):
    class Media:
        js = _SCRIPTS

    def clean_credential(self) -> Authenticator:
        # Without a user name there is no single account whose secret could be guessed.
        attempt = lockout.Attempt()
        if self.user is not None:
            attempt = lockout.begin_attempt(context.request, "code", self.user.username)
        try:
            authenticator = super().clean_credential()
        except _UNREADABLE as error:
            raise _wrong_code() from error
        # A disabled account's passkey is as wrong as an unknown one.
        if not authenticator.user.is_active:
            raise _wrong_code()
        attempt.succeed(forgets_failures=True)
        return authenticator


class PasskeyForm(_AnswerForm):
    """The second step of signing in."""


class ConfirmByPasskeyForm(_AnswerForm, webauthn.ReauthenticateWebAuthnForm):
    """Confirms a sign-in with a passkey."""


class SignInByPasskeyForm(_AnswerForm, webauthn.LoginWebAuthnForm):
    """Both steps in one: the device verifies who is holding it."""


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    class Media:
        js = _SCRIPTS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        passwordless = self.fields["passwordless"]
        _take_name(self, words.PASSKEY_NAME_HINT)
        passwordless.label = words.PASSWORDLESS
        passwordless.help_text = words.PASSWORDLESS_HINT
        passwordless.initial = True

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except _UNREADABLE as error:
            raise _wrong_code() from error


class RenamePasskeyForm(webauthn.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _take_name(self)


def _take_name(form: forms.Form, help_text: "str | _StrPromise" = "") -> None:
    form.fields["name"] = CleanLineField(
        label=words.PASSKEY_NAME,
        help_text=help_text,
        max_length=_NAME_LENGTH,
        required=form.fields["name"].required,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
