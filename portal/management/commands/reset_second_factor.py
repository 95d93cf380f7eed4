"""Removes the second factor of someone who has lost it."""

from argparse import ArgumentParser
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.accounts import audit, sessions
from portal.models import ProviderBinding, User


class Command(BaseCommand):
    help = (
        "Remove every authenticator app, passkey, and recovery code from a staff account and sign "
        "it out everywhere. They set up a new second factor the next time they sign in. This goes "
        "on the audit trail. First confirm who is asking, and set a new password if someone else "
        "may know the old one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="the user name they sign in with")
        parser.add_argument(
            "--unbind",
            action="store_true",
            help="also forget their identity provider account; the next sign-in there is matched "
            "by email address again",
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["name"]).first()
        if user is None:
            raise CommandError(f"There is no account named {options['name']!r}.")
        removed, _ = Authenticator.objects.filter(user=user).delete()
        if options["unbind"]:
            SocialAccount.objects.filter(user=user).delete()
            ProviderBinding.objects.filter(user=user).delete()
        ended = sessions.end_everything(user, why="factor_reset")
        audit.record_factors_reset(user, count=removed, unbound=options["unbind"])
        self.stdout.write(f"{user.username}: {removed} removed, {ended} sessions ended")
