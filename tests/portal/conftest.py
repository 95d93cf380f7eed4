"""The site as it is run, once for all tests that ask it over the wire."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.portal import real_site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, new_database: Path) -> Iterator[real_site.Site]:
    """With the settings of production, on SQLite whatever the other tests run on."""
    folder = tmp_path_factory.mktemp("site")
    with real_site.running(
        folder, "tests.portal.faulty:application", database=new_database
    ) as site:
        yield site
