"""Reads what an operator sets: environment variables, or the file that the demo keeps.

A secret may also come from a file, from a credential of systemd, or (the field keys) from a
command, so that it is in no environment. An error names the variable and never its value.
"""

import base64
import binascii
import os
import re
import stat
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

#: Written by `make demo` into PORTAL_DATA_DIR, readable by its owner only.
DEMO_FILE = "demo.env"
CHECKOUT = Path(__file__).resolve().parents[2]
#: NAME_FILE may name a file with the value, and systemd may pass it as the credential `name`
#: (LoadCredential= in https://www.freedesktop.org/software/systemd/man/systemd.exec.html).
SECRETS = (
    *("SECRET_KEY", "FIELD_KEYS", "DATABASE_URL", "CACHE_URL", "EMAIL_URL", "OIDC_CLIENT_SECRET"),
    *("PORTAL_BOUNCE_MAILBOX", "PORTAL_BOUNCE_SECRET", "PORTAL_ALARM_URL", "SENTRY_DSN"),
)
#: Seconds that FIELD_KEYS_COMMAND may take.
COMMAND_SECONDS = 30
#: By variable, the files that this process read secrets from: the doctor checks who can read them.
secret_files: dict[str, Path] = {}


def data_dir() -> Path:
    """Where this installation keeps its files: PORTAL_DATA_DIR, or `.data` in the checkout."""
    return Path(text("PORTAL_DATA_DIR", str(CHECKOUT / ".data"))).resolve()


def keep_private(folder: Path) -> None:
    """Keep what this process writes, and what is already there, from other users of the machine.

    The folder itself is created if missing; an existing one stays open to those who share it.
    """
    os.umask(0o077)
    with suppress(OSError):  # `troubles.describe` tells whoever needs the folder
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.iterdir():
            if path.is_symlink():
                continue
            mode = 0o700 if path.is_dir() else 0o600
            if path.stat().st_mode & 0o777 != mode:
                path.chmod(mode)


def load_demo_file(folder: Path) -> None:
    """Use the demo's secrets for whatever the environment leaves unset.

    Only where SECRET_KEY itself is unset: a process with its own secrets is not the demo, and must
    not pick up the demo's looser settings from a leftover file.
    """
    path = folder / DEMO_FILE
    if not path.is_file() or text("SECRET_KEY"):
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, separator, value = line.partition("=")
        if separator:
            os.environ.setdefault(name, value)


def is_demo(folder: Path) -> bool:
    """Whether this process runs with the demo's secrets."""
    path = folder / DEMO_FILE
    secret = text("SECRET_KEY")
    return path.is_file() and f"SECRET_KEY={secret}" in path.read_text("utf-8").splitlines()


def text(name: str, default: str = "") -> str:
    value = _secret(name) if name in SECRETS else os.environ.get(name, "")
    return value.strip() or default


def _secret(name: str) -> str:
    """Return a secret from wherever it was put; empty for nowhere.

    Raise ImproperlyConfigured if it was put in two places: one of them is out of date, and nobody
    knows which.
    """
    places = [each for each in (name, f"{name}_FILE") if os.environ.get(each, "").strip()]
    if name == "FIELD_KEYS" and os.environ.get("FIELD_KEYS_COMMAND", "").strip():
        places.append("FIELD_KEYS_COMMAND")
    credential = Path(os.environ.get("CREDENTIALS_DIRECTORY", ""), name.lower())
    if credential.is_absolute() and credential.exists():
        places.append(f"the systemd credential {name.lower()}")
    if len(places) > 1:
        raise ImproperlyConfigured(f"{' and '.join(places)} are both given. Keep only one of them.")
    if not places or places == [name]:
        return os.environ.get(name, "")
    if places == [f"{name}_FILE"]:
        return _read_secret(name, places[0], Path(os.environ[places[0]].strip()))
    if places == ["FIELD_KEYS_COMMAND"]:
        return _run_command(os.environ[places[0]].strip())
    return _read_secret(name, places[0], credential)


