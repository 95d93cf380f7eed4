"""The pages for an article's steps: each says what a step does, asks what it needs, and does it.

A page is bound to the version that was read: if it is stale, nothing is done (409).
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

from articles import checking, rendering
from articles.admin import action_menu, step_words
from articles.admin.article_pages import ArticlePages
from articles.admin.proposals import tell_what_waits
from articles.editing import publishing, reviewing, writing
from articles.editing.carrying_over import NOTHING_CARRIED, find_carry_over
from articles.editing.reviewers import who_may_review
from articles.forms import (
    STEP_FORMS,
    ApproveForm,
    ChangeSlugForm,
    PlanRetirementForm,
    StepForm,
    SubmitForm,
)
from articles.models import Article, Proposal
from articles.permissions import APPROVE, WRITE
from articles.rendering.certainty import NO_RATINGS
from articles.staff_pages import current_user
from articles.states import Step, StepRefused

_VERBS: dict[Step, Callable[..., Article]] = {
    Step.SUBMIT: reviewing.submit,
    Step.SEND_BACK: reviewing.send_back,
    Step.APPROVE: reviewing.approve,
    Step.PUBLISH: publishing.publish,
    Step.SCHEDULE: publishing.schedule,
    Step.UNSCHEDULE: publishing.unschedule,
    Step.RETIRE: publishing.retire,
}
#: The proposals that a step may leave for a second person.
_PROPOSES: dict[str, tuple[Proposal.Kind, ...]] = {
    Step.RETIRE: (Proposal.Kind.RETIREMENT,),
    step_words.RETIRE_LATER: (Proposal.Kind.RETIREMENT,),
    step_words.CHANGE_ADDRESS: (Proposal.Kind.ADDRESS,),
}


@dataclass(frozen=True, kw_only=True)
class _StepPage:
    """What one page asks for and does."""

    #: One of step_words.LABELS.
    key: str
    form: type[StepForm]
    verb: Callable[..., Article]
    #: Checked before anything is filled in; the verb itself judges what is submitted.
    blockers: Callable[[], tuple[str, ...]] = tuple


class StepPages(ArticlePages):
    def step_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:pk>/step/<slug:taken>/", wrap(self.step), name="articles_article_step"),
            path("<uuid:pk>/confirm/", wrap(self.confirm), name="articles_article_confirm"),
            path("<uuid:pk>/leave/", wrap(self.leave), name="articles_article_leave"),
            path("<uuid:pk>/move/", wrap(self.move), name="articles_article_move"),
        ]

    def step(self, request: HttpRequest, pk: UUID, taken: str) -> HttpResponse:
        article = self.get_article(request, pk)
        step = Step(taken) if taken in _VERBS else None
        if step is None or not action_menu.may_take_step(current_user(request), step):
            raise PermissionDenied
        asked = _StepPage(
            key=step,
            form=STEP_FORMS[step],
            verb=_VERBS[step],
            blockers=lambda: action_menu.step_blockers(article, step, by=current_user(request)),
        )
        return self._handle_step(request, article, asked)

    def confirm(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        article = self.get_article(request, pk)
        if not request.user.has_perm(APPROVE):
            raise PermissionDenied
        asked = _StepPage(
            key=step_words.REVIEW_AGAIN,
            form=ApproveForm,
            verb=reviewing.confirm_review,
            blockers=lambda: action_menu.confirm_review_blockers(article, by=current_user(request)),
        )
        return self._handle_step(request, article, asked)

    def leave(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        article = self.get_article(request, pk)
        blockers = () if article.is_live else (str(step_words.NOT_LIVE),)
        asked = _StepPage(
            key=step_words.RETIRE_LATER,
            form=PlanRetirementForm,
            verb=publishing.plan_retirement,
            blockers=lambda: blockers,
        )
        return self._handle_step(request, article, asked)

    def move(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        article = self.get_article(request, pk)
        if not request.user.has_perm(WRITE):
            raise PermissionDenied
        asked = _StepPage(
            key=step_words.CHANGE_ADDRESS, form=ChangeSlugForm, verb=writing.change_slug
        )
        return self._handle_step(request, article, asked)

    def _handle_step(
        self, request: HttpRequest, article: Article, asked: _StepPage
    ) -> HttpResponse:
        is_approval = asked.form is ApproveForm
        answers = reviewing.run_article_checks(article)
        kept: dict[str, Any] = {}
        carried = NOTHING_CARRIED
        if is_approval:
            if not request.GET.get("all"):
                carried = find_carry_over(article, answers)
            # The cards are the same, too, if only slips were corrected.
            is_same = article.head_id == article.live_id or bool(carried.review)
            approval = article.approval if is_same else None
            kept = {
                "answers": answers,
                "findings": rendering.read_findings(article.head.content),
                "ratings": approval.ratings if approval else NO_RATINGS,
                "carried": carried.statements,
            }
        if asked.form is SubmitForm:
            kept = {"reviewers": who_may_review(article)}
        sent = request.POST if request.method == "POST" else None
        form = asked.form(sent, initial={"version": article.version}, **kept)
        read = request.POST.get("version") or request.GET.get("version") or str(article.version)
        blockers: tuple[str, ...] = ()
        status = HTTPStatus.OK
        if read != str(article.version):
            blockers, status = (str(step_words.CHANGED),), HTTPStatus.CONFLICT
        elif request.method != "POST":
            blockers = asked.blockers()
        elif not form.is_valid():
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        else:
            try:
                asked.verb(article, by=current_user(request), **form.arguments())
            except StepRefused as refusal:
                form.add_error(None, list(refusal.reasons))
                status = HTTPStatus.CONFLICT
            else:
                messages.success(request, step_words.DONE[asked.key] % {"title": article})
                tell_what_waits(request, _PROPOSES.get(asked.key, ()), article.pk)
                return redirect("admin:articles_article_change", article.pk)
        from articles.admin.check_panel import build_check_panel  # only this page needs it

        label = step_words.LABELS[asked.key]
        context = {
            **self.page_context(
                request, article, step_words.STEP_PAGE_TITLE % {"step": label, "title": article}
            ),
            "label": label,
            "effect": step_words.EFFECTS[asked.key],
            "blockers": blockers,
            "open_comments": article.threads.open().for_review() if blockers else (),
            "form": form,
            "is_approval": is_approval,
            "carried": carried,
            "carried_statements": [
                each.check for each in answers if each.check.id in carried.statements
            ],
            "corrections": [
                (checking.place_name(each.where), each) for each in carried.corrections
            ],
            "is_urgent": asked.key == Step.RETIRE,
            "check_panel": build_check_panel(article.head.content, answers),
        }
        return TemplateResponse(request, "admin/articles/article/step.html", context, status=status)
