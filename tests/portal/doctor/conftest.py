"""Whole installations, one on each database, which tests copy and break."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres
from tests.portal.doctor.installation import Installation, whole, whole_on_postgresql


@pytest.fixture(scope="package")
def on_sqlite(
    tmp_path_factory: pytest.TempPathFactory, new_database: Path
) -> Iterator[Installation]:
    with whole(tmp_path_factory.mktemp("whole"), database=new_database) as installation:
        yield installation


@pytest.fixture(scope="package")
def on_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    try:
        with whole_on_postgresql(tmp_path_factory.mktemp("whole")) as installation:
            yield installation
    except postgres.NotInstalledError:
        pytest.skip("no PostgreSQL on this machine")
