"""What the lists that leads manage have in common."""

from typing import Any, ClassVar, TypeVar

from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import DateField, Field, Model, TimeField
from django.forms import DateInput, ModelForm, TimeInput
from django.http import HttpRequest

from articles.admin.clean_text import CleanTextAdmin
from articles.staff_pages import current_user
from inquiries.ledger import audit_trail
from inquiries.models import AuditEntry

Row = TypeVar("Row", bound=Model)

#: Native browser fields. The admin's own widgets show how far the server's time is from the
#: reader's, which means nothing for days and hours in the clinic's time.
DATE_AND_TIME_INPUTS: dict[type[Field[Any, Any]], dict[str, Any]] = {
    DateField: {"widget": DateInput(format="%Y-%m-%d", attrs={"type": "date"})},
    TimeField: {"widget": TimeInput(format="%H:%M", attrs={"type": "time"})},
}


class AuditedAdmin(CleanTextAdmin[Row]):
    """An admin that records each change in the audit trail."""

    audit_kind: ClassVar[AuditEntry.Kind]
    actions = None

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Leave out the buttons that would change another list in a window of its own."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

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
        audit_trail.record_entry(self.audit_kind, by=current_user(request), change=change)
