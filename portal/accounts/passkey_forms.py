"""allauth's forms for passkeys, in plain words and with what their pages load."""

import struct
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.forms.widgets import Script

from articles.forms.fields import CleanLineField
from portal.accounts.forms import wrong_code

# In the order in which a page needs them.
_SCRIPTS = (
    Script("mfa/js/webauthn-json.js", defer=True),
    Script("portal/js/passkey.js", defer=True),
)
_NAME_LENGTH = 50

# What the libraries that read a passkey's answer fail with, where somebody made one up.
_UNREADABLE = (AttributeError, IndexError, KeyError, TypeError, ValueError, struct.error)


class _AnswerForm(webauthn.AuthenticateWebAuthnForm):
    class Media:
        js = _SCRIPTS

    def clean_credential(self) -> Authenticator:
        try:
            authenticator = super().clean_credential()
        except _UNREADABLE as error:
            raise wrong_code() from error
        # A disabled account's passkey is as wrong as one that nobody knows.
        if not authenticator.user.is_active:
            raise wrong_code()
        return authenticator


class PasskeyForm(_AnswerForm):
    """The second step of signing in."""


class ConfirmByPasskeyForm(_AnswerForm, webauthn.ReauthenticateWebAuthnForm):
    """Who she is, once more."""


class SignInByPasskeyForm(_AnswerForm, webauthn.LoginWebAuthnForm):
    """Both steps in one: the device asks who holds it."""


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    class Media:
        js = _SCRIPTS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        passwordless = self.fields["passwordless"]
        _take_name(self, "To tell it from others, such as “My phone” or “Blue key”.")
        passwordless.label = "Let me sign in with it alone, without my password"
        passwordless.help_text = "It then asks for your fingerprint, your face or a PIN."
        passwordless.initial = True

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except _UNREADABLE as error:
            raise wrong_code() from error


class RenamePasskeyForm(webauthn.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _take_name(self)


def _take_name(form: forms.Form, help_text: str = "") -> None:
    form.fields["name"] = CleanLineField(
        label="Name",
        help_text=help_text,
        max_length=_NAME_LENGTH,
        required=form.fields["name"].required,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
