"""Files of one test alone, and a database that becomes what it was."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

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


@pytest.fixture(autouse=True)
def _weekend() -> Iterator[None]:
    """Have the clinic closed: the worker sends no digest, only the mails of the test."""
    now = timezone.localtime()
    days = (6 - now.weekday()) % 7
    with time_machine.travel((now + timedelta(days=days)).replace(hour=12)):
        yield


@pytest.fixture
def lose(django_capture_on_commit_callbacks: Any) -> Lose:
    @contextmanager
    def losing() -> Iterator[None]:
        place = transaction.savepoint()
        with django_capture_on_commit_callbacks(execute=True):
            yield
        transaction.savepoint_rollback(place)

    return losing
