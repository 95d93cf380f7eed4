"""A short name for what makes the pages: other templates, code or settings give another name."""

from functools import cache
from hashlib import blake2b
from pathlib import Path

from django.conf import settings

_PLACES = (("templates", "*.html"), ("portal/locale", "*.mo"), ("portal/formats", "*.py"))
#: Settings that a page shows, or that its headers come from.
_SHOWN = (
    *("CLINIC", "RETENTION_DAYS", "HTTPS", "LANGUAGES", "PORTAL_URL", "TIME_ZONE", "STATIC_URL"),
    "SECURE_HSTS_SECONDS",
)
_CODE = ("articles", "inquiries", "portal")


@cache
def build() -> str:
    """By content: two machines with the same release have the same.

    Called when a process starts: files that a new release brings meanwhile are not its own.
    """
    shown = [(name, getattr(settings, name)) for name in _SHOWN]
    found = blake2b(repr(shown).encode(), digest_size=8)
    base = Path(settings.BASE_DIR)
    files = [file for place, kind in _PLACES for file in (base / place).rglob(kind)]
    files += [file for place in _CODE for file in (base / place).rglob("*.py")]
    files += [base / "requirements.txt", Path(settings.STATIC_ROOT, "staticfiles.json")]
    for file in sorted(set(files)):
        if file.exists():
            found.update(file.read_bytes())
    return found.hexdigest()
