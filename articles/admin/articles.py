"""One article at the desk: its words, where it stands, and the steps from there."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from articles import publishing, reviewing, writing
from articles.access import APPROVE, WRITE
from articles.admin.kept import KeptAdmin
from articles.admin.revisions import RevisionPages
from articles.forms import FORMS, ApproveForm, MoveForm, RetirementForm, StepForm, WritingForm
from articles.models import Article
from articles.states import NEXT, Refused, State, Step

_VERBS: dict[Step, Callable[..., Article]] = {
    Step.SUBMIT: reviewing.submit,
    Step.SEND_BACK: reviewing.send_back,
    Step.APPROVE: reviewing.approve,
    Step.PUBLISH: publishing.publish,
    Step.SCHEDULE: publishing.schedule,
    Step.UNSCHEDULE: publishing.unschedule,
    Step.RETIRE: publishing.retire,
}
#: Who is shown a step. The verbs hold to it.
_MAY: dict[Step, tuple[str, ...]] = {
    Step.SUBMIT: (WRITE,),
    Step.SEND_BACK: (APPROVE,),
    Step.APPROVE: (APPROVE,),
    Step.PUBLISH: (WRITE, APPROVE),
    Step.SCHEDULE: (WRITE, APPROVE),
    Step.UNSCHEDULE: (WRITE, APPROVE),
    Step.RETIRE: (WRITE, APPROVE),
}


@admin.register(Article)
class ArticleAdmin(RevisionPages, KeptAdmin):
    list_display = ("title", "state", "is_before_readers", "review_due_at", "updated_at")
    list_filter = ("state", "categories")
    search_fields = ("title",)
    ordering = ("-updated_at",)

    @admin.display(boolean=True, description="Before readers")
    def is_before_readers(self, article: Article) -> bool:
        return article.is_live

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:pk>/step/<slug:taken>/", wrap(self.step), name="articles_article_step"),
            path("<uuid:pk>/confirm/", wrap(self.confirm), name="articles_article_confirm"),
            path("<uuid:pk>/leave/", wrap(self.leave), name="articles_article_leave"),
            path("<uuid:pk>/move/", wrap(self.move), name="articles_article_move"),
            *self.revision_urls(),
            *super().get_urls(),
        ]

    # --- Writing ----------------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = WritingForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                article = writing.draft(
                    form.content(),
                    slug=form.cleaned_data["slug"],
                    categories=form.cleaned_data["categories"],
                    interests=form.cleaned_data["interests"],
                    by=_user(request),
                )
            except Refused as refusal:
                form.add_error(None, list(refusal.reasons))
            else:
                messages.success(request, f"“{article}”: saved as a draft.")
                return redirect("admin:articles_article_change", article.pk)
        return self._writing_page(request, form, None)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        article = self.open_article(request, _uuid(object_id))
        form = WritingForm(request.POST or None, article=article)
        if request.method == "POST":
            if not self.has_change_permission(request, article):
                raise PermissionDenied
            if form.is_valid() and self._save(request, article, form):
                return redirect("admin:articles_article_change", article.pk)
        return self._writing_page(request, form, article)

    def _save(self, request: HttpRequest, article: Article, form: WritingForm) -> bool:
        by, filled = _user(request), form.cleaned_data
        try:
            with transaction.atomic():
                saved = writing.revise(
                    article,
                    form.content(),
                    interests=filled["interests"],
                    version=filled["version"],
                    by=by,
                )
                saved = writing.file_under(
                    saved, categories=filled["categories"], version=saved.version, by=by
                )
        except Refused as refusal:
            form.add_error(None, list(refusal.reasons))
            return False
        words = "saved as a draft" if saved.has_draft else "saved; its words are as they were"
        messages.success(request, f"“{saved}”: {words}.")
        return True

    def _writing_page(
        self, request: HttpRequest, form: WritingForm, article: Article | None
    ) -> HttpResponse:
        may_write = self.has_add_permission(request)
        context = {
            **self.admin_site.each_context(request),
            "title": str(article) if article else "New article",
            "opts": self.opts,
            "article": article,
            "form": form if may_write else None,
            "steps": self._steps(request, article) if article else [],
            "may_approve": request.user.has_perm(APPROVE),
            "answers": reviewing.answers(article) if article else (),
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/articles/article.html", context, status=status)

    def _steps(self, request: HttpRequest, article: Article) -> list[Step]:
        """What this person can do with it now."""
        return [
            step
            for step in NEXT[State(article.state)]
            if any(request.user.has_perm(permission) for permission in _MAY.get(step, ()))
        ]

    # --- Steps ------------------------------------------------------------------------------------

    def step(self, request: HttpRequest, pk: UUID, taken: str) -> HttpResponse:
        """Asks for what the step needs, and takes it with the version that was read, or not."""
        article = self.open_article(request, pk)
        step = Step(taken) if taken in _VERBS else None
        if step is None or not any(request.user.has_perm(each) for each in _MAY[step]):
            raise PermissionDenied
        return self._ask_or_do(request, article, FORMS[step], _VERBS[step], step.label)

    def confirm(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        article = self.open_article(request, pk)
        if not request.user.has_perm(APPROVE):
            raise PermissionDenied
        return self._ask_or_do(request, article, ApproveForm, reviewing.confirm, "Review again")

    def move(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        article = self.open_article(request, pk)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        return self._ask_or_do(request, article, MoveForm, writing.move, "Change the address")

    def leave(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        article = self.open_article(request, pk)
        verb = publishing.plan_retirement
        return self._ask_or_do(request, article, RetirementForm, verb, "Retire later")

    def _ask_or_do(
        self,
        request: HttpRequest,
        article: Article,
        form_class: type[StepForm],
        verb: Callable[..., Article],
        label: str,
    ) -> HttpResponse:
        answers = reviewing.answers(article)
        kept: dict[str, Any] = {"answers": answers} if form_class is ApproveForm else {}
        version = request.GET.get("version") or article.version
        form = form_class(request.POST or None, initial={"version": version}, **kept)
        status = 200
        if request.method == "POST":
            status = 422
            if form.is_valid():
                try:
                    verb(article, by=_user(request), **form.arguments())
                except Refused as refusal:
                    form.add_error(None, list(refusal.reasons))
                    status = 409
                else:
                    messages.success(request, f"“{article}”: done ({label.lower()}).")
                    return redirect("admin:articles_article_change", article.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{label}: “{article}”",
            "opts": self.opts,
            "article": article,
            "label": label,
            "form": form,
            "answers": answers,
        }
        return TemplateResponse(request, "admin/articles/step.html", context, status=status)


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _user(request: HttpRequest) -> Any:
    """Who is signed in: staff, behind `admin_view`."""
    return request.user
