"""Fixtures: the sender of one request, before and after proving who they are."""

from typing import TYPE_CHECKING

import pytest

# Imported inside the fixtures, because Django is not set up until this file has been read.
if TYPE_CHECKING:
    from django.test import Client

    from inquiries.models import Inquiry


@pytest.fixture
def client() -> "Client":
    from tests.inquiries.private_page.browser import Browser

    return Browser()


@pytest.fixture
def inquiry() -> "Inquiry":
    from tests.factories import make_inquiry

    return make_inquiry(email="ana@example.org")


@pytest.fixture
def token(inquiry: "Inquiry") -> str:
    from inquiries import private_links

    return private_links.create_link(inquiry)


@pytest.fixture
def at_the_door(client: "Client", token: str) -> "Client":
    """The link has been opened, but no detail has been given yet."""
    client.get(f"/care-coordinator/request/{token}/")
    return client


@pytest.fixture
def ana(at_the_door: "Client") -> "Client":
    from tests.inquiries.private_page.browser import prove

    prove(at_the_door)
    return at_the_door
