"""Fixtures: the privacy officer, and anchors for one test alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

# Imported inside the fixtures, because Django is not set up until this file has been read.
if TYPE_CHECKING:
    from django.test import Client

    from portal.models import User


@pytest.fixture
def officer() -> "User":
    from portal.models import Role
    from tests.factories import make_staff

    return make_staff(Role.PRIVACY)


@pytest.fixture
def on_duty(client: "Client", officer: "User") -> "Client":
    client.force_login(officer)
    return client


@pytest.fixture(autouse=True)
def anchors_of_its_own(tmp_path: Path) -> Iterator[Path]:
    from django.test import override_settings

    path = tmp_path / "elsewhere" / "anchors.jsonl"
    with override_settings(ANCHORS_FILE=str(path)):
        yield path
