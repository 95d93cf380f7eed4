"""The site run as in production, once for all tests that talk to it over the network."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.portal import real_site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, new_database: Path) -> Iterator[real_site.Site]:
    """Run with production settings, and on SQLite whatever the other tests use."""
    folder = tmp_path_factory.mktemp("site")
    with real_site.running(
        folder, "tests.portal.faulty:application", database=new_database
    ) as site:
        yield site
