"""Where readers start: what is most basic, as the categories say."""

from collections.abc import Sequence

from django.db.models import Prefetch, prefetch_related_objects

from articles.models import Article, Category

_SHOWN = 3


def find_first_reads(categories: Sequence[Category]) -> list[Article]:
    """Return the article of the first category to start with, then the newest others filed there.

    `categories` are in the order in which readers see them.
    """
    if not categories:
        return []
    filed = Article.objects.for_readers().filed_under(categories[0]).for_titles()
    return with_first(find_first(categories[0]), list(filed[:_SHOWN]))[:_SHOWN]


def find_first(category: Category) -> Article | None:
    """Return the article of a category to start with, in the page's language if there is one."""
    if not category.start_with_id:
        return None
    found = Article.objects.for_readers().in_families([category.start_with_id])
    return found.for_titles().first()


def load_categories(articles: list[Article]) -> list[Article]:
    """Load the categories of all of them by one query, as lists show them."""
    prefetch_related_objects(articles, Prefetch("categories", Category.objects.with_words()))
    return articles


def with_first(first: Article | None, others: list[Article]) -> list[Article]:
    return [first, *(each for each in others if each != first)] if first else others
