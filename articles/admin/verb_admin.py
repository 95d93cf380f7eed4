"""Forms of Django's admin whose words a verb takes."""

from typing import Any

from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse

from articles.admin.base import NoDeleteAdmin
from articles.states import StepRefused


class VerbAdmin(NoDeleteAdmin):
    """Where the verb refuses, the form comes again with its reasons, and all that was typed.

    The form is a `forms.base.VerbForm`; `save_model` calls the verb.
    """

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except StepRefused as refusal:
            request.META["articles.refused"] = refusal.reasons
            return super().changeform_view(request, *args, **kwargs)

    def get_form(
        self,
        request: HttpRequest,
        obj: Any = None,
        change: bool = False,  # noqa: FBT001, FBT002 - Django passes it so
        **kwargs: Any,
    ) -> type[ModelForm[Any]]:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refused = request.META.get("articles.refused", ())  # type: ignore[attr-defined]
        return form
