"""Fixture of an installation under its first key."""

from collections.abc import Iterator

import pytest


@pytest.fixture
def under_the_first(db: None) -> Iterator[None]:
    """Set up an installation that has known only one key so far."""
    from inquiries import keyring
    from inquiries.models import PurposeKey
    from tests.inquiries.encryption.keys import FIRST, field_keys

    PurposeKey.objects.all().delete()
    with field_keys(FIRST):
        keyring.make_missing_keys()
        yield
