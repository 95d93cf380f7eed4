"""When a colleague is away, as they say themselves."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries.forms.audit_filter import DayField
from inquiries.models import Absence

if TYPE_CHECKING:
    from portal.models import User

#: In days. A longer one is an account to deactivate.
_LONGEST = 366


class OwnAbsenceForm(forms.Form):
    use_required_attribute = False

    first_day = DayField(label=_("First day away"), required=True)
    last_day = DayField(label=_("Last day away"), required=True)
    #: Set by the page that shows what will happen.
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: "User", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_first_day(self) -> date:
        day: date = self.cleaned_data["first_day"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("This day is over. Begin with today or later."))
        return day

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        if first and last and last - first > timedelta(days=_LONGEST):
            self.add_error("last_day", _("Choose a year or less. For longer, ask a lead."))
        elif first and last:
            try:
                self.absence().clean()
            except forms.ValidationError as error:
                self.add_error(None, error)
        return self.cleaned_data

    def absence(self) -> Absence:
        """Return the unsaved absence. Both days must be valid."""
        days = {name: self.cleaned_data[name] for name in ("first_day", "last_day")}
        return Absence(user=self.user, **days)
