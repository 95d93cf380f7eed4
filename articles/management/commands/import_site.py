"""Brings in what `export_site` wrote, through the verbs that people use."""

from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from articles.archive import Archive, MalformedArchive, People, import_archive

if TYPE_CHECKING:
    from portal.models import User


class Command(BaseCommand):
    help = (
        "Bring in what is in FILE, a zip from `export_site`, and isn’t here yet. The reviewer "
        "approves it, and each article is published; one that is refused stays a draft."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--author", metavar="NAME", required=True, help="an editor's account")
        parser.add_argument(
            "--reviewer", metavar="NAME", required=True, help="a medical reviewer's account"
        )
        for person in ("author", "reviewer"):
            parser.add_argument(
                f"--{person}-interests",
                metavar="WORDS",
                default="",
                help=f"the conflicts of interest that the {person} declared, in their own words "
                "(“None” if that is what they said); without it, readers are told no one asked",
            )

    def handle(self, *args: Any, **options: Any) -> None:
        people = People(author=_staff(options["author"]), reviewer=_staff(options["reviewer"]))
        if people.author == people.reviewer:
            raise CommandError("The author and the reviewer are two different people.")
        interests = (options["author_interests"], options["reviewer_interests"])
        refused = 0
        try:
            with options["file"].open("rb") as file:
                for line in import_archive(Archive(file), people, interests=interests):
                    self.stderr.write(line)
                    refused += 1
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        except MalformedArchive as error:
            raise CommandError(f"{options['file']}: {error}") from error
        if refused:
            raise CommandError(f"{refused} parts were refused; the rest is here.")
        self.stdout.write("Everything is here.")


def _staff(name: str) -> "User":
    try:
        return get_user_model().objects.get(username=name)
    except get_user_model().DoesNotExist as error:
        raise CommandError(f"There is no account named {name!r}.") from error
