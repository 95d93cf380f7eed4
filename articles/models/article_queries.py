"""Querysets of articles: which ones a page shows, and the data loaded with them."""

import uuid
from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery

from articles.languages import page_language
from articles.models.category import Category
from articles.models.comment import CommentThread, CommentThreadQuerySet, ReaderComment
from articles.models.event import Event
from articles.models.reference import Reference
from articles.models.revision import Authorship, Feedback
from articles.states import UNDER_REVIEW, State

if TYPE_CHECKING:
    from articles.models.article import Article
    from portal.models import User


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> Self:
        """Articles that readers can see, newest first."""
        return self.filter(live__isnull=False).order_by("-published_at", "-id")

    def for_readers(self) -> Self:
        """Articles that readers can see, each once: in the page's language if available in it."""
        return self.published().shown_in(page_language())

    def shown_in(self, language: str) -> Self:
        """Articles in a language, and originals that readers can't read in it."""
        translated = self.model.objects.filter(
            translation_of=OuterRef("pk"), language=language, live__isnull=False
        )
        return self.filter(
            Q(language=language) | Q(translation_of__isnull=True) & ~Exists(translated)
        )

    def in_families(self, roots: Collection[uuid.UUID]) -> Self:
        """Originals and their translations."""
        return self.filter(Q(pk__in=roots) | Q(translation_of__in=roots))

    def filed_under(self, category: Category) -> Self:
        return self.filter(categories=category)

    def to_start_with(self, category: Category | None) -> Self:
        """The originals among what is filed there that readers can see: a new one has none."""
        found = self.filter(live__isnull=False, translation_of__isnull=True).order_by("title")
        return found.filter(categories=category) if category else found.none()

    def for_titles(self) -> Self:
        """Load what a short list shows of each article: no categories, and no bodies."""
        return self.select_related("live", "approval__carried_from").only(
            "slug", "title", "language", "translation_of", "published_at", "live_at",
            "live__summary", "live__stage", "approval__at", "approval__carried_from__at",
        )  # fmt: skip

    def for_lists(self) -> Self:
        """Load what a list shows of each article, without the bodies."""
        return self.for_titles().prefetch_related(
            Prefetch("categories", Category.objects.with_words())
        )

    def get_live(self, slug: str) -> "Article | None":
        """Return the live article at this address, with its finished page and related data."""
        found = self.filter(slug=slug, live__isnull=False).select_related(
            "live", "approval__by", "approval__carried_from__by", "page"
        )
        found = found.only(
            "slug", "language", "translation_of", "published_at", "live_at", "review_due_at",
            "live__number", "live__title", "live__summary", "live__stage",
            *_shown_of("approval"), *_shown_of("approval__carried_from"),
            "page__key_points_html", "page__body_html", "page__references_html",
            "page__glossary_html", "page__contents", "page__corrections", "page__linked_data",
            "page__minutes", "page__addresses",
        )  # fmt: skip
        return next(iter(found), None)

    def for_feeds(self) -> Self:
        return self.for_lists().prefetch_related(_with_authors())

    def translations_of(self, originals: Collection[uuid.UUID]) -> Self:
        """Return the translations of these originals, with each original's language and slug."""
        found = self.filter(translation_of__in=originals).select_related("translation_of")
        return found.only(
            "slug", "language", "live_at", "published_at",
            "translation_of__slug", "translation_of__language", "translation_of__translation_of",
        )  # fmt: skip

    def get_shown(self, root: uuid.UUID) -> "Article | None":
        """Return the version that readers of this page see of an original and its translations."""
        return (
            self.for_readers()
            .in_families([root])
            .only("slug", "language", "translation_of")
            .first()
        )

    def addresses(self, root: uuid.UUID) -> dict[str, str]:
        """Map each language in which readers can read it to its slug in that language."""
        shown = self.published().in_families([root])
        return dict(shown.values_list("language", "slug"))

    def get_published(self, slug: str) -> "Article | None":
        """Return the article that readers see at an address, or saw there before it was retired."""
        shown = self.filter(slug=slug, published_at__isnull=False)
        return shown.select_related("live").first()

    def get_retired(self, slug: str) -> "Article | None":
        """Return the article that readers used to see at this address and no longer do."""
        return (
            self.filter(
                slug=slug, live__isnull=True, retired_at__isnull=False, published_at__isnull=False
            )
            .select_related("instead", "translation_of")
            .first()
        )

    def lock_live(self) -> "list[Article]":
        """Return the live ones, locked until the transaction ends."""
        ours = list(self.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
        return list(self.model.objects.for_staff().filter(pk__in=ours, live__isnull=False))

    def for_export(self) -> Self:
        return self.select_related("head", "live", "translation_of").prefetch_related("categories")

    def for_staff(self) -> Self:
        """Load what the pages for editors and reviewers show of each article."""
        return self.select_related(
            "head__made_by",
            "live",
            "approval__by",
            "approval__carried_from__by",
            "instead",
            "translation_of__live",
            "translated_from",
        ).prefetch_related("categories")

    def related_to(self, article: "Article") -> Self:
        """Articles for readers that share categories or terms with it, most shared first.

        `articles/reading/pages.py` chooses them when it builds the page.
        """
        categories = Q(categories__articles=article)
        terms = Q(page__terms__live_pages=article.pk)
        return (
            self.for_readers()
            .filter(related=article)
            .annotate(
                shared=Count("categories", filter=categories, distinct=True)
                + Count("page__terms", filter=terms, distinct=True)
            )
            .order_by("-shared", "-published_at", "-id")
        )

    def citing(self, reference: Reference) -> Self:
        """Published articles whose pages cite a source."""
        return self.published().filter(page__sources=reference)

    def due_for_review(self, now: datetime) -> Self:
        """Live articles whose review is due by now, longest overdue first."""
        return self.filter(live__isnull=False, review_due_at__lte=now).order_by(
            "review_due_at", "id"
        )

    def for_review_list(self) -> Self:
        """Live articles by when their review is due, with the events that called for it."""
        called_for = Event.objects.filter(kind=Event.Kind.DUE).order_by("-id")
        return (
            self.filter(live__isnull=False)
            .order_by("review_due_at", "id")
            .select_related("live", "approval__carried_from__by", "approval__by")
            .defer("live__body", "live__key_points")
            .defer("approval__answers", "approval__carried_from__answers")
            .prefetch_related(Prefetch("events", called_for, to_attr="called_for"))
        )

    def with_new_comments(self) -> Self:
        """Articles with comments from readers that no colleague has read yet."""
        comments = ReaderComment.objects.filter(
            revision__article=OuterRef("pk"), kept_by__isnull=True
        )
        return self.filter(Exists(comments))

    def found_unclear(self, since: date) -> Self:
        """Articles whose live revision some reader has not found clear since a day."""
        answers = Feedback.objects.filter(revision=OuterRef("live"), day__gte=since)
        return self.filter(Exists(answers.exclude(answer=Feedback.Answer.YES)))

    def written_by(self, user: "User") -> Self:
        """Articles whose latest revision is partly theirs."""
        return self.filter(_is_author(user))

    def drafts_of(self, user: "User") -> Self:
        return self.written_by(user).filter(state=State.DRAFT)

    def sent_back_to(self, user: "User") -> Self:
        """Their drafts that a reviewer sent back, and that nobody has submitted again."""
        kinds = (Event.Kind.SENT_BACK, Event.Kind.SUBMITTED)
        events = Event.objects.filter(article=OuterRef("pk"), kind__in=kinds).order_by("-id")
        last = Subquery(events.values("kind")[:1])
        return self.drafts_of(user).alias(last=last).filter(last=Event.Kind.SENT_BACK)

    def commented_for(self, user: "User") -> Self:
        """Articles that they wrote with open comments."""
        return self.written_by(user).filter(Exists(_threads().open()))

    def answered_for(self, user: "User") -> Self:
        """Articles where someone wrote last in an open thread that they wrote in."""
        return self.filter(Exists(_threads().answered_for(user)))

    def waiting_for(self, user: "User") -> Self:
        """Drafts in review that they, or anyone who may, were asked to review."""
        asked = self.filter(Q(reviewer=user) | Q(reviewer=None), state=State.IN_REVIEW)
        return asked.exclude(_is_author(user))

    def in_review(self) -> Self:
        """Drafts in review, longest waiting first; `waits_since` is when each was submitted."""
        events = Event.objects.filter(article=OuterRef("pk"), kind=Event.Kind.SUBMITTED)
        since = Subquery(events.order_by("-id").values("at")[:1])
        return (
            self.filter(state=State.IN_REVIEW)
            .annotate(waits_since=since)
            .order_by("waits_since", "id")
        )

    def under_review(self) -> Self:
        return self.filter(state__in=UNDER_REVIEW)

    def due_to_publish_or_retire(self, now: datetime) -> Self:
        """Articles that should be published or retired by now."""
        return self.filter(Q(publish_at__lte=now) | Q(retire_at__lte=now))


def _with_authors() -> "Prefetch[str]":
    return Prefetch("live__authorships", Authorship.objects.for_readers())


def _shown_of(approval: str) -> list[str]:
    """Return the names of the fields that readers see of an approval."""
    by = ("first_name", "last_name", "role", "credentials")
    return [f"{approval}__{name}" for name in ("at", "interests", *(f"by__{each}" for each in by))]


def _threads() -> CommentThreadQuerySet:
    return CommentThread.objects.filter(article=OuterRef("pk"))


def _is_author(user: "User") -> Exists:
    return Exists(Authorship.objects.filter(revision=OuterRef("head"), author=user))
