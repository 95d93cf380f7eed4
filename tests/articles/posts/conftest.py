"""The sample posts written to files."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.articles.posts.samples import MARKDOWN, POST


@pytest.fixture
def post(tmp_path: Path) -> Path:
    path = tmp_path / "slippers.txt"
    path.write_text(POST, encoding="utf-8")
    return path


@pytest.fixture
def markdown(tmp_path: Path) -> Path:
    path = tmp_path / "magnets.md"
    path.write_text(MARKDOWN, encoding="utf-8")
    return path


@pytest.fixture
def own_media(settings: LazySettings, tmp_path: Path) -> Path:
    """A folder of uploads that no other test uses."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"
