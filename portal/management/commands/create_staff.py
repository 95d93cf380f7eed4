"""Creates a staff account."""

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction

from portal.accounts import audit
from portal.models import Role, User


class Command(BaseCommand):
    help = (
        "Create a staff account. The password is read from PORTAL_STAFF_PASSWORD or asked for, "
        "never taken from an argument, which others on the machine could read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="the user name to sign in with")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--email", default="")
        parser.add_argument("--first-name", default="", help="shown to readers of their articles")
        parser.add_argument("--last-name", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        password = os.environ.get("PORTAL_STAFF_PASSWORD") or getpass.getpass("Password: ")
        user = User(
            username=options["name"],
            email=options["email"],
            first_name=options["first_name"],
            last_name=options["last_name"],
            role=options["role"],
            is_staff=True,
        )
        try:
            validate_password(password, user)
            user.set_password(password)
            user.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        try:
            with transaction.atomic():
                user.save(force_insert=True)
                audit.record_new_account(user, by=None)
        except IntegrityError as error:
            raise CommandError(f"There is already an account named {user.username!r}.") from error
        self.stdout.write(f"{user.username}: {user.get_role_display()}")
