"""Files of pictures: what uploads are accepted, which files are made from them, and their names."""

from collections.abc import Iterable

#: Limit for an upload as it arrives.
MAX_BYTES = 10_000_000
MIN_WIDTH = 320
#: File endings with their MIME types, best first.
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
#: The widest file, in pixels, for browsers that can't choose a size themselves.
FALLBACK_WIDTH = 960


def file_names(digest: str, widths: Iterable[int]) -> list[str]:
    """Return the names of all files made from one picture."""
    return [file_name(digest, width, ending) for width in widths for ending in TYPES]


def file_name(digest: str, width: int, ending: str) -> str:
    return f"{digest}-{width}.{ending}"
