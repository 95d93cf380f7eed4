"""Files of one test alone, and a database that becomes what it was."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

#: Everything in the block happens, is committed as far as the journal knows, and is then lost.
Lose = Callable[[], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def outside(tmp_path: Path, settings: Any) -> Path:
    """Return the folder of what is kept outside the database."""
    settings.JOURNAL_DIR = str(tmp_path / "journal")
    settings.SPOOL_DIR = str(tmp_path / "spool")
    settings.ANCHORS_FILE = str(tmp_path / "anchors.jsonl")
    settings.EMAIL_IS_SET = True
    return tmp_path


@pytest.fixture
def lose(django_capture_on_commit_callbacks: Any) -> Lose:
    @contextmanager
    def losing() -> Iterator[None]:
        place = transaction.savepoint()
        with django_capture_on_commit_callbacks(execute=True):
            yield
        transaction.savepoint_rollback(place)

    return losing
