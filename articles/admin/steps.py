"""The steps from where an article stands: each says what it does, asks what it needs, and does it.

Bound to the version that was read: where it is another by now, nothing is done (409).
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from articles.admin import ways
from articles.admin.desk import Desk, signed_in
from articles.admin.panel import panel
from articles.editing import publishing, reviewing, writing
from articles.forms import FORMS, ApproveForm, MoveForm, RetirementForm, StepForm
from articles.models import Article
from articles.permissions import APPROVE, WRITE
from articles.states import Refused, Step

_VERBS: dict[Step, Callable[..., Article]] = {
    Step.SUBMIT: reviewing.submit,
    Step.SEND_BACK: reviewing.send_back,
    Step.APPROVE: reviewing.approve,
    Step.PUBLISH: publishing.publish,
    Step.SCHEDULE: publishing.schedule,
    Step.UNSCHEDULE: publishing.unschedule,
    Step.RETIRE: publishing.retire,
}
_CHANGED = "Somebody changed this article after you opened it, so nothing was done. Read it again."


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What one page asks for and does."""

    label: str
    form: type[StepForm]
    verb: Callable[..., Article]
    #: Asked before anything is filled in; what is sent, the verb judges.
    against: Callable[[], tuple[str, ...]] = tuple


class StepPages(Desk):
    def step_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:pk>/step/<slug:taken>/", wrap(self.step), name="articles_article_step"),
            path("<uuid:pk>/confirm/", wrap(self.confirm), name="articles_article_confirm"),
            path("<uuid:pk>/leave/", wrap(self.leave), name="articles_article_leave"),
            path("<uuid:pk>/move/", wrap(self.move), name="articles_article_move"),
        ]

    def step(self, request: HttpRequest, pk: UUID, taken: str) -> HttpResponse:
        article = self.open_article(request, pk)
        step = Step(taken) if taken in _VERBS else None
        if step is None or not ways.may(signed_in(request), step):
            raise PermissionDenied
        asked = _Asked(
            label=step.label,
            form=FORMS[step],
            verb=_VERBS[step],
            against=lambda: ways.against(article, step, by=signed_in(request)),
        )
        return self._ask_or_do(request, article, asked)

    def confirm(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        article = self.open_article(request, pk)
        if not request.user.has_perm(APPROVE):
            raise PermissionDenied
        asked = _Asked(
            label=ways.CONFIRM,
            form=ApproveForm,
            verb=reviewing.confirm,
            against=lambda: ways.against_confirming(article, by=signed_in(request)),
        )
        return self._ask_or_do(request, article, asked)

    def leave(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        article = self.open_article(request, pk)
        against = () if article.is_live else ("Readers do not see this article.",)
        asked = _Asked(
            label=ways.LEAVE,
            form=RetirementForm,
            verb=publishing.plan_retirement,
            against=lambda: against,
        )
        return self._ask_or_do(request, article, asked)

    def move(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        article = self.open_article(request, pk)
        if not request.user.has_perm(WRITE):
            raise PermissionDenied
        asked = _Asked(label=ways.MOVE, form=MoveForm, verb=writing.move)
        return self._ask_or_do(request, article, asked)

    def _ask_or_do(self, request: HttpRequest, article: Article, asked: _Asked) -> HttpResponse:
        is_approval = asked.form is ApproveForm
        answers = reviewing.answers(article)
        kept: dict[str, Any] = {"answers": answers} if is_approval else {}
        sent = request.POST if request.method == "POST" else None
        form = asked.form(sent, initial={"version": article.version}, **kept)
        read = request.POST.get("version") or request.GET.get("version") or str(article.version)
        against: tuple[str, ...] = ()
        status = HTTPStatus.OK
        if read != str(article.version):
            against, status = (_CHANGED,), HTTPStatus.CONFLICT
        elif request.method != "POST":
            against = asked.against()
        elif not form.is_valid():
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        else:
            try:
                asked.verb(article, by=signed_in(request), **form.arguments())
            except Refused as refusal:
                form.add_error(None, list(refusal.reasons))
                status = HTTPStatus.CONFLICT
            else:
                messages.success(request, f"“{article}”: done ({asked.label.lower()}).")
                return redirect("admin:articles_article_change", article.pk)
        context = {
            **self.page_context(request, article, f"{asked.label}: “{article}”"),
            "label": asked.label,
            "means": ways.MEANS[asked.label],
            "against": against,
            "form": form,
            "is_approval": is_approval,
            "is_urgent": asked.label == Step.RETIRE.label,
            "panel": panel(article.head.content, answers),
        }
        return TemplateResponse(request, "admin/articles/article/step.html", context, status=status)
