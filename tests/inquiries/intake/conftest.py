"""Fixtures: topics without a cache, the sender of a form, and a stranger who knows its key."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

# Imported inside the fixtures, because Django is not set up until this file has been read.
if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture
def sender() -> "Client":
    """The sender, in the browser that sent the request."""
    from django.test import Client

    from tests.inquiries.intake.sendings import send

    client = Client()
    send(client, email="ana@example.org")
    return client


@pytest.fixture
def stranger(sender: "Client") -> "Client":
    """A stranger who knows the key of the form that was sent, and nothing else."""
    from django.test import Client

    return Client()


@pytest.fixture(autouse=True)
def _topics_read_anew() -> Iterator[None]:
    from inquiries.intake import topics

    topics.clear_cache()
    yield
    topics.clear_cache()
