"""The reading pages. None of them sets a cookie, opens a session or needs a script."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from articles import search as searching
from articles.models import Article, ArticleQuerySet, Category

PAGE_SIZE = 20
#: Deeper pages are for machines, and cost the database what it takes to walk there.
LAST_PAGE = 1000
RELATED = 3

# A minute: a withdrawn article has to be gone soon.
_public = cache_control(public=True, max_age=60)


@dataclass(frozen=True)
class Page:
    """One page of a list that is never counted: there is a next page or there is not."""

    articles: list[Article]
    number: int
    has_next: bool

    @property
    def previous_url(self) -> str:
        if self.number == 1:
            return ""
        # "." is the list itself: its first page has one address only.
        return "." if self.number == 2 else f"?page={self.number - 1}"  # noqa: PLR2004

    @property
    def next_url(self) -> str:
        return f"?page={self.number + 1}" if self.has_next else ""


def _page(articles: ArticleQuerySet, wanted: str) -> Page:
    """Raise Http404 past the end; what is no number means the first page."""
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 9 else 1  # noqa: PLR2004
    number = max(number, 1)
    start = (number - 1) * PAGE_SIZE
    found = list(articles[start : start + PAGE_SIZE + 1]) if number <= LAST_PAGE else []
    if not found and number > 1:
        raise Http404("This list has no such page.")
    return Page(found[:PAGE_SIZE], number, has_next=len(found) > PAGE_SIZE and number < LAST_PAGE)


@login_not_required
@require_safe
@_public
def article_list(request: HttpRequest) -> HttpResponse:
    articles = Article.objects.published().for_lists()
    return render(
        request, "articles/list.html", {"page": _page(articles, request.GET.get("page", "1"))}
    )


@login_not_required
@require_safe
@_public
def article(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Article.objects.published().for_reading(), slug=slug)
    return render(request, "articles/article.html", article_context(found))


def article_context(found: Article, *, preview: bool = False) -> dict[str, Any]:
    """What the article's page shows; the admin's preview is this very page."""
    related = Article.objects.related_to(found).only("title", "slug")[:RELATED]
    return {"article": found, "related": related, "preview": preview}


@login_not_required
@require_safe
@_public
def category_list(request: HttpRequest) -> HttpResponse:
    return render(request, "articles/categories.html", {"categories": Category.objects.in_use()})


@login_not_required
@require_safe
@_public
def category(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Category, slug=slug)
    articles = Article.objects.published().filed_under(found).for_lists()
    page = _page(articles, request.GET.get("page", "1"))
    return render(request, "articles/category.html", {"category": found, "page": page})


@login_not_required
@require_safe
@_public
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").replace("\x00", "").strip()[: searching.MAX_LENGTH]
    return render(
        request, "articles/search.html", {"query": query, "results": searching.find(query)}
    )
