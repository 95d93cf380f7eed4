"""The topics read anew; who sends a form, and who only knows its key."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

# Within the fixtures, because Django is set up only when this file has been read.
if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture
def sender() -> "Client":
    """Who sent the request, in the browser that sent it."""
    from django.test import Client

    from tests.inquiries.intake.sendings import send

    client = Client()
    send(client, email="ana@example.org")
    return client


@pytest.fixture
def stranger(sender: "Client") -> "Client":
    """Knows the key of the form that was sent, and nothing else."""
    from django.test import Client

    return Client()


@pytest.fixture(autouse=True)
def _topics_read_anew() -> Iterator[None]:
    from inquiries.intake import topics

    topics.clear_cache()
    yield
    topics.clear_cache()
