"""Sources as people write them."""

import hashlib
import re

from articles.rendering.library import Source


def validate_key(key: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,59}", key):
        raise ValueError(f"{key!r} is no key")
    return key


def read_citation(line: str) -> Source:
    digest = hashlib.sha256(line.encode()).hexdigest()[:8]
    return Source(key=f"source-{digest}", title=line[:500])
