"""What was wrong on this site, and what is right: each correction that was ever published."""

from django.db.models import QuerySet

from articles.models import Event


def list_corrections() -> QuerySet[Event]:
    """Return where each was published, latest first, also for articles that are gone."""
    published = Event.objects.filter(kind=Event.Kind.PUBLISHED).exclude(revision__correction="")
    return (
        published.select_related("article", "revision")
        .only(
            "at", "revision__correction", "article__title", "article__slug",
            "article__language", "article__live", "article__translation_of",
        )
        .order_by("-id")
    )  # fmt: skip
