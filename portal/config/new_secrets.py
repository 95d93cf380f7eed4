"""`python -m portal.config.new_secrets FILE`: creates an installation's secrets, and prints none.

Anything on a command line is kept in the shell's history and shown to others by `ps`, and anything
printed stays in a terminal. A file that only its owner can read avoids both.
"""

import os
import re
import secrets
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

from portal.config.environment import CHECKOUT

_FIELD_KEYS = re.compile(r"^FIELD_KEYS=(.*)$", re.MULTILINE)
# The file that FIELD_KEYS_FILE names holds nothing else.
_KEYS_ALONE = re.compile(r"\s*([\w-]{43}=?(?:\s*[,\n]\s*[\w-]{43}=?)*)\s*")


def main() -> None:
    parser = ArgumentParser(prog="python -m portal.config.new_secrets", description=__doc__)
    parser.add_argument("file", type=Path, help="a new settings file, such as /etc/portal.env")
    parser.add_argument(
        "--field-key",
        nargs="?",
        const="first",
        choices=list(_PLACES),
        help="to rotate keys in an existing file: add a new key in front of FIELD_KEYS, or as the "
        "last, or move the last to the front",
    )
    given = parser.parse_args()
    if given.field_key:
        _change_field_keys(given.file, given.field_key)
    else:
        _make_file(given.file)


def _make_file(file: Path) -> None:
    if file.exists():
        sys.exit(f"{file} already exists. Its secrets were not changed.")
    text = (CHECKOUT / ".env.example").read_text(encoding="utf-8")
    text = text.replace("\nSECRET_KEY=\n", f"\nSECRET_KEY={secrets.token_urlsafe(50)}\n")
    text = text.replace("\nFIELD_KEYS=\n", f"\nFIELD_KEYS={_new_field_key()}\n")
    _write(file, text)
    sys.stdout.write(
        f"{file} has a new SECRET_KEY and FIELD_KEYS. Fill in the rest. Keep two copies of "
        "FIELD_KEYS away from this machine and its backups.\n"
    )


def _change_field_keys(file: Path, place: str) -> None:
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    found = _FIELD_KEYS.search(text) or _KEYS_ALONE.fullmatch(text)
    if not found:
        sys.exit(f"{file} has no line FIELD_KEYS=… to add a key to.")
    change, what, then = _PLACES[place]
    keys = change([key.strip() for key in re.split(r"[,\n]", found[1])])
    _write(file, f"{text[: found.start(1)]}{','.join(keys)}{text[found.end(1) :]}")
    sys.stdout.write(f"{file} {what} {then}\n")


def _new_field_key() -> str:
    return secrets.token_urlsafe(32)


#: What each word of --field-key does, what it says about that, and what comes next.
_PLACES: dict[str, tuple[Callable[[list[str]], list[str]], str, str]] = {
    "first": (
        lambda keys: [_new_field_key(), *keys],
        "has one more key in FIELD_KEYS. Save a copy elsewhere, restart every process,",
        "then run manage.py rotate_keys.",
    ),
    "last": (
        lambda keys: [*keys, _new_field_key()],
        "has one more key in FIELD_KEYS, the last: nothing is sealed with it yet. Save a copy",
        "elsewhere, restart every process, then run this with --field-key=raise.",
    ),
    "raise": (
        lambda keys: [keys[-1], *keys[:-1]],
        "has the last of FIELD_KEYS in front. Restart every process,",
        "then run manage.py rotate_keys.",
    ),
}


def _write(file: Path, text: str) -> None:
    """Write all or nothing, readable by its owner alone, whatever the umask."""
    draft = file.with_name(f".{file.name}.new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:  # noqa: PTH123
        opened.write(text)
    draft.replace(file)


if __name__ == "__main__":
    main()
