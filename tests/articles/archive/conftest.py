"""A folder of pictures for each test, and the two people who bring an archive in."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import LazySettings

if TYPE_CHECKING:  # settings are not loaded yet
    from articles.archive import People
    from portal.models import User


@pytest.fixture(autouse=True)
def own_media(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def people(editor: "User", reviewer: "User") -> "People":
    from articles.archive import People

    return People(author=editor, reviewer=reviewer)
