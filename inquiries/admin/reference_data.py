"""The lists that leads keep: danger phrases, crisis scripts, canned replies, who is away when."""

from typing import Any, ClassVar, TypeVar

from django.contrib import admin
from django.db.models import DateField, Field, Model, TimeField
from django.forms import DateInput, ModelForm, TimeInput
from django.http import HttpRequest, HttpResponse

from articles.admin.clean_text import CleanTextAdmin
from inquiries.danger import phrases
from inquiries.forms import CannedReplyForm, CrisisScriptForm, DangerPhraseForm
from inquiries.forms.danger_phrase import TRY, TRY_WITHOUT
from inquiries.ledger import audit_trail
from inquiries.models import Absence, AuditEntry, CannedReply, CrisisScript, DangerPhrase
from inquiries.team import availability

Row = TypeVar("Row", bound=Model)


#: The browser’s own fields. The admin’s tell how far the clinic’s clock is from the reader’s, which
#: means nothing for the days and hours on the clinic’s wall.
DATE_AND_TIME_INPUTS: dict[type[Field[Any, Any]], dict[str, Any]] = {
    DateField: {"widget": DateInput(format="%Y-%m-%d", attrs={"type": "date"})},
    TimeField: {"widget": TimeInput(format="%H:%M", attrs={"type": "time"})},
}


class AuditedAdmin(CleanTextAdmin[Row]):
    """Each change goes on record."""

    audit_kind: ClassVar[AuditEntry.Kind]
    actions = None

    def save_model(
        self,
        request: HttpRequest,
        obj: Row,
        form: ModelForm[Row],
        change: bool,  # noqa: FBT001 - Django passes it so
    ) -> None:
        super().save_model(request, obj, form, change)
        self.record_change(request, obj, "changed" if change else "added")

    def delete_model(self, request: HttpRequest, obj: Row) -> None:
        super().delete_model(request, obj)
        self.record_change(request, obj, "removed")

    def record_change(self, request: HttpRequest, obj: Row, change: str) -> None:
        by: Any = request.user
        audit_trail.record_entry(self.audit_kind, by=by, change=change)


@admin.register(DangerPhrase)
class DangerPhraseAdmin(AuditedAdmin[DangerPhrase]):
    """Tried before it is saved: on sentences, and on the requests of the last 90 days."""

    audit_kind = AuditEntry.Kind.PHRASES_CHANGED
    form = DangerPhraseForm
    fieldsets = (
        (None, {"fields": ("kind", "language", "phrase")}),
        ("Try it before you save it", {"fields": ("sentences",)}),
    )
    list_display = ("phrase", "kind", "language")
    list_filter = ("kind", "language")
    ordering = ("kind", "language", "phrase")
    search_fields = ("phrase",)

    def record_change(self, request: HttpRequest, obj: DangerPhrase, change: str) -> None:
        phrases.clear_cache()
        super().record_change(request, obj, change)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method == "POST" and {TRY, TRY_WITHOUT} & request.POST.keys():
            # Django's own view is one transaction: on SQLite nobody could write during a trial.
            view: Any = self._changeform_view  # type: ignore[attr-defined] # not in the stubs
            shown: HttpResponse = view(request, object_id, form_url, extra_context)
            return shown
        return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form: DangerPhraseForm = context["adminform"].form
        if form.is_bound and form.is_trial and (form.is_removal_trial or not form.errors):
            context |= self._run_trial(request, form)
        return super().render_change_form(request, context, *args, **kwargs)

    def _run_trial(self, request: HttpRequest, form: DangerPhraseForm) -> dict[str, Any]:
        from inquiries.danger import trial  # loaded by who tries

        row = None if form.is_removal_trial else form.changed_row()
        lists = trial.ListComparison.with_change(instead_of=form.instance.pk, row=row)
        sentences = trial.try_sentences(lists, form.cleaned_data.get("sentences", ""))
        tried = trial.try_requests(lists)
        by: Any = request.user
        audit_trail.record_entry(
            AuditEntry.Kind.SEARCHED,
            by=by,
            by_what="danger_patterns",
            looked_through=tried.looked_through,
            found=len(tried.newly_marked) + len(tried.no_longer_marked),
        )
        return {
            "trial": tried,
            "sentences": sentences,
            "days": trial.LOOKBACK_DAYS,
            "limit": trial.MAX_LISTED,
        }


@admin.register(Absence)
class AbsenceAdmin(AuditedAdmin[Absence]):
    """What is hers goes back to the queue on the first day, within a minute."""

    audit_kind = AuditEntry.Kind.ABSENCES_CHANGED
    fields = ("user", "first_day", "last_day")
    list_display = ("user", "first_day", "last_day")
    list_select_related = ("user",)
    formfield_overrides = DATE_AND_TIME_INPUTS

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = availability.coordinators()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def record_change(self, request: HttpRequest, obj: Absence, change: str) -> None:
        by: Any = request.user
        audit_trail.record_entry(self.audit_kind, by=by, about=obj.user, change=change)


@admin.register(CrisisScript)
class CrisisScriptAdmin(AuditedAdmin[CrisisScript]):
    """Read out on the page of each request, and beside the queue, from the next look on."""

    audit_kind = AuditEntry.Kind.SCRIPTS_CHANGED
    form = CrisisScriptForm
    list_display = ("title", "position")


@admin.register(CannedReply)
class CannedReplyAdmin(AuditedAdmin[CannedReply]):
    """Offered where a coordinator writes to the sender of a request."""

    audit_kind = AuditEntry.Kind.REPLIES_CHANGED
    form = CannedReplyForm
    list_display = ("title", "language")
    list_filter = ("language",)
