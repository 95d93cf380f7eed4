"""A fixture for a coordinator at work."""

from typing import TYPE_CHECKING

import pytest

# Imported inside the fixtures, because Django is not set up until this file has been read.
if TYPE_CHECKING:
    from django.test import Client

    from portal.models import User


@pytest.fixture
def at_work(client: "Client", coordinator: "User") -> "Client":
    client.force_login(coordinator)
    return client
