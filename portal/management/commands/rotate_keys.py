"""Wraps all keys with the newest of FIELD_KEYS; reseals what an older release sealed less well."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inquiries import encryption, keyring
from inquiries.intake import spool
from inquiries.ledger import audit_trail
from inquiries.models import AuditEntry
from portal.accounts import second_factor


class Command(BaseCommand):
    help = (
        "Wrap every key with the newest of FIELD_KEYS, so that the older ones can be removed. What "
        "they seal stays as it is, except second-factor secrets from before these were sealed for "
        "one account. If it is stopped, it continues from there."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = keyring.rotate_keys(
                on_progress=lambda count: self.stderr.write(f"{count:,} keys")
            )
            done += spool.rewrap_entries()
            keyring.check_keys()
            bound = second_factor.bind_secrets()
        except encryption.KeyRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        if done:
            audit_trail.record_entry(
                AuditEntry.Kind.KEYS_ROTATED, keys=done, newest=encryption.newest_key_id()
            )
        self.stdout.write(f"{done:,} keys wrapped by {encryption.newest_key_id()}; none by another")
        if bound:
            self.stdout.write(f"{bound:,} secrets of second factors sealed for their accounts")
