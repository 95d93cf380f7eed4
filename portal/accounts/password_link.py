"""The page behind a link to set a password, which a lead had sent to an account's address."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import PasswordResetConfirmView
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse_lazy

from portal.accounts import audit, sessions, words
from portal.models import User

if TYPE_CHECKING:
    _SetPasswordForm = SetPasswordForm[User]
else:
    _SetPasswordForm = SetPasswordForm


class NewPasswordByLinkForm(_SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label, missing in (
            ("new_password1", words.NEW_PASSWORD, words.ENTER_NEW_PASSWORD),
            ("new_password2", words.NEW_PASSWORD_AGAIN, words.ENTER_NEW_PASSWORD_AGAIN),
        ):
            self.fields[name].label = label
            self.fields[name].error_messages["required"] = missing
        self.fields["new_password1"].help_text = words.PASSWORD_HINT


class SetPasswordView(PasswordResetConfirmView):
    """Django's page: it moves the token out of the address before anything is loaded or typed.

    Nobody is signed in by it: the second step comes with the sign-in.
    """

    form_class = NewPasswordByLinkForm
    template_name = "account/set_password.html"
    success_url = reverse_lazy("account_login")
    reset_url_token = "now"  # noqa: S105 - a word in the address, no secret

    def get_user(self, uidb64: str) -> User | None:
        user = super().get_user(uidb64)
        return user if isinstance(user, User) and user.is_active and user.is_staff else None

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        audit.record_password_by_link(form.user)
        sessions.end_everything(form.user, why="password_changed")
        messages.success(self.request, words.PASSWORD_SET)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def render_to_response(self, context: Any, **kwargs: Any) -> HttpResponse:
        """Answer 410 for a link that was used, is too old, or never worked."""
        kwargs.setdefault("status", 200 if self.validlink else 410)
        return super().render_to_response(context, **kwargs)
