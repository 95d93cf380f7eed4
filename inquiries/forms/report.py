"""Which days a report covers."""

from datetime import timedelta
from typing import Any, Self

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries.forms.audit_filter import DayField

_DEFAULT_DAYS = 30


class ReportForm(forms.Form):
    """Days are whole days at the clinic. They may be in the future, with nothing to count yet."""

    use_required_attribute = False

    since = DayField(label=_("From"), required=True)
    until = DayField(label=_("To"), required=True)

    @classmethod
    def from_query(cls, query: QueryDict) -> Self:
        """Return the days asked for; if none were, the last 30 days, including today."""
        if query.keys() & cls.base_fields.keys():
            return cls(query)
        today = timezone.localdate()
        return cls({"since": today - timedelta(days=_DEFAULT_DAYS - 1), "until": today})

    def clean(self) -> dict[str, Any]:
        from inquiries.reports.report import MAX_DAYS  # loaded only for reports

        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day must not be before the first"))
        elif since and until and (until - since).days >= MAX_DAYS:
            self.add_error("until", _("Choose %(days)d days or fewer") % {"days": MAX_DAYS})
        return self.cleaned_data
