"""Articles for benchmarks, each made from its number: the same number gives the same article.

They are bulk inserted, because the publishing verbs take one at a time.
"""

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
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
from articles.search import vocabulary
from articles.search.entries import Text, fields_of
from articles.states import State
from tests.bench import bulk, shares

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


@dataclass(frozen=True)
class Batch:
    """A range of article numbers and the keys of who writes and approves: for another process."""

    first: int
    beyond: int
    author: uuid.UUID
    reviewer: uuid.UUID


def top_up(total: int, *, author: "User", reviewer: "User", tell: Callable[[int], None]) -> int:
    """Add published articles up to `total`, and return how many were made."""
    missing = max(total - Article.objects.published().count(), 0)
    first = Article.objects.filter(source__startswith="bench:").count() + 1
    _categories()
    batches = [
        Batch(start, min(start + BATCH, first + missing), author.pk, reviewer.pk)
        for start in range(first, first + missing, BATCH)
    ]
    for made, batch in zip(shares.spread(write_batch, batches), batches, strict=True):
        tell(batch.first - first + made)
    return missing


@transaction.atomic
def write_batch(batch: Batch) -> int:
    """Make this range, and return how many there are."""
    categories = _categories()
    numbers = range(batch.first, batch.beyond)
    made = [_Made(number, batch.author, batch.reviewer) for number in numbers]
    filed = [(each, category) for each in made for category in _filed_under(each, categories)]
    for rows in (
        [each.revision for each in made],
        [
            Authorship(revision=each.revision, author_id=batch.author, interests="None")
            for each in made
        ],
        [each.approval for each in made],
        [each.article for each in made],
        [each.published for each in made],
        [
            Article.categories.through(article_id=each.article.pk, category_id=category.pk)
            for each, category in filed
        ],
        [each.page for each in made],
        [each.entry for each in made],
    ):
        bulk.insert(rows)
    pages.lock_library()
    vocabulary.add(
        "en",
        Counter(word for each in made for word in _words_of(each.text)),
        Counter(word for each in made for word in each.text.title_words),
    )
    return len(made)


def _words_of(text: Text) -> set[str]:
    """As its `all_words`, but read the body once for all articles that share it."""
    return replace(text, headings=(), words="").all_words | _words_of_body(text.words)


@cache
def _words_of_body(words: str) -> set[str]:
    return Text("en", title="", words=words).all_words


def _categories() -> list[Category]:
    return [
        Category.objects.get_or_create(slug=slugify(name), defaults={"name": name})[0]
        for name in _CATEGORIES
    ]


def _filed_under(made: "_Made", categories: list[Category]) -> list[Category]:
    """Return one to three categories, spread evenly."""
    steps = range(1 + made.number % 3)
    return [categories[(made.number + step) % len(categories)] for step in steps]


class _Made:
    """Everything that is made from one number."""

    def __init__(self, number: int, author: uuid.UUID, reviewer: uuid.UUID) -> None:
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
            made_by_id=author,
            made_at=self.at,
            **{name: getattr(content, name) for name in CONTENT_FIELDS},
        )
        self.approval = Approval(
            id=uuid.uuid5(_NAMESPACE, f"approval {number}"),
            revision=self.revision,
            digest=self.revision.digest,
            by_id=reviewer,
            at=self.at,
            interests="None",
        )
        self.article.head = self.article.live = self.revision
        self.article.approval = self.approval
        self.published = Event(
            article=self.article,
            kind=Event.Kind.PUBLISHED,
            revision=self.revision,
            by_id=reviewer,
            at=self.at,
        )
        self.page = LivePage(
            article=self.article, revision=self.revision, **pages.page_fields(rendered)
        )
        self.text = Text(
            "en",
            title=content.title,
            summary=content.summary,
            headings=tuple(each.title for each in rendered.contents),
            words=rendered.text,
        )
        self.entry = SearchEntry(article=self.article, **fields_of(self.text))


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
