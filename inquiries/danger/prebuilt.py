"""What takes a third of a second to build, built by one process and shared with the others.

It waits in the shared cache under what it was built from. Where the cache has lost it, or cannot
be asked, it is built again: nothing depends on it but time.
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
#: In seconds: what an edited list leaves behind goes by itself.
_LIFETIME = 30 * 24 * 60 * 60


def build_once(name: str, source: str, build: Callable[[], Built]) -> Built:
    """What `build` makes of `source`."""
    key = f"danger:{name}:{hashlib.sha256((_code_digest() + source).encode()).hexdigest()}"
    built: Built | None = shared_cache.get(key)
    if built is None:
        built = build()
        shared_cache.set(key, built, _LIFETIME)
    return built


@cache
def _code_digest() -> str:
    """Of all that decides what is built: another release builds its own."""
    files = [*sorted(_HERE.glob("*.py")), *sorted(_HERE.glob("*.txt"))]
    files += [Path(str(each.__file__)) for each in (normalization, text_cleaning)]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
