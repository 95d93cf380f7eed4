"""Articles for benchmarks, each made from its number: the same number gives the same article.

They are bulk inserted, because the publishing verbs take one at a time.
"""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.text import slugify

from articles import rendering
from articles.content import CONTENT_FIELDS, Content
from articles.evidence_stages import Stage
from articles.models import (
    Approval,
    Article,
    Authorship,
    Category,
    Event,
    LivePage,
    Revision,
    SearchEntry,
)
from articles.reading import pages
from articles.rendering.library_snapshot import LibrarySnapshot
from articles.rendering.renderer import RenderedArticle
from articles.states import State

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
    """Add published articles up to `total`, and return how many were made."""
    missing = max(total - Article.objects.published().count(), 0)
    first = Article.objects.filter(source__startswith="bench:").count() + 1
    categories = _categories()
    for start in range(first, first + missing, BATCH):
        numbers = range(start, min(start + BATCH, first + missing))
        _write(numbers, categories, author, reviewer)
        tell(numbers.stop - first)
    return missing


@transaction.atomic
def _write(numbers: range, categories: list[Category], author: "User", reviewer: "User") -> None:
    made = [_Made(number, author, reviewer) for number in numbers]
    Revision.objects.bulk_create(each.revision for each in made)
    Authorship.objects.bulk_create(
        Authorship(revision=each.revision, author=author, interests="None") for each in made
    )
    Approval.objects.bulk_create(each.approval for each in made)
    Article.objects.bulk_create(each.article for each in made)
    Event.objects.bulk_create(
        Event(
            article=each.article,
            kind=Event.Kind.PUBLISHED,
            revision=each.revision,
            by=reviewer,
            at=each.at,
        )
        for each in made
    )
    Article.categories.through.objects.bulk_create(
        Article.categories.through(article_id=each.article.pk, category_id=category.pk)
        for each in made
        for category in _filed_under(each.number, categories)
    )
    LivePage.objects.bulk_create(each.page for each in made)
    SearchEntry.objects.bulk_create(each.entry for each in made)


def _categories() -> list[Category]:
    return [
        Category.objects.get_or_create(slug=slugify(name), defaults={"name": name})[0]
        for name in _CATEGORIES
    ]


def _filed_under(number: int, categories: list[Category]) -> list[Category]:
    """Return one to three categories, spread evenly."""
    return [categories[(number + step) % len(categories)] for step in range(1 + number % 3)]


class _Made:
    """Everything that is made from one number."""

    def __init__(self, number: int, author: "User", reviewer: "User") -> None:
        self.number = number
        self.at = _NEWEST_AT - timedelta(minutes=number)
        content, rendered = _body(number % _BODIES)
        subject = _SUBJECTS[number % len(_SUBJECTS)]
        content = replace(
            content,
            title=f"{subject}: part {number:,}",
            summary=f"{_SENTENCES[number % len(_SENTENCES)]} Part {number:,} of a made-up series.",
        )
        self.article = Article(
            id=uuid.uuid5(_NAMESPACE, str(number)),
            title=content.title,
            slug=f"{slugify(subject)}-part-{number}",
            state=State.PUBLISHED,
            source=f"bench:{number}",
            published_at=self.at,
            live_at=self.at,
            review_due_at=self.at + timedelta(days=3650),
        )
        self.revision = Revision(
            id=uuid.uuid5(_NAMESPACE, f"revision {number}"),
            article=self.article,
            number=1,
            digest=content.digest(),
            made_by=author,
            made_at=self.at,
            **{name: getattr(content, name) for name in CONTENT_FIELDS},
        )
        self.approval = Approval(
            id=uuid.uuid5(_NAMESPACE, f"approval {number}"),
            revision=self.revision,
            digest=self.revision.digest,
            by=reviewer,
            at=self.at,
            interests="None",
        )
        self.article.head = self.article.live = self.revision
        self.article.approval = self.approval
        self.page = LivePage(
            article=self.article, revision=self.revision, **pages.page_fields(rendered)
        )
        self.entry = SearchEntry(
            article=self.article, title=content.title, summary=content.summary, words=rendered.text
        )


@cache
def _body(number: int) -> tuple[Content, RenderedArticle]:
    """Return about 500 words of Markdown, rendered; a few serve all, because rendering is slow."""
    sections = []
    for section in range(5):
        sentences = [
            _SENTENCES[(number + 3 * section + step * (1 + number % 4)) % len(_SENTENCES)]
            for step in range(12)
        ]
        sections.append(f"## Part {section + 1}\n\n" + " ".join(sentences))
    content = Content(title="-", body="\n\n".join(sections), stage=Stage.NONE)
    return content, rendering.render(content, LibrarySnapshot())
