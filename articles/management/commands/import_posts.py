"""Reads posts from files as drafts; publishes them where asked, through the review verbs."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from articles.importing import NO_INTERESTS, import_post, is_worked_on, publish_at_once
from articles.models import Article
from articles.posts import MAX_BYTES, Malformed
from articles.states import Refused

if TYPE_CHECKING:
    from portal.models import User


class Command(BaseCommand):
    help = "Import posts as drafts: plain blog posts, or Markdown with front matter."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen and change nothing"
        )
        parser.add_argument(
            "--publish", action="store_true", help="publish each, --reviewer vouching for it"
        )
        parser.add_argument("--author", metavar="NAME", help="the account that wrote the posts")
        parser.add_argument("--reviewer", metavar="NAME", help="the account that reviewed them")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["publish"] and not (options["author"] and options["reviewer"]):
            raise CommandError("--publish needs --author and --reviewer: two different people.")
        author = self._staff(options["author"])
        reviewer = self._staff(options["reviewer"]) if options["publish"] else None
        tally: Counter[str] = Counter()
        for path in options["files"]:
            tally[self._import(path, author, reviewer, dry_run=options["dry_run"])] += 1
        counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(tally.items()))
        dry = " (dry run: nothing was changed)" if options["dry_run"] else ""
        self.stdout.write(f"{tally.total()} files: {counts}{dry}")
        if tally["faulty"] or tally["refused"]:
            raise SystemExit(1)

    def _import(
        self, path: Path, author: "User | None", reviewer: "User | None", *, dry_run: bool
    ) -> str:
        """One file in a transaction of its own, so that a bad one leaves nothing behind."""
        try:
            with path.open("rb") as file:
                raw = file.read(MAX_BYTES + 1)
            with transaction.atomic():
                article, outcome = import_post(
                    raw, source=str(path.resolve()), by=author, interests=NO_INTERESTS
                )
                self.stdout.write(f"{outcome}: {article.title} ({path})")
                refused = bool(
                    author and reviewer and not self._publish(article, path, author, reviewer)
                )
                transaction.set_rollback(dry_run)
        except Malformed as error:
            self.stderr.write(f"{path}:{error.line}: {error.reason}")
            return "faulty"
        except Refused as error:
            self.stderr.write(f"{path}: {error}")
            return "refused"
        except OSError as error:
            self.stderr.write(f"{path}: {error.strerror}")
            return "faulty"
        return "refused" if refused else outcome

    def _publish(self, article: Article, path: Path, author: "User", reviewer: "User") -> bool:
        """Whether it stands published in the end; if not, it stays a draft and the reasons show.

        What was imported earlier and worked on since is not published by its file: it was
        retired, or holds words that the named reviewer never saw.
        """
        if article.is_live and not article.has_draft:
            return True
        if is_worked_on(article):
            self.stderr.write(f"{path}: stays a draft: somebody worked on it here since.")
            return False
        try:
            publish_at_once(article, author=author, reviewer=reviewer)
        except Refused as error:
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
