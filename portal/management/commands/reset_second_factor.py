"""Takes somebody's second factor away, where she has lost it."""

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
        "Remove every app, passkey and recovery code of a staff account and end its sessions; she "
        "sets up a new second factor when she signs in next. The audit trail keeps it. Make sure "
        "first that it is she who asks, and give her a new password where the old one may be known."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="what she signs in with")
        parser.add_argument(
            "--unbind",
            action="store_true",
            help="also forget whom the identity provider says she is: her address counts once more",
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
