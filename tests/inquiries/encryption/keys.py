"""An operator's keys, and restarts with them."""

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.test import override_settings

from inquiries.keyring import purpose_key
from inquiries.models import DataKey, PurposeKey

REPOSITORY = Path(__file__).resolve().parents[3]
FIRST, SECOND, THIRD = (bytes([number]) * 32 for number in (1, 2, 3))


def written(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode()


@contextmanager
def field_keys(*newest_first: bytes) -> Iterator[None]:
    """Run the block as after a restart with these FIELD_KEYS."""
    purpose_key.cache_clear()
    with override_settings(FIELD_KEYS=list(newest_first)):
        yield
    purpose_key.cache_clear()


def manage(*arguments: str, folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py as an operator does, with only this environment."""
    return run([sys.executable, "manage.py", *arguments], folder, env)


def run(command: list[str], folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=REPOSITORY,
        env={
            "PATH": os.environ["PATH"],
            "PORTAL_DATA_DIR": str(folder),
            "SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
            "ALLOWED_HOSTS": "portal.example",
            **env,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def wrapped() -> dict[Any, tuple[bytes, str]]:
    return {
        (model.__name__, key.pk): (bytes(key.wrapped), key.wrapped_by)
        for model in (PurposeKey, DataKey)
        for key in model.objects.all()
    }
