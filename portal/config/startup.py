"""Checks when the site starts: whether the keys fit, and which settings have changed."""

import logging
from importlib import import_module

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.template import engines
from django.urls import get_resolver
from django.utils.formats import get_format
from phonenumbers import PhoneMetadata

from inquiries import keyring
from inquiries.danger import phrases
from inquiries.intake import spool
from inquiries.keyring import Purpose, purpose_key
from inquiries.ledger import audit_trail
from inquiries.models import AuditEntry, AuditTrail
from inquiries.models.ledger_chain import keyed_hash
from portal import __version__

logger = logging.getLogger(__name__)

#: Settings whose changes the privacy officer should see.
WATCHED_SETTINGS = (
    *("ALLOWED_HOSTS", "ANCHORS_FILE", "AUDIT_YEARS", "DEBUG", "HTTPS"),
    *("OIDC_MFA_ACR", "OIDC_SERVER_URL"),
    *(
        "OIDC_TRUST_MFA",
        "RATE_LIMITS_ENABLED",
        "RETENTION_DAYS",
        "STAFF_MFA_REQUIRED",
        "TRUSTED_BROWSER_HOURS",
        "SECURE_PROXY_SSL_HEADER",
    ),
)
#: Modules that Django and Python load by name, on first use.
_LATER = (
    "django.conf.locale.en.formats",
    "django.contrib.auth.context_processors",
    "django.contrib.messages.context_processors",
    "django.contrib.messages.storage.session",
    "django.contrib.sessions.serializers",
    "django.template.context_processors",
    "django.template.loaders.app_directories",
    "django.template.loaders.cached",
    "encodings.unicode_escape",
    "portal.accounts.passwords",
    "portal.formats.en.formats",
    "portal.formats.es.formats",
    "portal.http.context_processors",
    "portal.roles",
    "whitenoise.storage",
)


def guard_database() -> None:
    """Keep visitors from waiting for a database that does not answer."""
    if connection.vendor == "postgresql":
        import_module("portal.database.base").stop_waiting()


def check_startup() -> None:
    """Raise KeyRefused where FIELD_KEYS do not fit what the database or the spool holds.

    A database that cannot be reached now, or is not migrated yet, is left to `/healthz/ready`.
    """
    logger.info("started", extra={"version": __version__})
    spool.check_keys()
    phrases.load_patterns()  # ready before the first message, with or without a database
    try:
        keyring.check_keys()
        if keyring.has_keys():
            record_changed_settings()
    except DatabaseError:
        logger.warning("the database could not be asked at the start")


@transaction.atomic
def record_changed_settings() -> None:
    """Write an audit entry if a watched setting has changed since the last start.

    Values are left out: a keyed hash of each is enough to notice a change.
    """
    AuditTrail.objects.select_for_update().filter(pk=1).first()  # one worker at a time
    key = purpose_key(Purpose.CHAIN)
    now = {
        name: keyed_hash(key, ["setting", name, getattr(settings, name, None)])[:16]
        for name in WATCHED_SETTINGS
    }
    last = AuditEntry.objects.filter(kind=AuditEntry.Kind.SETTINGS_CHANGED).first()
    before = last.detail["prints"] if last else {}
    changed = [name for name in WATCHED_SETTINGS if before.get(name) != now[name]]
    if changed:
        audit_trail.record_entry(AuditEntry.Kind.SETTINGS_CHANGED, changed=changed, prints=now)


def load_rest() -> None:
    """Load what the first requests would otherwise load, so that nobody waits for an import."""
    _ = get_resolver().url_patterns
    _ = engines["django"]  # including the template tag libraries
    PhoneMetadata.metadata_for_region(settings.CLINIC.country)
    for language, _ in settings.LANGUAGES:
        get_format("DATE_FORMAT", language)
    for name in _LATER:
        import_module(name)
