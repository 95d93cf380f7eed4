"""The image of deploy/container/: built on a base of Debian's own packages, and asked for a page.

`make drill NAMES=image` needs root, mmdebstrap, buildah, and a Debian mirror. It builds without a
container runtime, so it shows what is in the image, and nothing of compose.yaml.
"""

import http.client
import json
import os
import secrets
import signal
import subprocess
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.deploy.files import NAME
from tests.deploy.machines import find_program, wait_until
from tests.drills import drill, need_programs, need_root_at_full_size
from tests.drills.fresh_debian import Debian, copy_repository
from tests.ports import free_port

#: Steps run in a changed root, and reach packages as this machine does.
_AS_HERE = ("--isolation", "chroot", "--network", "host")


@dataclass(frozen=True)
class Buildah:
    """Images and containers in a folder of their own."""

    folder: Path

    def words(self, *words: str) -> list[str]:
        places = ["--root", f"{self.folder}/images", "--runroot", f"{self.folder}/running"]
        return [find_program("buildah"), *places, "--storage-driver", "vfs", *words]

    def do(self, *words: str, fails: bool = False) -> str:
        """Return what it printed. Raise RuntimeError if it fails, or if it should and doesn't."""
        ran = subprocess.run(self.words(*words), capture_output=True, text=True, check=False)
        if bool(ran.returncode) != fails:
            raise RuntimeError(f"{words[-1]}\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}")
        return ran.stdout.strip()


@drill("The image is built on Debian's own packages, and serves the site without root's rights")
def run(folder: Path) -> None:
    """Raise RuntimeError or AssertionError if a step fails."""
    need_root_at_full_size()
    need_programs("buildah")
    with ExitStack() as stack:
        _run(stack, Buildah(folder), Debian(folder))


def _run(stack: ExitStack, buildah: Buildah, debian: Debian) -> None:
    debian.make()
    empty = buildah.do("from", "scratch")
    buildah.do("add", empty, str(debian.root), "/")
    buildah.do("commit", empty, "localhost/debian-base")
    source = copy_repository(buildah.folder)
    file = str(source / "deploy/container/Containerfile")
    base = "BASE=localhost/debian-base"
    buildah.do(
        "build", *_AS_HERE, "--build-arg", base, "--file", file, "--tag", "portal", str(source)
    )

    container = buildah.do("from", "localhost/portal")
    settings = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": secrets.token_urlsafe(32),
        "ALLOWED_HOSTS": NAME,
        "PORTAL_BEHIND_PROXY": "on",
    }
    given = [f"--env={name}={value}" for name, value in settings.items()]
    start = ["run", *_AS_HERE, *given, container, "--"]
    assert buildah.do(*start, "id", "--user") == "900"
    buildah.do(*start, "touch", "/opt/portal/manage.py", fails=True)
    for command in ("migrate", "collectstatic --no-input"):
        buildah.do(*start, ".venv/bin/python", "manage.py", *command.split())
    port = free_port()
    words = buildah.words(*start, *_command(buildah, port))
    stack.callback(subprocess.Popen(words).wait)
    stack.callback(_end, port)
    wait_until("the site answers", lambda: _ask(port, "/") == 200)
    assert _ask(port, "/care-coordinator/ask/") == 200


def _command(buildah: Buildah, port: int) -> list[str]:
    """Return what the image starts, on a port of this machine."""
    told = json.loads(buildah.do("inspect", "--type", "image", "localhost/portal"))
    words: list[str] = told["OCIv1"]["config"]["Cmd"]
    changed = {"0.0.0.0": "127.0.0.1", "8000": str(port)}  # noqa: S104 - what stands in the image
    return [changed.get(word, word) for word in words]


def _end(port: int) -> None:
    """End what was started with this port: the site runs in a session of its own."""
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if str(port).encode() in place.read_bytes().split(b"\0"):
                os.kill(int(place.parent.name), signal.SIGTERM)


def _ask(port: int, path: str) -> int:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        line.request("GET", path, headers={"Host": NAME, "X-Forwarded-Proto": "https"})
        return line.getresponse().status
    except OSError:
        return 0
    finally:
        line.close()
