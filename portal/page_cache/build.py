"""A short name for what makes the pages: other templates, code or settings give another name."""

from functools import cache
from hashlib import blake2b
from pathlib import Path

from django.conf import settings

_PLACES = (("templates", "*.html"), ("portal/locale", "*.mo"), ("portal/formats", "*.py"))
_CODE = ("articles", "inquiries", "portal")


@cache
def build() -> str:
    """Go by content: two machines with the same release agree. The files are read on first use."""
    found = blake2b(repr(settings.CLINIC).encode(), digest_size=8)
    base = Path(settings.BASE_DIR)
    files = [file for place, kind in _PLACES for file in (base / place).rglob(kind)]
    files += [file for place in _CODE for file in (base / place).rglob("*.py")]
    files.append(Path(settings.STATIC_ROOT, "staticfiles.json"))
    for file in sorted(set(files)):
        if file.exists():
            found.update(file.read_bytes())
    return found.hexdigest()
