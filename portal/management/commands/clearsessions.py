"""Django's command, which also deletes all other sign-in data that has expired."""

from typing import Any

from django.contrib.sessions.management.commands import clearsessions
from django.utils import timezone

from portal.accounts import failures, sessions
from portal.http import attempts
from portal.models import TrustedBrowser


class Command(clearsessions.Command):
    help = "Delete expired sessions, attempt counts, and trusted browsers."

    def handle(self, **options: Any) -> None:
        super().handle(**options)
        attempts.delete_ended_counts()
        failures.close_ended_tallies()
        sessions.delete_records_of_ended()
        TrustedBrowser.objects.filter(ends_at__lte=timezone.now()).delete()
