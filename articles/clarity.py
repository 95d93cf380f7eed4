"""“Was this clear?”: what readers answer, counted and nothing else."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from articles.models import Article, Clarity

#: For one answer about one revision on one day. More is no reader.
MOST_A_DAY = 1000


@transaction.atomic
def answer(article: Article, *, number: int, given: Clarity.Answer, on: date) -> bool:
    """Count one answer about a revision that readers have seen; return whether it was counted."""
    revision = article.revisions.filter(number=number, events__kind="published").first()
    if revision is None:
        return False
    key: dict[str, Any] = {"revision": revision, "answer": given, "day": on}
    try:
        with transaction.atomic():
            Clarity.objects.get_or_create(**key)
    except IntegrityError:
        pass  # made by somebody else in this moment
    counted = Clarity.objects.filter(**key, count__lt=MOST_A_DAY).update(count=F("count") + 1)
    return bool(counted)
