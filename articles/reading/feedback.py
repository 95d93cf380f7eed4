"""“Was this clear?”: what readers answer, counted and nothing else."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Sum

from articles.models import Article, Feedback

#: For one answer about one revision on one day. More is no reader.
MAX_PER_DAY = 1000


@transaction.atomic
def count_answer(article: Article, *, number: int, choice: Feedback.Answer, on: date) -> bool:
    """Count one answer about a revision that readers have seen; return whether it was counted."""
    revision = article.revisions.filter(number=number, events__kind="published").first()
    if revision is None:
        return False
    key: dict[str, Any] = {"revision": revision, "answer": choice, "day": on}
    Feedback.objects.get_or_create(**key)
    counted = Feedback.objects.filter(**key, count__lt=MAX_PER_DAY).update(count=F("count") + 1)
    return bool(counted)


@dataclass(frozen=True)
class Tally:
    """What readers answered about one revision: a count for each answer, in the answers' order."""

    number: int
    counts: tuple[int, ...]


def tally_answers(article: Article) -> list[Tally]:
    """Of each revision that somebody answered about, newest first."""
    rows = (
        Feedback.objects.filter(revision__article=article)
        .values_list("revision__number", "answer")
        .annotate(Sum("count"))
    )
    found: dict[int, dict[str, int]] = {}
    for number, given, count in rows:
        found.setdefault(number, {})[given] = count
    return [
        Tally(number, tuple(counts.get(each, 0) for each in Feedback.Answer.values))
        for number, counts in sorted(found.items(), reverse=True)
    ]
