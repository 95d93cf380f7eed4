"""Django admin forms that save through a verb."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from articles.admin import words
from articles.admin.base import NoDeleteAdmin
from articles.admin.proposals import tell_waiting, waiting_link
from articles.languages import language_name, translated_languages
from articles.models import Proposal
from articles.states import StepRefused


class VerbAdmin(NoDeleteAdmin):
    """If the verb refuses, show the form again with the reasons and everything that was typed.

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


class TranslatedAdmin(NoDeleteAdmin):
    """Admin for rows that also have text in other languages; its form is a `TranslatedForm`."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = list(super().get_fieldsets(request, obj))
        may_write = not obj or self.has_change_permission(request, obj)
        if not may_write:
            return shown
        languages = ", ".join(language_name(code) for code, _ in translated_languages())
        names = self.form.translated_names()  # type: ignore[attr-defined]
        return [*shown, (words.IN_LANGUAGES % {"names": languages}, {"fields": names})]

    def get_form(
        self,
        request: HttpRequest,
        obj: Any = None,
        change: bool = False,  # noqa: FBT001, FBT002 - Django passes it so
        **kwargs: Any,
    ) -> type[ModelForm[Any]]:
        # The translated fields are not on the model: the form adds them itself.
        others = set(self.form.translated_names())  # type: ignore[attr-defined]
        fields = kwargs.get("fields") or flatten_fieldsets(self.get_fieldsets(request, obj))
        kwargs["fields"] = [name for name in fields if name not in others]
        return super().get_form(request, obj, change=change, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("translations")

    @admin.display(description=words.IN_OTHER_LANGUAGES)
    def translated(self, row: Any) -> str:
        return ", ".join(str(each) for each in row.translations.all()) or "–"


class ProposingAdmin(VerbAdmin):
    """Saving makes a proposal: the row stays as it is until a second person approves it."""

    change_form_template = "admin/articles/proposal/change_form.html"
    #: The kinds of proposals about its rows.
    kinds: tuple[Proposal.Kind, ...]

    def propose(
        self, request: HttpRequest, obj: Any, form: Any, *, is_new: bool
    ) -> Proposal | None:
        """Call the verb. Raise StepRefused."""
        raise NotImplementedError

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        context["waiting"] = waiting_link(self.kinds, obj.pk) if obj else ""
        context["show_save_and_continue"] = context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(
        self,
        request: HttpRequest,
        obj: Any,
        form: Any,
        change: bool,  # noqa: FBT001 - Django passes it so
    ) -> None:
        tell_waiting(request, self.propose(request, obj, form, is_new=not change))

    # The proposal itself is the record: the row did not change.

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        pass

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        pass

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: Any = None
    ) -> HttpResponse:
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
