"""Objects that take a third of a second to build: one process builds them, and all share them.

They are cached under a hash of what they were built from. If the shared cache has lost one or is
unavailable, it is built again: that costs time but nothing else.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

from django.core.cache import cache as shared_cache

from articles import text_cleaning
from inquiries.search import normalization

Built = TypeVar("Built")
_HERE = Path(__file__).parent
#: In seconds. Entries left behind by an edited list expire on their own.
_LIFETIME = 30 * 24 * 60 * 60


def build_once(name: str, source: str, build: Callable[[], Built]) -> Built:
    """Return the cached result for `source`, or build it and cache it."""
    key = f"danger:{name}:{hashlib.sha256((_code_digest() + source).encode()).hexdigest()}"
    built: Built | None = shared_cache.get(key)
    if built is None:
        built = build()
        shared_cache.set(key, built, _LIFETIME)
    return built


@cache
def _code_digest() -> str:
    """Hash everything that affects the result, so that each release builds its own."""
    files = [*sorted(_HERE.glob("*.py")), *sorted(_HERE.glob("*.txt"))]
    files += [Path(str(each.__file__)) for each in (normalization, text_cleaning)]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