def _read_secret(name: str, place: str, path: Path) -> str:
    """The path is not repeated: somebody may have put the secret itself in its place."""
    trouble = "which is empty. Write the secret into it."
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            trouble = "which is not a plain file."  # reading a pipe could wait forever
        elif value := path.read_text(encoding="utf-8").strip():
            secret_files[name] = path
            return value
    except OSError as error:
        trouble = f"which can't be read: {os.strerror(error.errno or 0)}."
    except UnicodeDecodeError:
        trouble = "which is not text."
    raise ImproperlyConfigured(f"{place} names a file {trouble}")


@lru_cache(maxsize=1)
def _run_command(command: str) -> str:
    """Return what it prints, without a shell, once in a process. Its output appears nowhere."""
    import shlex  # only an installation with such a command needs them
    import subprocess

    try:
        ran = subprocess.run(  # noqa: S603 - the operator's own command
            shlex.split(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=COMMAND_SECONDS,
            check=True,
        )
        if value := ran.stdout.decode().strip():
            return value
        trouble = "printed nothing"
    except subprocess.TimeoutExpired:
        trouble = f"took longer than {COMMAND_SECONDS} seconds"
    except subprocess.CalledProcessError as error:
        trouble = f"failed with status {error.returncode}"
    except UnicodeDecodeError:
        trouble = "printed something other than text"
    except (OSError, ValueError):
        trouble = "can't be started"
    raise ImproperlyConfigured(
        f"FIELD_KEYS_COMMAND {trouble}. Run it by hand, as the user that serves the site."
    )


def required(name: str, hint: str) -> str:
    """Return its value. Raise ImproperlyConfigured, naming the variable, if it is not set."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {hint}")
    return value


def flag(name: str, *, default: bool) -> bool:
    """Read `on` or `off` (also 1/0, true/false, yes/no); anything else is refused."""
    value = text(name, "on" if default else "off").lower()
    if value in {"on", "1", "true", "yes"}:
        return True
    if value in {"off", "0", "false", "no"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}. Set it to on or off.")


def choice(name: str, allowed: list[str]) -> str:
    """Read one of the allowed words; the first is the default."""
    value = text(name, allowed[0]).lower()
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to {' or '.join(allowed)}.")
    return value


def number(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to a whole number.")
    if int(value) < least:
        raise ImproperlyConfigured(f"{name} is {value}. Set it to {least} or more.")
    if most is not None and int(value) > most:
        raise ImproperlyConfigured(f"{name} is {value}. Set it to {most} or less.")
    return int(value)


def numbers(name: str, defaults: dict[str, int]) -> dict[str, int]:
    """Read comma-separated `key=number` pairs; keys that are left out keep their defaults.

    Raise ImproperlyConfigured for an unknown key, a repeated key, and any number but a whole one
    from 1 to 99999.
    """
    found: dict[str, int] = {}
    for word in words(name):
        key, _, value = word.partition("=")
        if key not in defaults or not re.fullmatch(r"[1-9][0-9]{0,4}", value):
            raise ImproperlyConfigured(
                f"{name} has {word!r}. Write key=number. The key is one of {', '.join(defaults)}, "
                "and the number is a whole number from 1 to 99999."
            )
        if key in found:
            raise ImproperlyConfigured(f"{name} has {key!r} twice. List it once.")
        found[key] = int(value)
    return {**defaults, **found}


def words(name: str, default: str = "") -> list[str]:
    """Read comma-separated values."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


_SHORTEST_SECRET = 32


def secret(name: str) -> str:
    """Read a secret that others send us; empty if it is not set."""
    value = text(name)
    if value and (len(value) < _SHORTEST_SECRET or not re.fullmatch(r"[A-Za-z0-9_-]+", value)):
        raise ImproperlyConfigured(
            f"{name} isn't {_SHORTEST_SECRET} or more letters, digits, hyphens, and underscores."
        )
    return value


def keys(name: str, hint: str, *, length: int = 32) -> list[bytes]:
    """Read comma-separated keys of `length` bytes in URL-safe base64, padding optional."""
    found = []
    # In a file, each may have a line of its own.
    for number, word in enumerate(re.split(r"\s*[,\n]\s*", required(name, hint)), start=1):
        text = word.strip().rstrip("=")
        try:
            key = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != length:  # say which key it is, never its value
            raise ImproperlyConfigured(f"{name}: key {number} is not {length} bytes. {hint}")
        found.append(key)
    if len(set(found)) < len(found):
        raise ImproperlyConfigured(f"{name} has the same key twice. {hint}")
    return found
