"""Pages for articles: the list of all, and each at its address, even if it has moved or is gone."""

import re
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone

from articles.content import INTERESTS_NOT_ASKED
from articles.evidence_stages import STAGE_MEANINGS, Stage
from articles.models import (
    Approval,
    Article,
    Feedback,
    LivePage,
    OldAddress,
    Revision,
)
from articles.reading.languages import list_addresses
from articles.reading.sheets import choose_sheet
from articles.rendering.required_parts import EMERGENCY
from articles.views.decorators import end_page, public_page
from articles.views.pagination import paginate

RELATED = 3
#: Fields that a link to an article needs.
_LINKED = ("title", "slug", "language", "translation_of")
# Indentation helps people who read a template; for readers of the page, it is only more to load.
# It is kept in <pre>, where it has a meaning.
_INDENTATION = re.compile(r"(?P<pre><pre\b.*?</pre>)|\n\s+", re.DOTALL)


@public_page
def article_list(request: HttpRequest) -> HttpResponse:
    articles = Article.objects.for_readers().for_lists()
    return render(
        request, "articles/list.html", {"page": paginate(articles, request.GET.get("page", "1"))}
    )


@public_page
def article(request: HttpRequest, slug: str) -> HttpResponse:
    found = Article.objects.get_live(slug)
    if found is None or found.live is None:
        return _redirect_or_gone(request, slug)
    if found.lang and (shown := Article.objects.get_shown(found.root_id)) and shown.pk != found.pk:
        return redirect(shown)
    is_overdue = found.is_overdue(timezone.now())
    response = HttpResponse(_render_article(request, found, is_overdue=is_overdue))
    if found.review_due_at and not is_overdue:
        end_page(response, found.review_due_at)
    return response


def _render_article(request: HttpRequest, article: Article, *, is_overdue: bool) -> bytes:
    live = article.live
    assert live  # noqa: S101 - readers see it
    languages, alternates = list_addresses(article)
    own = next(each["path"] for each in alternates if each["code"] == article.language)
    context = {
        **review_context(article.approval),
        "authorships": live.authorships.for_readers(),
        "corrections": article.page.dated_corrections(),
        "answers": Feedback.Answer.choices,
        "related": Article.objects.related_to(article).only(*_LINKED)[:RELATED],
        "is_overdue": is_overdue,
        # The header links to all languages; search engines learn only of those that exist.
        "site_languages": languages,
        "alternates": alternates,
        "site": f"{request.scheme}://{request.get_host()}",
        "address": request.build_absolute_uri(own),
    }
    shown = article_context(article, live, article.page) | context
    page = render_to_string("articles/article/page.html", shown, request)
    return _INDENTATION.sub(lambda found: found["pre"] or "\n", page).encode()


def review_context(approval: Approval | None) -> dict[str, Approval | None]:
    """Return who reviewed the whole text, and who has approved small corrections since, if any."""
    is_small = approval is not None and approval.carried_from_id is not None
    return {
        "approval": approval and approval.review,
        "correction_approval": approval if is_small else None,
    }


def article_context(article: Article, revision: Revision, page: LivePage) -> dict[str, Any]:
    return {
        "article": article,
        "revision": revision,
        "live_page": page,
        "categories": article.categories.with_words(),
        "contents": page.outline(article.language),
        "lang": article.lang,
        "not_asked": INTERESTS_NOT_ASKED,
        "sheet": choose_sheet(page.contents, minutes=page.minutes, has_stage=bool(revision.badge)),
        # The disclaimer leaves out what the text itself says.
        "says_medicines": any(id_ == "part-medicines" for id_, *_ in page.contents),
        # Only then does the page need the look of the emergency box.
        "has_emergency": any(id_ == f"part-{EMERGENCY}" for id_, *_ in page.contents),
        "stage_means": STAGE_MEANINGS[Stage(revision.stage)] if revision.badge else "",
    }


def _redirect_or_gone(request: HttpRequest, slug: str) -> HttpResponse:
    """Redirect, or say that it is gone. Raise Http404 if readers never saw anything here."""
    gone = Article.objects.get_retired(slug)
    if gone:
        if gone.translation_of and gone.translation_of.is_live:
            return redirect(gone.translation_of)
        context = {"article": gone, "categories": gone.categories.with_words()}
        return render(request, "articles/article/gone.html", context, status=HTTPStatus.GONE)
    moved = OldAddress.objects.filter(slug=slug).select_related("article").first()
    if moved is None:
        raise Http404("There is no article at this address.")
    return redirect(moved.article, permanent=True)
