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
from articles.posts import (
    MAX_EXPORT_BYTES,
    PICTURES_FOLDER,
    Item,
    MalformedPost,
    Post,
    PostImage,
    read_items,
)
from articles.posts.importer import (
    import_image,
    import_item,
    is_edited_since_import,
    missing_categories,
)
from articles.posts.picture_files import PictureFiles
from articles.posts.preview import describe_preview, preview_draft
from articles.posts.publication import publish_at_once
from articles.states import StepRefused

if TYPE_CHECKING:
    from portal.models import User

_ENDINGS = ("jpg", "jpeg", "png", "webp")
_LONGEST = Approval._meta.get_field("interests").max_length or 0


class Command(BaseCommand):
    help = (
        "Import posts as drafts: WordPress exports, pages of HTML, Word documents, Markdown, or "
        "plain blog posts."
    )

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
        parser.add_argument(
            "--pictures", metavar="PLACE", type=Path, help="a folder or a zip with their pictures"
        )
        parser.add_argument("--author", metavar="NAME", help="the account that wrote the posts")
        parser.add_argument(
            "--wrote",
            metavar="NAME=ACCOUNT",
            action="append",
            default=[],
            help="the account of somebody whom an export names as an author; may be repeated",
        )
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
        self.author = self._staff(options["author"])
        self.reviewer = self._staff(options["reviewer"]) if options["publish"] else None
        self.wrote = dict(self._wrote(each) for each in options["wrote"])
        self.may_create_categories = options["create_categories"]
        self.dry_run = options["dry_run"]
        self.pictures = options["pictures"] and PictureFiles(options["pictures"])
        tally: Counter[str] = Counter()
        for path in options["files"]:
            tally.update(self._import_file(path))
        counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(tally.items()))
        dry = " (dry run: nothing was changed)" if self.dry_run else ""
        many = max(tally.total(), len(options["files"]))
        noun = "file" if many == len(options["files"]) else "post"
        self.stdout.write(f"{many} {noun}{'' if many == 1 else 's'}: {counts or 'none'}{dry}")
        if tally["faulty"] or tally["refused"]:
            raise SystemExit(1)

    def _import_file(self, path: Path) -> Counter[str]:
        """Import all that a file holds. A fault in one post doesn't stop the others."""
        tally: Counter[str] = Counter()
        try:
            raw = _read(path, MAX_EXPORT_BYTES)
            source = str(path.resolve())
            for item in read_items(raw, name=path.name, source=source):
                where = str(path) if item.source == source else f"{path}: {item.label}"
                tally[self._import(item, path, where)] += 1
        except MalformedPost as error:
            self.stderr.write(f"{path}:{error.line}: {error.reason}")
            tally["faulty"] += 1
        except OSError as error:
            self.stderr.write(f"{path}: {error.strerror}")
            tally["faulty"] += 1
        return tally

    def _import(self, item: Item, path: Path, where: str) -> str:
        """Import one post in its own transaction, so that a bad one leaves nothing behind."""
        if item.left_out:
            self.stderr.write(f"{where}: left out: {item.left_out}")
            return "left out"
        try:
            post = item.read_post()
            for note in post.notes:
                self.stderr.write(f"{where}: {note}")
            if not self.may_create_categories:
                self._tell_of_missing_categories(where, post)
            self._add_pictures(path, where, post)
            new = tuple(missing_categories(post)) if self.may_create_categories else ()
            with transaction.atomic():
                author = self.wrote.get(post.written_by, self.author)
                interests = self.declared["author"] or (
                    INTERESTS_NOT_ASKED if self.reviewer else ""
                )
                article, outcome = import_item(
                    item,
                    by=author,
                    interests=interests,
                    creating=self.may_create_categories,
                )
                self.stdout.write(f"{outcome}: {article.title} ({path})")
                refused = bool(
                    author and self.reviewer and not self._publish(article, where, author, post)
                )
                if self.dry_run:
                    for line in describe_preview(preview_draft(article, post, new)):
                        self.stderr.write(f"{where}: {line}")
                transaction.set_rollback(self.dry_run)
        except MalformedPost as error:
            place = f"{path}:{error.line}" if where == str(path) else where
            self.stderr.write(f"{place}: {error.reason}")
            return "faulty"
        except StepRefused as error:
            self.stderr.write(f"{where}: {error}")
            return "refused"
        except UnsuitableImage as error:
            self.stderr.write(f"{where}: {error}")
            return "faulty"
        except OSError as error:
            self.stderr.write(f"{where}: {error.strerror}")
            return "faulty"
        return "refused" if refused else outcome

    def _tell_of_missing_categories(self, where: str, post: Post) -> None:
        for name in missing_categories(post):
            there = ", ".join(Category.objects.values_list("name", flat=True)[:20]) or "none"
            self.stderr.write(
                f"{where}: there is no category “{name}”, so the draft was saved without it. "
                f"Existing categories: {there}. To create new ones, add --create-categories."
            )

    def _add_pictures(self, path: Path, where: str, post: Post) -> None:
        for shown in post.pictures:
            file, content = self._find_picture(path, shown)
            if content is None:
                if not Image.objects.filter(name=shown.name).exists():
                    self.stderr.write(f"{where}: the picture “{file}” is missing.")
            elif self.dry_run:
                processing.read_image(content, file.rpartition("/")[2])
            elif import_image(shown, content, by=self.author):
                self.stdout.write(f"added: {file}")

    def _find_picture(self, path: Path, shown: PostImage) -> tuple[str, bytes | None]:
        """Look beside the file, then where the operator said."""
        beside = [path.parent / PICTURES_FOLDER / f"{shown.name}.{ending}" for ending in _ENDINGS]
        if file := next(filter(Path.is_file, beside), None):
            return str(file), _read(file, MAX_IMAGE_BYTES)
        found = self.pictures.find(shown.name) if self.pictures else None
        return found or (str(beside[0]), None)

    def _publish(self, article: Article, where: str, author: "User", post: Post) -> bool:
        """Return whether it is published in the end. If not, it stays a draft, with reasons shown.

        An article that was imported earlier and edited since is not published by its file: it may
        have been retired, or it may hold words that the named reviewer never saw.
        """
        if article.is_live and not article.has_draft:
            return True
        held = post.hold or (
            "someone has edited it here since it was imported."
            if is_edited_since_import(article)
            else ""
        )
        if held or self.reviewer is None:
            self.stderr.write(f"{where}: stays a draft: {held}")
            return False
        try:
            publish_at_once(
                article,
                author=author,
                author_interests=self.declared["author"],
                reviewer=self.reviewer,
                reviewer_interests=self.declared["reviewer"],
                ratings=post.ratings,
            )
        except StepRefused as error:
            self.stderr.write(f"{where}: stays a draft:")
            for reason in error.reasons:
                self.stderr.write(f"  - {reason}")
            return False
        self.stdout.write(f"published: {article.title}")
        return True

    def _wrote(self, pair: str) -> tuple[str, "User"]:
        name, _, account = pair.rpartition("=")
        user = self._staff(account)
        if not name or user is None:
            raise CommandError(f"--wrote needs NAME=ACCOUNT, not {pair!r}.")
        return name.strip(), user

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
