"""Where editors write and medical reviewers publish."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from articles import publishing, views
from articles.forms import ArticleForm, VersionForm
from articles.models import Article, Category


class _KeptAdmin(admin.ModelAdmin[Any]):
    """Nothing here is deleted: an article is withdrawn, a category stays empty."""

    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Category)
class CategoryAdmin(_KeptAdmin):
    list_display = ("name", "slug", "description")
    fields = ("name", "slug", "description")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Category | None = None
    ) -> tuple[str, ...]:
        """Its address stays: readers and search engines hold links to it."""
        return ("slug",) if obj else ()

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Category | None = None
    ) -> dict[str, Any]:
        return {} if obj else {"slug": ("name",)}


@admin.register(Article)
class ArticleAdmin(_KeptAdmin):
    form = ArticleForm
    change_form_template = "admin/articles/article_form.html"
    list_display = ("title", "state", "written_by", "reviewed_by", "published_at", "updated_at")
    list_filter = ("state", "categories")
    list_select_related = ("written_by", "reviewed_by")
    search_fields = ("title",)
    ordering = ("-updated_at",)
    prepopulated_fields = {"slug": ("title",)}
    fields = ("title", "slug", "summary", "categories", "body", "references")

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """A published article is read only: withdraw it first.

        What was typed before somebody else published it still gets to the form, which says so.
        """
        if obj and obj.is_published and request.method != "POST":
            return False
        return super().has_change_permission(request, obj)

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Article | None = None
    ) -> dict[str, Any]:
        if obj and not self.has_change_permission(request, obj):
            return {}
        return super().get_prepopulated_fields(request, obj)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:pk>/preview/", wrap(self.preview), name="articles_article_preview"),
            path("<uuid:pk>/publish/", wrap(self.publish), name="articles_article_publish"),
            path("<uuid:pk>/withdraw/", wrap(self.withdraw), name="articles_article_withdraw"),
            *super().get_urls(),
        ]

    # --- Writing ----------------------------------------------------------------------------------

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except publishing.Refused:
            # Somebody was faster between the form's check and the verb: now the form sees it, says
            # so, and keeps what was typed.
            return super().changeform_view(request, *args, **kwargs)

    def save_model(
        self,
        request: HttpRequest,
        obj: Article,
        form: ArticleForm,
        change: bool,  # noqa: FBT001 - Django passes it so
    ) -> None:
        by = cast("Any", request.user)
        categories = form.cleaned_data["categories"]
        if change:
            saved = publishing.revise(
                obj,
                form.content(),
                categories=categories,
                version=int(form.cleaned_data["opened_version"]),
                by=by,
            )
        else:
            saved = publishing.draft(form.content(), categories=categories, by=by)
        obj.pk, obj.version = saved.pk, saved.version

    def save_related(self, *args: Any, **kwargs: Any) -> None:
        """The verbs file an article under its categories themselves."""

    # --- Reviewing --------------------------------------------------------------------------------

    def _open(self, request: HttpRequest, pk: UUID) -> Article:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(Article.objects.for_reading(), pk=pk)

    def preview(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """The page as readers would see it; for a reviewer, the way to publishing just this."""
        article = self._open(request, pk)
        context = views.article_context(article, preview=True)
        if not article.is_published and request.user.has_perm("articles.publish_article"):
            publish = reverse("admin:articles_article_publish", args=[pk])
            context["publish_url"] = f"{publish}?version={article.version}"
        return TemplateResponse(request, "articles/article.html", context)

    def publish(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Asks about the version whose preview was read, and publishes that one or none."""
        article = self._open(request, pk)
        read = VersionForm(request.POST or request.GET)
        if not read.is_valid():
            return redirect("admin:articles_article_preview", pk)
        return self._ask_or_do(request, article, publishing.publish, read.cleaned_data["version"])

    def withdraw(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Asks, and withdraws whatever version readers see now: it may be urgent."""
        article = self._open(request, pk)
        return self._ask_or_do(request, article, publishing.withdraw, article.version)

    def _ask_or_do(
        self, request: HttpRequest, article: Article, verb: Callable[..., Article], version: int
    ) -> HttpResponse:
        reasons: tuple[str, ...] = ()
        if request.method == "POST":
            try:
                verb(article, version=version, by=request.user)
            except publishing.Refused as refusal:
                reasons = refusal.reasons
            else:
                messages.success(request, f"“{article}”: done.")
                return redirect("admin:articles_article_change", article.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{verb.__name__.capitalize()} “{article}”?",
            "article": article,
            "verb": verb.__name__,
            "version": version,
            "reasons": reasons,
            "opts": self.opts,
        }
        status = 409 if reasons else 200
        return TemplateResponse(request, "admin/articles/confirm.html", context, status=status)
