"""Which entries of the audit trail the privacy officer wants to see."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from inquiries.models import AuditEntry

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class DayInput(forms.DateInput):
    input_type = "date"

    def format_value(self, value: Any) -> str | None:
        """Return None if it is not a day, since a browser shows an empty field for it."""
        try:
            return super().format_value(value if isinstance(value, date) else parse_date(value))
        except (TypeError, ValueError):
            return None


class DayField(forms.DateField):
    """A day whose times every database can represent."""

    def __init__(self, *, label: "StrOrPromise", required: bool = False) -> None:
        super().__init__(
            label=label,
            required=required,
            input_formats=["%Y-%m-%d"],  # the format that every browser sends
            widget=DayInput(format="%Y-%m-%d"),
            validators=[
                MinValueValidator(date(2000, 1, 1), _("Enter a day after 1999")),
                MaxValueValidator(date(2199, 12, 31), _("Enter a day before 2200")),
            ],
            error_messages=dict.fromkeys(
                ("invalid", "required"), _("Enter a day, such as 2026-11-23")
            ),
        )


class AccountField(forms.ModelChoiceField[Any]):
    def to_python(self, value: Any) -> Any:
        """Treat a malformed key like an account that does not exist."""
        try:
            return super().to_python(value)
        except ValidationError as error:
            raise ValidationError(self.error_messages["invalid_choice"]) from error


class AuditFilter(forms.Form):
    """All fields are optional. Days are whole days at the clinic."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("What"),
        choices=[("", _("Everything")), *AuditEntry.Kind.choices],
        required=False,
        error_messages={"invalid_choice": _("Choose one from the list")},
    )
    account = AccountField(
        label=_("Account"),
        queryset=get_user_model()._default_manager.order_by("username"),
        empty_label=_("All accounts"),
        required=False,
        error_messages={"invalid_choice": _("Choose an account from the list")},
    )
    since = DayField(label=_("From"))
    until = DayField(label=_("To"))

    def clean(self) -> dict[str, Any]:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day must not be before the first"))
        return self.cleaned_data

    def entries(self) -> QuerySet[AuditEntry]:
        """Return the entries, newest first. The form must be valid."""
        asked = self.cleaned_data
        rows = AuditEntry.objects.select_related("by", "about")
        if asked["kind"]:
            rows = rows.filter(kind=asked["kind"])
        if asked["account"]:
            rows = rows.filter(Q(by=asked["account"]) | Q(about=asked["account"]))
        if asked["since"]:
            rows = rows.filter(at__gte=_midnight(asked["since"]))
        if asked["until"]:
            rows = rows.filter(at__lt=_midnight(asked["until"] + timedelta(days=1)))
        return rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
