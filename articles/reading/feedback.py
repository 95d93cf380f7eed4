"""“Was this clear?”: readers' answers, and their comments to the editors."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from articles.models import Article, Feedback, ReaderComment

#: For one answer about one revision on one day. More can't come from readers.
MAX_PER_DAY = 1000
#: For one article on one day. More comes from a machine, and no editor would read it.
MAX_COMMENTS_PER_DAY = 100
#: Long enough for the next review; what readers let slip about themselves isn't kept forever.
COMMENTS_KEPT_FOR = timedelta(days=180)


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
    """Readers' answers about one revision: a count for each answer, in the order of the answers."""

    number: int
    counts: tuple[int, ...]


def tally_answers(article: Article) -> list[Tally]:
    """Return a tally for each revision that has answers, newest first."""
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


def keep_comment(article: Article, *, section: str, text: str, on: date) -> bool:
    """Keep a comment on the live revision for the editors; return whether it was kept."""
    about = ReaderComment.objects.filter(revision__article=article, day=on)
    if article.live is None or len(about[:MAX_COMMENTS_PER_DAY]) >= MAX_COMMENTS_PER_DAY:
        return False
    ReaderComment.objects.create(revision=article.live, section=section, text=text, day=on)
    return True


def list_comments(article: Article) -> QuerySet[ReaderComment]:
    """List comments that nobody has looked at first, then the newest."""
    rows: QuerySet[ReaderComment] = ReaderComment.objects.filter(revision__article=article)
    return rows.select_related("revision", "kept_by").order_by(
        F("kept_by").asc(nulls_first=True), "-day", "-id"
    )


def tally_sections(article: Article) -> list[tuple[str, int]]:
    """Return headings with how many readers named each, most first; empty for the whole article."""
    titles = section_titles(article)
    named = ReaderComment.objects.filter(revision__article=article).values_list("section")
    counted = Counter(titles.get(section, "") for (section,) in named)
    return counted.most_common()


def section_titles(article: Article) -> dict[str, str]:
    """Return the headings of the live page by their ids."""
    page = getattr(article, "page", None)
    return {id_: title for id_, _, title in page.contents} if page else {}


def delete_old_comments() -> None:
    ReaderComment.objects.filter(day__lt=timezone.localdate() - COMMENTS_KEPT_FOR).delete()
