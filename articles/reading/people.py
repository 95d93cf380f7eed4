"""The people behind what readers can open now: its authors, and its medical reviewers."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

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
    written = _count(Authorship.objects.filter(revision__live_of__isnull=False), "author")
    live = Article.objects.filter(live__isnull=False)
    # Who approved a small correction has not reviewed the article.
    reviewed = _count(live.filter(approval__carried_from=None), "approval__by")
    reviewed += _count(live.exclude(approval__carried_from=None), "approval__carried_from__by")
    everyone = sorted(written + reviewed)
    return [
        Person(
            name=f"{first} {last}".strip(),
            credentials=credentials,
            written=written[last, first, credentials],
            reviewed=reviewed[last, first, credentials],
        )
        for last, first, credentials in everyone
        if first or last
    ]


def _count(found: QuerySet[Any], who: str) -> Counter[tuple[str, str, str]]:
    """Count rows by the last name, first name, and credentials of a person."""
    names = (f"{who}__last_name", f"{who}__first_name", f"{who}__credentials")
    rows = found.values_list(*names).annotate(count=Count("pk"))
    return Counter({(last, first, credentials): count for last, first, credentials, count in rows})
