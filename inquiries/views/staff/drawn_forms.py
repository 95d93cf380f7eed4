"""The forms of the steps as the request page shows them.

A form that nobody has filled in is drawn once for all requests that offer the same. What differs
(the request, its version, and the token against forgery) is a mark there, replaced for each page.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from articles.templatetags.kept import find_kept, keep
from inquiries.forms import STEP_FORMS, StepForm
from inquiries.models import Inquiry
from inquiries.states import Step
from inquiries.views.staff import words
from inquiries.views.staff.draft import Draft

# No key of a request, and characters for private use: no text of ours contains them.
_PK = UUID(int=0)
_VERSION, _TOKEN = "\ue000version\ue001", "\ue000token\ue001"
_TEMPLATES = {Step.REPLY: "_reply_form", Step.CALL: "_call_form"}


@dataclass(frozen=True)
class Sheet:
    """The page that forms are drawn for."""

    request: HttpRequest
    inquiry: Inquiry
    sending: Inquiry
    draft: Draft | None

    @cached_property
    def token(self) -> str:
        return get_token(self.request)


@dataclass(frozen=True, eq=False)
class StepOffer:
    step: Step
    sheet: Sheet
    #: What the form takes.
    choices: Any
    is_main: bool = False
    #: The form, unless it is one like any other: what was sent and not taken, for example.
    own_form: StepForm | None = None
    #: Tells the forms of several rows apart.
    mark: str = ""

    @property
    def is_tried(self) -> bool:
        return self.own_form is not None and self.own_form.is_bound

    @property
    def has_fields(self) -> bool:
        return _has_fields(self.step)

    @property
    def button(self) -> str:
        return str(words.ERASE_PERMANENTLY if self.step == Step.ERASE else self.step.label)

    @cached_property
    def drawn(self) -> SafeString:
        if self.own_form or not STEP_FORMS[self.step].may_be_kept(self.choices):
            return self._draw_own()
        inquiry = self.sheet.inquiry
        drawn = self._draw_any().replace(_VERSION, str(inquiry.version))
        drawn = drawn.replace(_TOKEN, self.sheet.token).replace(str(_PK), str(inquiry.pk))
        return mark_safe(drawn)  # noqa: S308 - as a template drew it, with two keys and a number

    def _draw_any(self) -> SafeString:
        """Draw the form for any request, or take it as it was drawn before."""
        key: Hashable = (Sheet, self.step, self.choices, self.is_main, get_language())
        drawn = find_kept(key)
        if drawn is None:
            form = self._make_form(_VERSION)
            shown = {"offer": self, "form": form, "pk": _PK, "csrf_token": _TOKEN}
            drawn = render_to_string(self._template, shown)
            keep(key, drawn)
        return drawn

    def _draw_own(self) -> SafeString:
        sheet = self.sheet
        shown = {
            "offer": self,
            "form": self.own_form or self._make_form(sheet.inquiry.version),
            "pk": sheet.inquiry.pk,
            "sending": sheet.sending,
            "draft": sheet.draft,
        }
        return render_to_string(self._template, shown, sheet.request)

    def _make_form(self, version: Any) -> StepForm:
        form = STEP_FORMS[self.step](prefix=self.step.value, initial={"version": version})
        form.take(self.choices)
        return form

    @property
    def _template(self) -> str:
        return f"admin/inquiries/request/{_TEMPLATES.get(self.step, '_step_form')}.html"


@cache
def _has_fields(step: Step) -> bool:
    return any(not field.widget.is_hidden for field in STEP_FORMS[step].base_fields.values())
