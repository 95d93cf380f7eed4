"""The files of a picture: what is taken, what is made of it, and what the files are called."""

from collections.abc import Iterable

#: Of an upload, as it comes.
MAX_BYTES = 10_000_000
MIN_WIDTH = 320
#: Endings with their MIME types, the best first.
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
#: At most, of what browsers get that know of no choice.
FALLBACK_WIDTH = 960


def file_names(digest: str, widths: Iterable[int]) -> list[str]:
    """All that are made of one picture."""
    return [file_name(digest, width, ending) for width in widths for ending in TYPES]


def file_name(digest: str, width: int, ending: str) -> str:
    return f"{digest}-{width}.{ending}"
