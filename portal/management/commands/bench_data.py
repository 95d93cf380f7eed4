"""Fills the database for performance measurements."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portal.models import Role, User
from tests.bench import articles, inquiry_shares

_OWNERS = 5


class Command(BaseCommand):
    help = (
        "Top up to N realistic published articles and N requests in all states, each made from "
        "its number. No mail or notice is sent. Never use this on a database in production."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--articles", type=int, default=0, metavar="N")
        parser.add_argument("--inquiries", type=int, default=0, metavar="N")

    def handle(self, *args: Any, **options: Any) -> None:
        started_at = time.monotonic()
        made = articles.top_up(
            options["articles"],
            author=_account("bench-editor", Role.EDITOR),
            reviewer=_account("bench-reviewer", Role.REVIEWER),
            tell=lambda count: self._tell("articles", count),
        )
        made += inquiry_shares.top_up(
            options["inquiries"],
            owners=[
                _account(f"bench-coordinator-{number}", Role.COORDINATOR)
                for number in range(1, _OWNERS + 1)
            ],
            tell=lambda count: self._tell("requests", count),
        )
        self.stdout.write(f"{made:,} made in {time.monotonic() - started_at:.1f} s")

    def _tell(self, what: str, count: int) -> None:
        self.stderr.write(f"{count:,} {what}")


def _account(name: str, role: Role) -> User:
    """Return an account to own what is made; nobody can sign in with it."""
    known = User.objects.filter(username=name).first()
    return known or User.objects.create_user(name, role=role, is_active=False)
