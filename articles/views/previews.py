"""Preview of one revision before it is live."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from articles.editing import previews
from articles.models import (
    Revision,
)
from articles.reading import pages
from articles.views.articles import article_context, review_context


def preview_context(revision: Revision) -> dict[str, Any]:
    """Return the context for a revision's page as readers would see it; for staff or a link."""
    context = {
        **review_context(revision.approvals.select_related("by", "carried_from__by").last()),
        "authorships": revision.authorships.select_related("author"),
        "preview": True,
    }
    return article_context(revision.article, revision, pages.build_preview(revision)) | context


@login_not_required
@require_safe
@never_cache
def preview(request: HttpRequest, secret: str) -> HttpResponse:
    """Show a revision to anyone with its preview link. 404 once the link expired or was ended."""
    revision = previews.find_shared_revision(secret)
    if revision is None:
        raise Http404("There is no preview at this address, or it has expired.")
    response = render(
        request, "articles/article/page.html", preview_context(revision) | {"is_shared": True}
    )
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
