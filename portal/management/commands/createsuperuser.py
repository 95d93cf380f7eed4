"""Django's command, which also records the account and takes no weaker password than elsewhere."""

import os
from typing import Any

from django.contrib.auth.management.commands import createsuperuser
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from portal.accounts import audit
from portal.models import User


class Command(createsuperuser.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if not options["interactive"]:
            # Django checks only a password that was typed.
            _check(os.environ.get("DJANGO_SUPERUSER_PASSWORD", ""), options["username"])
        there = list(User.objects.values_list("pk", flat=True))
        super().handle(*args, **options)
        for user in User.objects.exclude(pk__in=there):
            audit.record_new_account(user, by=None)


def _check(password: str, name: str | None) -> None:
    if not password:  # The account then has no password, and cannot sign in with one.
        return
    try:
        validate_password(password, User(username=name or ""))
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
