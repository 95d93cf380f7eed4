"""Checklists and the directory of referrals, as managed by leads."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.admin.clean_text import CleanTextMixin
from inquiries.admin.audited import AuditedAdmin, Row
from inquiries.models import AuditEntry, Checklist, ChecklistItem, DirectoryEntry
from inquiries.triage import case_choices


class ChecklistItemFormSet(BaseInlineFormSet[ChecklistItem, Checklist, ModelForm[ChecklistItem]]):
    def clean(self) -> None:
        super().clean()
        kept = [
            form
            for form in self.forms
            if (form.has_changed() or form.instance.pk) and form not in self.deleted_forms
        ]
        if not kept and not any(self.errors):
            raise ValidationError(_("Enter at least one task"))


class ChecklistItemInline(CleanTextMixin, admin.StackedInline[Any, Checklist]):
    """Anyone who may change the checklist may change its tasks."""

    model = ChecklistItem
    formset = ChecklistItemFormSet
    fields = (("text", "days"),)
    extra = 3

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("inquiries.view_checklist")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("inquiries.change_checklist")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("inquiries.change_checklist")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("inquiries.change_checklist")


class _OfferedAdmin(AuditedAdmin[Row]):
    """A list that request pages offer."""

    def save_related(self, *args: Any, **kwargs: Any) -> None:
        super().save_related(*args, **kwargs)
        case_choices.clear_cache()

    def delete_model(self, request: HttpRequest, obj: Row) -> None:
        super().delete_model(request, obj)
        case_choices.clear_cache()


@admin.register(Checklist)
class ChecklistAdmin(_OfferedAdmin[Checklist]):
    """Tasks to add to a request together. A change leaves tasks that were added before."""

    audit_kind = AuditEntry.Kind.CHECKLISTS_CHANGED
    fields = ("title",)
    inlines = (ChecklistItemInline,)
    list_display = ("title",)


@admin.register(DirectoryEntry)
class DirectoryEntryAdmin(_OfferedAdmin[DirectoryEntry]):
    """To whom patients are referred. An entry that a referral names can only be retired."""

    audit_kind = AuditEntry.Kind.DIRECTORY_CHANGED
    fields = ("name", "kind", "phone", "email", "languages", "notes", "is_retired")
    list_display = ("name", "kind", "languages", "is_retired")
    list_filter = ("is_retired",)
    search_fields = ("name", "kind")
