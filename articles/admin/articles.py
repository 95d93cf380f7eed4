"""The articles as editors see them: the list, the writing page, and the state of each."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise

from articles.admin import action_menu, step_words, words
from articles.admin.base import CappedPaginator
from articles.admin.drafts import DraftPages, KeptTextPages, read_window
from articles.admin.filters import FeedbackFilter, LanguageFilter, LiveFilter, MineFilter
from articles.admin.post_imports import ImportPages
from articles.admin.reader_feedback import FeedbackPages
from articles.admin.revisions import RevisionPages
from articles.admin.steps import StepPages
from articles.admin.translations import TranslationPages, translation_context
from articles.editing import reviewing, writing
from articles.evidence_stages import STAGE_MEANINGS, Stage
from articles.forms import ArticleForm, ImageForm
from articles.languages import ORIGINAL, language_name
from articles.models import Article, Proposal
from articles.permissions import ADD_PICTURE, APPROVE
from articles.staff_pages import current_user, script_media
from articles.states import State, StepRefused
from articles.text_cleaning import clean_line

#: The most articles, and the most proposals, that the review list shows.
_MOST_DUE = 100
_SCRIPTS = ("markdown_toolbar", "kept_text", "live_preview", "pasting")


@admin.register(Article)
class ArticleAdmin(
    StepPages,
    DraftPages,
    KeptTextPages,
    RevisionPages,
    FeedbackPages,
    TranslationPages,
    ImportPages,
):
    list_display = (
        "title", "authors", "state", "stage", "review_due", "written_in", "readers", "was_clear",
        "updated_at",
    )  # fmt: skip
    list_filter = (
        *(MineFilter, "state", LiveFilter, FeedbackFilter, "head__stage", LanguageFilter),
        "categories",
    )
    list_select_related = ("head", "live", "translation_of")
    search_fields = ("title",)
    ordering = ("-updated_at",)
    paginator = CappedPaginator
    show_facets = admin.ShowFacets.NEVER  # each facet costs a count

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.prefetch_related("head__authorships__author")

    @admin.display(description=words.COLUMNS["authors"])
    def authors(self, article: Article) -> str:
        names = [str(each.author) for each in article.head.authorships.all()]
        return ", ".join(names) or str(words.NO_AUTHORS)

    @admin.display(description=words.COLUMNS["live"])
    def readers(self, article: Article) -> str:
        if not article.live:
            return str(words.NOTHING_LIVE)
        said = words.LIVE_WITH_DRAFT if article.has_draft else words.LIVE_REVISION
        return said % {"number": article.live.number}

    @admin.display(description=words.COLUMNS["language"], ordering="language")
    def written_in(self, article: Article) -> str:
        return language_name(article.language)

    @admin.display(description=words.COLUMNS["stage"], ordering="head__stage")
    def stage(self, article: Article) -> str:
        if article.head.stage == Stage.NONE:
            return str(words.NO_CLAIM)  # its label is a sentence
        return article.head.get_stage_display() or str(words.NO_STAGE)

    @admin.display(description=words.COLUMNS["review_due"], ordering="review_due_at")
    def review_due(self, article: Article) -> str:
        if not article.review_due_at:
            return "–"
        day = date_format(timezone.localtime(article.review_due_at), "DATE_FORMAT")
        return words.OVERDUE_SINCE % {"day": day} if article.is_overdue(timezone.now()) else day

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("due/", wrap(self.due), name="articles_article_due"),
            *self.step_urls(),
            *self.draft_urls(),
            *self.kept_text_urls(),
            *self.revision_urls(),
            *self.feedback_urls(),
            *self.translation_urls(),
            *self.import_urls(),
            *super().get_urls(),
        ]

    def due(self, request: HttpRequest) -> HttpResponse:
        """List live articles by when they must be reviewed again, longest overdue first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        now = timezone.now()
        found = list(Article.objects.for_review_list()[: _MOST_DUE + 1])
        context = {
            **self.page_context(request, None, str(words.REVIEW_LIST)),
            "overdue": [each for each in found[:_MOST_DUE] if each.is_overdue(now)],
            "coming": [each for each in found[:_MOST_DUE] if not each.is_overdue(now)],
            "has_more": len(found) > _MOST_DUE,
            "waiting": Proposal.objects.waiting().for_staff()[:_MOST_DUE],
        }
        return TemplateResponse(request, "admin/articles/article/review_list.html", context)

    # --- Writing ----------------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        # A list of what readers miss links here with a title.
        title = clean_line(request.GET.get("title", ""))[:100]
        form = ArticleForm(
            request.POST if request.method == "POST" else None,
            initial={"title": title},
            kept=self.open_kept(request, None),
        )
        if request.method == "POST" and form.is_valid():
            by, filled = current_user(request), form.cleaned_data
            create = partial(
                writing.create_draft,
                form.content(),
                slug=filled["slug"],
                categories=filled["categories"],
                interests=filled["interests"],
                by=by,
            )
            if article := self._run(request, form, create):
                return self._saved(request, article, words.SAVED_DRAFT)
        return self.writing_page(request, form, None)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        article = self.get_article(request, _uuid(object_id))
        form = ArticleForm(
            request.POST if request.method == "POST" else None,
            article=article,
            by=current_user(request),
            kept=self.open_kept(request, article),
        )
        if request.method == "POST":
            if not self.has_change_permission(request, article):
                raise PermissionDenied
            if form.is_valid() and (saved := self._save(request, article, form)):
                said = words.SAVED_DRAFT if saved.has_draft else words.SAVED_UNCHANGED
                return self._saved(request, saved, said)
        return self.writing_page(request, form, article)

    def _save(self, request: HttpRequest, article: Article, form: ArticleForm) -> Article | None:
        by, filled = current_user(request), form.cleaned_data
        save = partial(
            writing.save_revision,
            article,
            form.content(),
            categories=filled["categories"],
            interests=filled["interests"],
            version=filled["version"],
            by=by,
        )
        return self._run(request, form, save)

    def _run(
        self, request: HttpRequest, form: ArticleForm, save: Callable[[], Article]
    ) -> Article | None:
        """Save by a verb; return None if it refused, with the reasons in the form."""
        from articles.editing import kept_texts  # only editing pages need it

        try:
            return kept_texts.save_and_close(
                save, window=read_window(request), by=current_user(request)
            )
        except StepRefused as refusal:
            form.add_error(None, list(refusal.reasons))
            return None

    def _saved(self, request: HttpRequest, article: Article, said: Promise) -> HttpResponse:
        # The tag tells the script that the text it kept locally has reached the server.
        messages.success(request, said % {"title": article.head.title}, extra_tags="saved")
        return redirect("admin:articles_article_change", article.pk)

    def writing_page(
        self, request: HttpRequest, form: ArticleForm, article: Article | None
    ) -> HttpResponse:
        by = current_user(request)
        may_write = self.has_add_permission(request)
        context = {
            **self.page_context(
                request, article, article.head.title if article else str(words.NEW_ARTICLE)
            ),
            "form": form if may_write else None,
            "stages": [(stage.label, STAGE_MEANINGS[stage]) for stage in Stage],
        }
        if may_write:
            from articles.admin.library_search import dialog_context  # only editing pages need it

            context |= {
                **dialog_context(article.language if article else ORIGINAL),
                "media": script_media(*_SCRIPTS),
                "picture_form": ImageForm(auto_id="upload_%s")
                if by.has_perm(ADD_PICTURE)
                else None,
                "offers": self.list_offers(request, form, article),
            }
        if article:
            from articles.admin.check_panel import build_check_panel  # only editing pages need it

            answers = reviewing.run_article_checks(article)
            context |= {
                **translation_context(article),
                "authorships": article.head.authorships.select_related("author"),
                "is_overdue": article.is_overdue(timezone.now()),
                "action_menu": action_menu.build_action_menu(article, by=by, answers=answers),
                "waits_for": step_words.WAITS_FOR[State(article.state)],
                "may_approve": by.has_perm(APPROVE),
                "sent_back": article.sent_back(),
                "open_comments": article.threads.open().count(),
                "check_panel": build_check_panel(article.head.content, answers),
            }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/articles/article/edit.html", context, status=status)


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None
