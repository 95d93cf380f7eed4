"""The people behind what readers can open now: its authors, and its medical reviewers."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from articles.models import Article, Authorship


@dataclass(frozen=True)
class Person:
    """Someone by the name that readers see. Nobody is known by the name used to sign in."""

    name: str
    credentials: str
    written: int
    reviewed: int


def list_people() -> list[Person]:
    """Return who wrote or reviewed live articles, by last name. Those without a name are left out.

    An article and its translation count as two, because each is reviewed on its own.
    """
    authors = Authorship.objects.filter(revision__live_of__isnull=False)
    written, reviewed = (
        {
            (last, first, credentials): count
            for last, first, credentials, count in found.values_list(
                f"{who}__last_name", f"{who}__first_name", f"{who}__credentials"
            ).annotate(count=Count("pk"))
        }
        for found, who in (
            (authors, "author"),
            (Article.objects.filter(live__isnull=False), "approval__by"),
        )
    )
    everyone = sorted(Counter(written) + Counter(reviewed))
    return [
        Person(
            name=f"{first} {last}".strip(),
            credentials=credentials,
            written=written.get((last, first, credentials), 0),
            reviewed=reviewed.get((last, first, credentials), 0),
        )
        for last, first, credentials in everyone
        if first or last
    ]
