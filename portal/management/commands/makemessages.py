"""The catalogs hold what readers and senders meet; staff work in English."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.commands import makemessages

#: What only staff, editors and operators see. A message that a sender meets, too, is found where
#: it stands for them.
STAFF_ONLY = (
    "templates/account",
    "templates/admin",
    "templates/mfa",
    "templates/socialaccount",
    "templates/usersessions",
    "articles/admin",
    "articles/checking",
    "articles/editing",
    "articles/forms",
    "articles/images",
    "inquiries/admin",
    "inquiries/contact",
    "inquiries/ledger",
    "inquiries/reports",
    "inquiries/search",
    "inquiries/team",
    "inquiries/triage",
    "inquiries/views/staff",
    "portal/accounts",
    "portal/config",
    "portal/doctor",
    "portal/management",
    "tests",
    ".*",
)


class Command(makemessages.Command):
    """`manage.py makemessages --all`, without line numbers: a moved line is no changed message."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(
            ignore_patterns=[], no_obsolete=True, no_wrap=False, add_location="never"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        options["ignore_patterns"] = [*options["ignore_patterns"], *STAFF_ONLY]
        super().handle(*args, **options)
