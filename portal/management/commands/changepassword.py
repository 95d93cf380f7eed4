"""Django's command, which also records the change and ends the account's sessions."""

import getpass
from typing import Any

from django.contrib.auth.management.commands import changepassword
from django.db import transaction

from portal.accounts import audit, sessions
from portal.models import User


class Command(changepassword.Command):
    def handle(self, *args: Any, **options: Any) -> str | None:
        said = super().handle(*args, **options)
        user = User.objects.get(username=options["username"] or getpass.getuser())
        with transaction.atomic():
            audit.record_password_set(user, by=None)
            sessions.end_everything(user, why="password_changed")
        return said
