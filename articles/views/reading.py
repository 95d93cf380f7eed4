"""The reading pages. None of them sets a cookie, opens a session or needs a script."""

import itertools
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from articles import search as searching
from articles.editing import previews
from articles.models import (
    Article,
    ArticleQuerySet,
    Category,
    Feedback,
    LivePage,
    OldAddress,
    Revision,
    Term,
)
from articles.reading import feedback, page_cache, pages
from articles.stages import STAGE_MEANINGS, Stage
from articles.text_cleaning import clean_line

PAGE_SIZE = 20
#: Deeper pages are for machines, and cost the database what it takes to walk there.
LAST_PAGE = 1000
RELATED = 3

# A minute: a withdrawn article has to be gone soon.
_public = cache_control(public=True, max_age=60)


@dataclass(frozen=True)
class ListPage:
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


def parse_number(typed: str) -> int | None:
    """Of a page or a revision, from an address or a form; None for what can be none of ours."""
    return int(typed) if re.fullmatch(r"[0-9]{1,8}", typed) else None


def _paginate(articles: ArticleQuerySet, wanted: str) -> ListPage:
    """Raise Http404 past the end; what is no number means the first page."""
    number = max(parse_number(wanted) or 1, 1)
    start = (number - 1) * PAGE_SIZE
    found = list(articles[start : start + PAGE_SIZE + 1]) if number <= LAST_PAGE else []
    if not found and number > 1:
        raise Http404("This list has no such page.")
    return ListPage(
        found[:PAGE_SIZE], number, has_next=len(found) > PAGE_SIZE and number < LAST_PAGE
    )


@login_not_required
@require_safe
@_public
def article_list(request: HttpRequest) -> HttpResponse:
    articles = Article.objects.published().for_lists()
    return render(
        request, "articles/list.html", {"page": _paginate(articles, request.GET.get("page", "1"))}
    )


@login_not_required
@require_safe
@_public
def article(request: HttpRequest, slug: str) -> HttpResponse:
    found = Article.objects.get_live(slug)
    if found is None or found.live is None:
        return _redirect_or_gone(request, slug)
    context = {
        "address": request.build_absolute_uri(request.path),
        "is_overdue": found.is_overdue(timezone.now()),
    }
    key = (*context.values(), found.pk, found.updated_at)
    return HttpResponse(
        page_cache.get_or_make(key, lambda: _render_article(request, found, context))
    )


def _render_article(request: HttpRequest, article: Article, more: dict[str, Any]) -> bytes:
    live = article.live
    assert live  # noqa: S101 - readers see it
    context = {
        "approval": article.approval,
        "authorships": live.authorships.select_related("author"),
        "corrections": article.page.dated_corrections(),
        "answers": Feedback.Answer.choices,
        "related": Article.objects.related_to(article).only("title", "slug")[:RELATED],
    }
    shown = _article_context(article, live, article.page) | context | more
    return render_to_string("articles/article/page.html", shown, request).encode()


def _article_context(article: Article, revision: Revision, page: LivePage) -> dict[str, Any]:
    return {
        "article": article,
        "revision": revision,
        "live_page": page,
        "categories": article.categories.all(),
        "contents": page.outline(),
        "stage_means": STAGE_MEANINGS[Stage(revision.stage)] if revision.badge else "",
    }


def _redirect_or_gone(request: HttpRequest, slug: str) -> HttpResponse:
    """Raise Http404 where readers have never seen anything at this address."""
    gone = Article.objects.get_retired(slug)
    if gone:
        context = {"article": gone, "categories": gone.categories.all()}
        return render(request, "articles/article/gone.html", context, status=HTTPStatus.GONE)
    moved = OldAddress.objects.filter(slug=slug).select_related("article").first()
    if moved is None:
        raise Http404("There is no article at this address.")
    return redirect(moved.article, permanent=True)


def preview_context(revision: Revision) -> dict[str, Any]:
    """A revision as the page that readers would get; for staff, and for who has a preview link."""
    context = {
        "approval": revision.approvals.select_related("by").last(),
        "authorships": revision.authorships.select_related("author"),
        "preview": True,
    }
    return _article_context(revision.article, revision, pages.build_preview(revision)) | context


@login_not_required
@require_safe
@never_cache
def preview(request: HttpRequest, secret: str) -> HttpResponse:
    """One revision for who has its preview link. 404 once the link has expired or was ended."""
    revision = previews.find_shared_revision(secret)
    if revision is None:
        raise Http404("There is no preview at this address, or it has expired.")
    response = render(
        request, "articles/article/page.html", preview_context(revision) | {"is_shared": True}
    )
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


@csrf_exempt  # A token needs a cookie. Who sent it does not matter here: an answer is a count.
@login_not_required
@require_POST
def give_feedback(request: HttpRequest, slug: str) -> HttpResponse:
    """Counts an answer to “was this clear?”. What is no answer is not counted, and thanked too.

    How often from one address: portal/http/limits.py.
    """
    if _is_cross_site(request):
        raise PermissionDenied
    found = get_object_or_404(Article.objects.published(), slug=slug)
    number = parse_number(request.POST.get("revision", ""))
    given = request.POST.get("answer", "")
    if given in Feedback.Answer.values and number is not None:
        feedback.count_answer(
            found, number=number, choice=Feedback.Answer(given), on=timezone.localdate()
        )
    return redirect("articles:thanks", slug)


def _is_cross_site(request: HttpRequest) -> bool:
    """Whether the browser says that a page of another site sent it. An old one says nothing."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site != "same-origin"
    own = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin", own) != own


@login_not_required
@require_safe
@_public
def feedback_thanks(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Article.objects.published(), slug=slug)
    return render(request, "articles/article/thanks.html", {"article": found})


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
    page = _paginate(articles, request.GET.get("page", "1"))
    return render(request, "articles/category.html", {"category": found, "page": page})


@login_not_required
@require_safe
@_public
def glossary(request: HttpRequest) -> HttpResponse:
    terms = Term.objects.in_order()
    letters = [
        (letter, list(found))
        for letter, found in itertools.groupby(terms, lambda term: term.letter)
    ]
    return render(request, "articles/glossary.html", {"letters": letters})


@login_not_required
@require_safe
@_public
def search(request: HttpRequest) -> HttpResponse:
    query = clean_line(request.GET.get("q", ""))[: searching.MAX_LENGTH]
    return render(
        request,
        "articles/search.html",
        {"query": query, "results": searching.search_articles(query)},
    )
