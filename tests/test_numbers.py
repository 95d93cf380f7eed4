"""Numbers that limit work, pages or time, and that a page test could check only at high cost.

Whoever changes one has a reason, and checks who reads it. Rules with a limit that can be tested
are in the tests of their folder.
"""

from datetime import timedelta
from hashlib import sha256
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import password_validation

from inquiries.intake.consent import CONSENT_TEXTS

NUMBERS: dict[str, Any] = {
    # Pages and lists are read by people.
    "inquiries.triage.pagination:PAGE_SIZE": 50,
    "inquiries.search.lookup:LONGEST_TYPED": 254,  # of an email address: RFC 5321, 4.5.3.1.3
    "inquiries.views.staff.access_log:REVIEW_PERIOD": timedelta(days=30),
    "articles.views.pagination:PAGE_SIZE": 20,
    "articles.views.articles:RELATED": 3,
    "articles.reading.feeds:LENGTH": 20,
    "articles.search.lookup:MOST_IN_A_LIST": 20,
    "articles.search.query:MAX_LENGTH": 200,
    "portal.views.search:PER_PAGE": 10,
    "articles.admin.articles:_MOST_DUE": 100,
    # Pages that refresh themselves, in seconds.
    "inquiries.views.staff.queue:REFRESH_SECONDS": 60,
    "inquiries.views.staff.request:PULSE_SECONDS": 20,
    # How old cached data of a process may be, in seconds.
    "articles.process_cache:MINUTE": 60,
    "portal.page_cache.versions:TOLD_AFTER": 5.0,
    "portal.page_cache.versions:CARE_ONLY_AFTER": 7200,
    "portal.page_cache.database:_COPY_LIFETIME": 604_800,
    # One round of the worker must not delay other work.
    "inquiries.triage.sweep:_MOST": 5000,
    "inquiries.triage.sweep:_LONGEST": timedelta(seconds=5),
    "inquiries.triage.sweep:_SHOWN": 500,
    "inquiries.worker.worker:INTERVAL": 1.0,
    # Limits for a calendar that is almost never open.
    "inquiries.deadlines.business_hours:LONGEST_CLOSED": timedelta(days=365),
    "inquiries.deadlines.business_hours:LONGEST_COUNTED": timedelta(days=1830),
    "inquiries.intake.reception:_ATTEMPTS": 5,
    # AES-256-GCM keys and nonces, in bytes: NIST SP 800-38D.
    "inquiries.encryption:KEY_BYTES": 32,
    "inquiries.encryption:_NONCE_BYTES": 12,
    # Size limits of articles and pictures.
    "articles.content:MAX_BODY_LENGTH": 200_000,
    "articles.images.processing:MAX_BYTES": 10_000_000,
    "articles.images.processing:MAX_PIXELS": 50_000_000,
    "articles.posts.post:MAX_BYTES": 1_000_000,
    "articles.bibliography.decoding:MAX_BYTES": 1_000_000,
    "articles.bibliography.parsing:MAX_ENTRIES": 200,
}

#: Seconds, and how many codes before and after the current one are valid.
SIGN_IN = {
    "SESSION_COOKIE_AGE": 43_200,
    "ACCOUNT_REAUTHENTICATION_TIMEOUT": 300,
    "EMAIL_TIMEOUT": 20,
    "MFA_TOTP_TOLERANCE": 1,
}

#: Hashes of the words that people agreed to. A shown version is never changed: add the next one.
SHOWN = {
    "2026-11": "023b6cfe6cc707ff",
    "2026-11-23": "e44375a6632850e4",
    "2026-11-23-2": "528b32562f5d3cab",
    "2026-11-29": "2ad174dd642f7dff",
    "2026-11-29-es": "6704da89da09d066",
}


@pytest.mark.parametrize(("where", "number"), NUMBERS.items())
def test_numbers_match_what_was_decided(where: str, number: Any) -> None:
    module, name = where.split(":")
    assert getattr(import_module(module), name) == number


@pytest.mark.parametrize(("name", "number"), SIGN_IN.items())
def test_sign_in_settings_match_what_was_decided(name: str, number: int) -> None:
    assert getattr(settings, name) == number


def test_a_password_has_at_least_twelve_characters() -> None:
    validators = password_validation.get_default_password_validators()
    assert vars(validators[0]) == {"min_length": 12}


@pytest.mark.parametrize(("version", "digest"), SHOWN.items())
def test_a_consent_text_that_was_shown_never_changes(version: str, digest: str) -> None:
    assert sha256(CONSENT_TEXTS[version].encode()).hexdigest()[:16] == digest


def test_every_consent_text_shown_is_recorded_here() -> None:
    assert set(SHOWN) == set(CONSENT_TEXTS)
