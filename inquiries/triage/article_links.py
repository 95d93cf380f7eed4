"""Published articles to point a sender to in a message."""

from django.conf import settings
from django.utils import translation

from articles.models import Article


def list_articles() -> list[Article]:
    """Return every article that readers can see, by title."""
    rows = Article.objects.published().only("slug", "title", "language", "translation_of")
    return sorted(rows, key=lambda article: article.title.casefold())


def link_to(article: Article) -> str:
    """Return its title and its address, each on a line of its own."""
    with translation.override(article.language):
        return f"{article.title}\n{settings.PORTAL_URL}{article.get_absolute_url()}"
