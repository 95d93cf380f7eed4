"""What the pages about one article share."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from articles.admin.base import NoDeleteAdmin
from articles.models import Article


class ArticlePages(NoDeleteAdmin):
    """Base for pages that are mixed into the article's admin, so that its permissions apply."""

    def get_article(self, request: HttpRequest, pk: UUID | None) -> Article:
        """Return the article for those who may view articles; 404 if there is none."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(Article.objects.for_staff(), pk=pk)

    def page_context(
        self, request: HttpRequest, article: Article | None, title: str
    ) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "article": article,
        }
