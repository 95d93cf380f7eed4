"""Imports posts from files as drafts. If asked, publishes them through the review verbs."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from articles.content import INTERESTS_NOT_ASKED
from articles.images import processing
from articles.images.files import MAX_BYTES as MAX_IMAGE_BYTES
from articles.images.processing import UnsuitableImage
from articles.models import Approval, Article, Category, Image
from articles.posts import MAX_BYTES, PICTURES_FOLDER, MalformedPost, Post, read_post
from articles.posts.importer import (
    import_image,
    import_post,
    is_edited_since_import,
    missing_categories,
    publish_at_once,
)
from articles.rendering.certainty import Ratings
from articles.states import StepRefused

if TYPE_CHECKING:
    from portal.models import User

_ENDINGS = ("jpg", "jpeg", "png", "webp")
_LONGEST = Approval._meta.get_field("interests").max_length or 0


class Command(BaseCommand):
    help = "Import posts as drafts: plain blog posts, or Markdown with front matter."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen and change nothing"
        )
        parser.add_argument(
            "--publish",
            action="store_true",
            help="publish each post with the approval of --reviewer",
        )
        parser.add_argument(
            "--create-categories",
            action="store_true",
            help="create categories that posts use and that don’t exist yet",
        )
        parser.add_argument("--author", metavar="NAME", help="the account that wrote the posts")
        parser.add_argument("--reviewer", metavar="NAME", help="the account that reviewed them")
        for person in ("author", "reviewer"):
            parser.add_argument(
                f"--{person}-interests",
                metavar="WORDS",
                help=f"the conflicts of interest that the {person} declared, in their own words "
                "(“None” if that is what they said); without it, readers are told no one asked",
            )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["publish"] and not (options["author"] and options["reviewer"]):
            raise CommandError("--publish needs --author and --reviewer, two different people.")
        self.declared = {person: _interests(options, person) for person in ("author", "reviewer")}
        silent = [f"--{person}-interests" for person, words in self.declared.items() if not words]
        if options["publish"] and silent:
            self.stderr.write(
                "Readers will be told that conflicts of interest were not asked for at the import. "
                f"To say what was declared, use {' and '.join(silent)}."
            )
        author = self._staff(options["author"])
        reviewer = self._staff(options["reviewer"]) if options["publish"] else None
        self.may_create_categories = options["create_categories"]
        tally: Counter[str] = Counter()
        for path in options["files"]:
            tally[self._import(path, author, reviewer, dry_run=options["dry_run"])] += 1
        counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(tally.items()))
        dry = " (dry run: nothing was changed)" if options["dry_run"] else ""
        files = "1 file" if tally.total() == 1 else f"{tally.total()} files"
        self.stdout.write(f"{files}: {counts}{dry}")
        if tally["faulty"] or tally["refused"]:
            raise SystemExit(1)

    def _import(
        self, path: Path, author: "User | None", reviewer: "User | None", *, dry_run: bool
    ) -> str:
        """Import one file in its own transaction, so that a bad one leaves nothing behind."""
        try:
            raw = _read(path, MAX_BYTES)
            post = read_post(raw)
            for note in post.notes:
                self.stderr.write(f"{path}: {note}")
            if not self.may_create_categories:
                self._tell_of_missing_categories(path, post)
            self._add_pictures(path, post, author, dry_run=dry_run)
            with transaction.atomic():
                interests = self.declared["author"] or (INTERESTS_NOT_ASKED if reviewer else "")
                article, outcome = import_post(
                    raw,
                    source=str(path.resolve()),
                    by=author,
                    interests=interests,
                    may_create_categories=self.may_create_categories,
                )
                self.stdout.write(f"{outcome}: {article.title} ({path})")
                refused = bool(
                    author
                    and reviewer
                    and not self._publish(article, path, author, reviewer, post.ratings)
                )
                transaction.set_rollback(dry_run)
        except MalformedPost as error:
            self.stderr.write(f"{path}:{error.line}: {error.reason}")
            return "faulty"
        except StepRefused as error:
            self.stderr.write(f"{path}: {error}")
            return "refused"
        except UnsuitableImage as error:
            self.stderr.write(f"{path}: {error}")
            return "faulty"
        except OSError as error:
            self.stderr.write(f"{path}: {error.strerror}")
            return "faulty"
        return "refused" if refused else outcome

    def _tell_of_missing_categories(self, path: Path, post: Post) -> None:
        for name in missing_categories(post):
            there = ", ".join(Category.objects.values_list("name", flat=True)[:20]) or "none"
            self.stderr.write(
                f"{path}: there is no category “{name}”, so the draft was saved without it. "
                f"Existing categories: {there}. To create new ones, add --create-categories."
            )

    def _add_pictures(
        self, path: Path, post: Post, author: "User | None", *, dry_run: bool
    ) -> None:
        for shown in post.pictures:
            beside = [
                path.parent / PICTURES_FOLDER / f"{shown.name}.{ending}" for ending in _ENDINGS
            ]
            file = next(filter(Path.is_file, beside), None)
            if file is None:
                if not Image.objects.filter(name=shown.name).exists():
                    self.stderr.write(f"{path}: the picture “{beside[0]}” is missing.")
            elif dry_run:
                processing.read_image(_read(file, MAX_IMAGE_BYTES), file.name)
            elif import_image(shown, _read(file, MAX_IMAGE_BYTES), by=author):
                self.stdout.write(f"added: {file}")

    def _publish(
        self, article: Article, path: Path, author: "User", reviewer: "User", ratings: Ratings
    ) -> bool:
        """Return whether it is published in the end. If not, it stays a draft, with reasons shown.

        An article that was imported earlier and edited since is not published by its file: it may
        have been retired, or it may hold words that the named reviewer never saw.
        """
        if article.is_live and not article.has_draft:
            return True
        if is_edited_since_import(article):
            self.stderr.write(
                f"{path}: stays a draft: someone has edited it here since it was imported."
            )
            return False
        try:
            publish_at_once(
                article,
                author=author,
                author_interests=self.declared["author"],
                reviewer=reviewer,
                reviewer_interests=self.declared["reviewer"],
                ratings=ratings,
            )
        except StepRefused as error:
            self.stderr.write(f"{path}: stays a draft:")
            for reason in error.reasons:
                self.stderr.write(f"  - {reason}")
            return False
        self.stdout.write(f"published: {article.title}")
        return True

    def _staff(self, name: str | None) -> "User | None":
        if not name:
            return None
        try:
            return get_user_model().objects.get(username=name)
        except get_user_model().DoesNotExist as error:
            raise CommandError(f"There is no account named {name!r}.") from error


def _read(path: Path, most: int) -> bytes:
    """Return at most one byte more than `most`, enough to show that the file is too large."""
    with path.open("rb") as file:
        return file.read(most + 1)


def _interests(options: dict[str, Any], person: str) -> str:
    """Return what the person declared; empty if the operator did not say. Raise CommandError."""
    words = options[f"{person}_interests"]
    if words is None:
        return ""
    words = " ".join(words.split())
    if not words or len(words) > _LONGEST or not options[person]:
        raise CommandError(
            f"--{person}-interests needs --{person} and 1 to {_LONGEST} characters: what they "
            "declared, or “None” if that is what they said."
        )
    return str(words)
