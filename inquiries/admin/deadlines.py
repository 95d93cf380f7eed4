"""What leads set about time: when we work, and the deadlines for each urgency."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.admin.clean_text import CleanTextMixin
from inquiries.admin import words
from inquiries.admin.audited import DATE_AND_TIME_INPUTS, AuditedAdmin
from inquiries.deadlines import public_holidays, service_levels
from inquiries.models import AuditEntry, Calendar, OpeningHours, ServiceLevel, SpecialDay


class CalendarForm(ModelForm[Calendar]):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        country = cleaned["country"] = (cleaned.get("country") or "").upper()
        subdivision = cleaned["subdivision"] = (cleaned.get("subdivision") or "").upper()
        if subdivision and not country:
            self.add_error("country", _("Enter the country first"))
        elif country and not public_holidays.has_known_holidays(country):
            self.add_error("country", _("We know no public holidays for this country code"))
        elif subdivision and not public_holidays.has_known_holidays(country, subdivision):
            self.add_error("subdivision", _("This country has no state or region with this code"))
        return cleaned


class OpeningHoursFormSet(BaseInlineFormSet[OpeningHours, Calendar, ModelForm[OpeningHours]]):
    def clean(self) -> None:
        super().clean()
        kept = [
            form
            for form in self.forms
            if form.has_changed() or form.instance.pk
            if form not in self.deleted_forms
        ]
        if not kept and not any(self.errors):
            raise ValidationError(
                _("Enter hours for at least one weekday. Without them, nothing is ever due")
            )


class _CalendarInline(CleanTextMixin, admin.StackedInline[Any, Calendar]):
    """Anyone who may change the calendar may change its parts.

    Stacked, because the admin's tabular inlines have no labels and do not fit a phone.
    """

    extra = 1
    formfield_overrides = DATE_AND_TIME_INPUTS

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("inquiries.view_calendar")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("inquiries.change_calendar")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("inquiries.change_calendar")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("inquiries.change_calendar")


class OpeningHoursInline(_CalendarInline):
    model = OpeningHours
    formset = OpeningHoursFormSet
    fields = (("weekday", "opens", "closes"),)
    verbose_name_plural = _("weekly working hours")


class SpecialDayInline(_CalendarInline):
    model = SpecialDay
    fields = (("day", "name"), ("opens", "closes"))
    verbose_name_plural = _("days that are closed or have different hours")


@admin.register(Calendar)
class CalendarAdmin(AuditedAdmin[Calendar]):
    """A change here applies to what starts from now on; existing deadlines stay as promised."""

    audit_kind = AuditEntry.Kind.HOURS_CHANGED
    intro = words.CALENDARS
    form = CalendarForm
    inlines = (OpeningHoursInline, SpecialDayInline)
    list_display = ("name", "country", "subdivision")

    def save_related(self, *args: Any, **kwargs: Any) -> None:
        super().save_related(*args, **kwargs)
        public_holidays.save_holidays()
        service_levels.clear_cache()


class ServiceLevelForm(ModelForm[ServiceLevel]):
    """Deadlines are entered in minutes; beside each, what it is now in hours."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            minutes = getattr(self.instance, name, None) if name.endswith("_minutes") else None
            if minutes is not None:
                said = words.NOW % {"duration": words.working_time(minutes)}
                field.help_text = f"{field.help_text} {said}".strip()


@admin.register(ServiceLevel)
class ServiceLevelAdmin(AuditedAdmin[ServiceLevel]):
    """There is exactly one for each urgency."""

    audit_kind = AuditEntry.Kind.LEVELS_CHANGED
    intro = words.LEVELS
    form = ServiceLevelForm
    list_display = ("urgency", "calendar", "first_attempt", "next_reply", "closure")
    list_select_related = ("calendar",)
    readonly_fields = ("urgency",)
    fieldsets = (
        (None, {"fields": ("urgency", "calendar")}),
        (
            _("Deadlines, in working minutes"),
            {
                "description": _(
                    "An eight-hour working day has 480. A change applies to what starts from "
                    "now on."
                ),
                "fields": (
                    *("look_minutes", "first_attempt_minutes", "next_reply_minutes"),
                    *("closure_minutes", "until_closing"),
                ),
            },
        ),
        (
            _("Attempts needed before a request can be closed as unreachable"),
            {"fields": ("attempts", "hours_apart", "parts_of_day", "channels")},
        ),
    )

    @admin.display(description=_("First attempt within"))
    def first_attempt(self, level: ServiceLevel) -> str:
        return words.working_time(level.first_attempt_minutes)

    @admin.display(description=_("Next reply within"))
    def next_reply(self, level: ServiceLevel) -> str:
        return words.working_time(level.next_reply_minutes)

    @admin.display(description=_("Closed within"))
    def closure(self, level: ServiceLevel) -> str:
        return words.working_time(level.closure_minutes)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def record_change(self, request: HttpRequest, obj: ServiceLevel, change: str) -> None:
        service_levels.clear_cache()
        super().record_change(request, obj, change)
