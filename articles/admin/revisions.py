"""The revisions of an article: listed, compared side by side, restored, shown to others."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from articles import comparing, previews, views, writing
from articles.admin.kept import KeptAdmin
from articles.forms import ShareForm, StepForm
from articles.models import Article, PreviewLink, Revision
from articles.states import Refused


class RevisionPages(KeptAdmin):
    """Mixed into the article's admin, so that its permissions hold here."""

    def revision_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:pk>/preview/", wrap(self.preview), name="articles_article_preview"),
            path("<uuid:pk>/revisions/", wrap(self.revisions), name="articles_article_revisions"),
            path(
                "<uuid:pk>/revisions/<int:number>/",
                wrap(self.revision),
                name="articles_article_revision",
            ),
            path("<uuid:pk>/share/", wrap(self.share), name="articles_article_share"),
            path(
                "<uuid:pk>/share/<int:link>/end/",
                wrap(self.unshare),
                name="articles_article_unshare",
            ),
        ]

    def open_article(self, request: HttpRequest, pk: UUID | None) -> Article:
        """For who may see articles; 404 where there is none."""
        if not self.has_view_permission(request):
            raise Http404
        return get_object_or_404(Article.objects.for_desk(), pk=pk)

    def preview(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """The newest revision as the page that readers would get."""
        article = self.open_article(request, pk)
        return TemplateResponse(
            request, "articles/article.html", views.preview_context(article.head)
        )

    def revisions(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """All revisions and all that happened, newest first."""
        article = self.open_article(request, pk)
        context = {
            **self._context(request, article, f"History of “{article}”"),
            "revisions": article.revisions.select_related("made_by", "made_from")
            .prefetch_related("approvals__by")
            .order_by("-number"),
            "events": article.events.select_related("by", "revision").order_by("-id"),
        }
        return TemplateResponse(request, "admin/articles/revisions.html", context)

    def revision(self, request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
        """One revision beside another: what readers see, or the number in `against`."""
        article = self.open_article(request, pk)
        revision = get_object_or_404(
            article.revisions.select_related("made_by", "made_from"), number=number
        )
        if request.method == "POST":
            return self._restore(request, article, number)
        against = self._against(request, article, revision)
        context = {
            **self._context(request, article, f"Revision {number} of “{article}”"),
            "revision": revision,
            "against": against,
            "changes": comparing.compare(against.content, revision.content) if against else [],
            "form": StepForm(initial={"version": article.version}),
            "may_restore": revision.pk != article.head_id and self.has_add_permission(request),
        }
        return TemplateResponse(request, "admin/articles/revision.html", context)

    def _against(
        self, request: HttpRequest, article: Article, revision: Revision
    ) -> Revision | None:
        typed = request.GET.get("against", "")
        if typed.isascii() and typed.isdigit() and len(typed) < 9:  # noqa: PLR2004
            return get_object_or_404(article.revisions, number=int(typed))
        if article.live and article.live_id != revision.pk:
            return article.live
        return revision.made_from

    def _restore(self, request: HttpRequest, article: Article, number: int) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = StepForm(request.POST)
        if not form.is_valid():
            return redirect("admin:articles_article_revision", article.pk, number)
        try:
            writing.restore(article, number=number, by=request.user, **form.arguments())  # type: ignore[arg-type]
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:articles_article_revision", article.pk, number)
        messages.success(request, f"“{article}”: a draft has the words of revision {number}.")
        return redirect("admin:articles_article_change", article.pk)

    def share(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Makes a preview link and shows its address this once."""
        article = self.open_article(request, pk)
        form = ShareForm(request.POST or None)
        address = ""
        if request.method == "POST" and form.is_valid():
            try:
                _, secret = previews.share(article, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            except Refused as refusal:
                form.add_error(None, list(refusal.reasons))
            else:
                address = request.build_absolute_uri(reverse("articles:preview", args=[secret]))
        links = PreviewLink.objects.filter(revision__article=article, ended_at=None)
        context = {
            **self._context(request, article, f"Preview links of “{article}”"),
            "form": form,
            "address": address,
            "links": links.select_related("revision", "made_by").order_by("-id"),
        }
        return TemplateResponse(request, "admin/articles/share.html", context)

    def unshare(self, request: HttpRequest, pk: UUID, link: int) -> HttpResponse:
        article = self.open_article(request, pk)
        found = get_object_or_404(
            PreviewLink.objects.select_related("revision__article"),
            pk=link,
            revision__article=article,
        )
        if request.method == "POST":
            try:
                previews.unshare(found, by=request.user)  # type: ignore[arg-type]
            except Refused as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, "The preview link has ended.")
        return redirect("admin:articles_article_share", pk)

    def _context(self, request: HttpRequest, article: Article, title: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "article": article,
        }
