"""Articles for measuring, each made from its number: the same number, the same article.

Written in bulk, past the publishing verbs, which take one at a time.
"""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.text import slugify

from articles import rendering
from articles.models import Article, Category, SearchEntry
from articles.publishing import search_fields

if TYPE_CHECKING:
    from portal.models import User

BATCH = 1000
_NAMESPACE = uuid.UUID("6f1b1f52-5a2e-4a7e-9a3e-0c5d0b1f7a10")
_NEWEST_AT = datetime(2026, 1, 1, tzinfo=UTC)
_CATEGORIES = (
    "Lupus",
    "Mesenchymal Stem Cells",
    "Stem Cell Research",
    "Stem Cell Therapy",
    "Umbilical Stem Cell",
)
_SUBJECTS = (
    "Living with lupus", "Kidney tests", "Swelling", "Steroid medicines", "Sleep and fatigue",
    "Sun and skin", "Pregnancy", "Blood pressure", "Visits to the clinic", "Questions to ask",
    "How a trial works",
)  # fmt: skip
_SENTENCES = (
    "Ask your care team what each test is for.",
    "A urine test can show protein before you feel any change.",
    "Write down your questions before the visit.",
    "Some medicines need blood tests from time to time.",
    "A study with few people can miss rare harms.",
    "Do not stop a medicine without asking your doctor.",
    "Swelling of the ankles can have many causes.",
    "People differ, and so do their treatments.",
    "Bring someone with you if that helps you to listen.",
    "A comparison group shows what would have happened anyway.",
    "Rest when you need it, and move when you can.",
    "Tell the nurse if a side effect worries you.",
    "Your kidneys clean the blood and balance its salts.",
)
_BODIES = 23


def top_up(total: int, *, author: "User", reviewer: "User", tell: Callable[[int], None]) -> int:
    """Bring the published articles to `total`; return how many were made."""
    missing = max(total - Article.objects.published().count(), 0)
    first = Article.objects.filter(source__startswith="bench:").count() + 1
    categories = _categories()
    for start in range(first, first + missing, BATCH):
        numbers = range(start, min(start + BATCH, first + missing))
        _write([_article(number, author, reviewer) for number in numbers], numbers, categories)
        tell(numbers.stop - first)
    return missing


@transaction.atomic
def _write(articles: list[Article], numbers: range, categories: list[Category]) -> None:
    Article.objects.bulk_create(articles)
    Article.categories.through.objects.bulk_create(
        Article.categories.through(article_id=article.pk, category_id=category.pk)
        for article, number in zip(articles, numbers, strict=True)
        for category in _filed_under(number, categories)
    )
    SearchEntry.objects.bulk_create(
        SearchEntry(article=article, **search_fields(article)) for article in articles
    )


def _categories() -> list[Category]:
    return [
        Category.objects.get_or_create(slug=slugify(name), defaults={"name": name})[0]
        for name in _CATEGORIES
    ]


def _filed_under(number: int, categories: list[Category]) -> list[Category]:
    """One to three, spread evenly."""
    return [categories[(number + step) % len(categories)] for step in range(1 + number % 3)]


def _article(number: int, author: "User", reviewer: "User") -> Article:
    body, body_html = _body(number % _BODIES)
    subject = _SUBJECTS[number % len(_SUBJECTS)]
    at = _NEWEST_AT - timedelta(minutes=number)
    return Article(
        id=uuid.uuid5(_NAMESPACE, str(number)),
        title=f"{subject}: part {number:,}",
        slug=f"{slugify(subject)}-part-{number}",
        summary=f"{_SENTENCES[number % len(_SENTENCES)]} Part {number:,} of a made-up series.",
        body=body,
        body_html=body_html,
        references="Made-up source for measuring (2026).",
        state=Article.State.PUBLISHED,
        source=f"bench:{number}",
        written_by=author,
        reviewed_by=reviewer,
        reviewed_at=at,
        published_at=at,
    )


@cache
def _body(number: int) -> tuple[str, str]:
    """About 500 words of Markdown and its HTML: a few serve all, rendering takes long."""
    sections = []
    for section in range(5):
        sentences = [
            _SENTENCES[(number + 3 * section + step * (1 + number % 4)) % len(_SENTENCES)]
            for step in range(12)
        ]
        sections.append(f"## Part {section + 1}\n\n" + " ".join(sentences))
    body = "\n\n".join(sections)
    return body, rendering.to_html(body)
