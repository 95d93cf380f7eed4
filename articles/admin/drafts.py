"""Help for whoever is writing: preview and checks of unsaved text, and the library."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import slugify

from articles import checking
from articles.admin import words
from articles.admin.article_pages import ArticlePages
from articles.admin.library_search import LIBRARY_SEARCHES
from articles.content import CONTENT_FIELDS, BodyTooLong, Content
from articles.forms import ArticleForm
from articles.models import Article, Authorship, Revision
from articles.reading import pages
from articles.staff_pages import current_user
from articles.text_cleaning import clean_line, clean_text
from articles.views import previews


class DraftPages(ArticlePages):
    #: Defined by ArticleAdmin: the page to return to when the text cannot be shown.
    writing_page: Callable[[HttpRequest, ArticleForm, Article | None], HttpResponse]

    def draft_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("try/", wrap(self.preview_draft), name="articles_article_try_new"),
            path("<uuid:pk>/try/", wrap(self.preview_draft), name="articles_article_try"),
            path("paste/", wrap(self.convert_pasted), name="articles_article_paste"),
            path("library/<slug:shelf>/", wrap(self.library), name="articles_article_library"),
        ]

    def preview_draft(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        """Show unsaved text: the page that readers would get, and the checks. Saves nothing.

        The script gets both as JSON; the “Preview” button gets the page alone.
        """
        article = self.get_article(request, pk) if pk else None
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form = ArticleForm(request.POST, article=article, by=current_user(request))
        is_script = request.headers.get("X-Asked-By") == "script"
        try:
            content = form.unsaved_content()
        except BodyTooLong as error:
            if is_script:
                return JsonResponse({"refused": str(error)})
            return self.writing_page(request, form, article)
        page = render_to_string(
            "articles/article/page.html", _preview_context(request, article, content), request
        )
        if not is_script:
            return HttpResponse(page)
        from articles.admin.check_panel import build_check_panel  # only editing pages need it

        library = pages.snapshot_library_for_checks(content, article)
        found = build_check_panel(content, checking.run_checks(content, library))
        checks = render_to_string(
            "admin/articles/article/_checks.html",
            {"check_panel": found, "is_writing": True},
            request,
        )
        return JsonResponse({"page": page, "checks": checks, "said": found.summary})

    def convert_pasted(self, request: HttpRequest) -> HttpResponse:
        """Return what was pasted as HTML as Markdown, for the script, and name what is lost."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        from articles.posts import MalformedPost  # with all that reads HTML
        from articles.posts.pasted_html import read_pasted

        try:
            read = read_pasted(request.POST.get("html", ""))
        except MalformedPost as error:
            return JsonResponse({"refused": words.PASTED_PLAIN % {"reason": error.reason}})
        return JsonResponse({"markdown": clean_text(read.markdown), "notes": " ".join(read.notes)})

    def library(self, request: HttpRequest, shelf: str) -> HttpResponse:
        """Find what an editor can insert into a text, by the words that they type."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        find = LIBRARY_SEARCHES.get(shelf)
        if find is None:
            raise Http404
        query = clean_line(request.GET.get("q", ""))[:100]
        return JsonResponse({"found": find(query)})


def _preview_context(
    request: HttpRequest, article: Article | None, content: Content
) -> dict[str, Any]:
    by = current_user(request)
    slug = slugify(content.title)[:200] or "article"
    shown = article or Article(slug=slug, title=content.title)
    revision = Revision(
        article=shown,
        number=article.head.number + 1 if article else 1,
        made_by=by,
        made_at=timezone.now(),
        **{name: getattr(content, name) for name in CONTENT_FIELDS},
    )
    others = article.head.authorships.select_related("author") if article else ()
    own = Authorship(author=by, interests=request.POST.get("interests", "")[:400])
    authorships = [*(each for each in others if each.author_id != by.pk), own]
    return previews.preview_context(revision) | {"authorships": authorships}
