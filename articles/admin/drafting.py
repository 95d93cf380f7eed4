"""What helps while somebody writes: the page and the checks of unsaved words, and the library."""

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
from articles.admin.desk import Desk, signed_in
from articles.admin.panel import panel
from articles.admin.shelves import SHELVES
from articles.content import FIELDS, Content, TooLong
from articles.forms import WritingForm
from articles.models import Article, Authorship, Revision
from articles.reading import pages
from articles.typed_text import clean_line
from articles.views import reading


class DraftPages(Desk):
    #: Of ArticleAdmin: what the words that cannot be shown go back to.
    writing_page: Callable[[HttpRequest, WritingForm, Article | None], HttpResponse]

    def draft_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("try/", wrap(self.try_out), name="articles_article_try_new"),
            path("<uuid:pk>/try/", wrap(self.try_out), name="articles_article_try"),
            path("library/<slug:shelf>/", wrap(self.library), name="articles_article_library"),
        ]

    def try_out(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        """Words as they are typed: the page that readers would get, and the checks. Saves nothing.

        For the script both as JSON; for the button “Preview” the page alone.
        """
        article = self.open_article(request, pk) if pk else None
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form = WritingForm(request.POST, article=article, by=signed_in(request))
        is_script = request.headers.get("X-Asked-By") == "script"
        try:
            content = form.typed()
        except TooLong as error:
            if is_script:
                return JsonResponse({"refused": str(error)})
            return self.writing_page(request, form, article)
        page = render_to_string(
            "articles/article/page.html", _as_page(request, article, content), request
        )
        if not is_script:
            return HttpResponse(page)
        library = pages.library_to_check(content, article)
        found = panel(content, checking.examine(content, library))
        checks = render_to_string(
            "admin/articles/article/_checks.html", {"panel": found, "is_writing": True}, request
        )
        return JsonResponse({"page": page, "checks": checks, "said": found.said})

    def library(self, request: HttpRequest, shelf: str) -> HttpResponse:
        """What an editor can put into a text, by words of its title."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        find = SHELVES.get(shelf)
        if find is None:
            raise Http404("The library has no such shelf.")
        query = clean_line(request.GET.get("q", ""))[:100]
        return JsonResponse({"found": find(query)})


def _as_page(request: HttpRequest, article: Article | None, content: Content) -> dict[str, Any]:
    by = signed_in(request)
    slug = slugify(content.title)[:200] or "article"
    shown = article or Article(slug=slug, title=content.title)
    revision = Revision(
        article=shown,
        number=article.head.number + 1 if article else 1,
        made_by=by,
        made_at=timezone.now(),
        **{name: getattr(content, name) for name in FIELDS},
    )
    others = article.head.authorships.select_related("author") if article else ()
    hers = Authorship(author=by, interests=request.POST.get("interests", "")[:400])
    authorships = [*(each for each in others if each.author_id != by.pk), hers]
    return reading.preview_context(revision) | {"authorships": authorships}
