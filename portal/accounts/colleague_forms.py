"""What a lead fills in for a new account."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from articles.forms.fields import CleanCodeField, CleanEmailField, CleanLineField
from portal.accounts import words
from portal.models import User


class NewAccountForm(forms.Form):
    """The role is not asked: leads make accounts of coordinators only."""

    use_required_attribute = False

    first_name = CleanLineField(
        label=words.FIRST_NAME,
        help_text=words.FIRST_NAME_HINT,
        max_length=150,
        error_messages={"required": words.ENTER_FIRST_NAME},
    )
    last_name = CleanLineField(
        label=words.LAST_NAME,
        max_length=150,
        error_messages={"required": words.ENTER_LAST_NAME},
    )
    username = CleanCodeField(
        label=words.USER_NAME,
        help_text=words.NEW_USER_NAME_HINT,
        max_length=150,
        error_messages={"required": words.ENTER_USER_NAME},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    email = CleanEmailField(
        label=words.EMAIL,
        help_text=words.EMAIL_HINT,
        max_length=254,
        error_messages={"required": words.ENTER_EMAIL, "invalid": words.ENTER_EMAIL},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_username(self) -> str:
        name = User.normalize_username(self.cleaned_data["username"])
        User._meta.get_field("username").run_validators(name)
        # Two names that differ only in case would be taken for one another.
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError(words.NAME_TAKEN)
        return str(name)

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=email).exists():
            raise ValidationError(words.EMAIL_TAKEN)
        return email

    def account(self) -> User:
        """Return the unsaved account. The form must be valid."""
        said: dict[str, Any] = self.cleaned_data
        return User(**said)
