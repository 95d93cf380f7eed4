"""A new Debian, started with systemd, in which the commands of the manual alone install the portal.

`make drill NAMES=fresh_debian` makes it with mmdebstrap, starts systemd in namespaces of its
own, runs each ```sh block of docs/operations/installing.md in order, and uses the site. It needs
root, mmdebstrap, and a Debian mirror.
"""

import http.client
import re
import shutil
import ssl
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from tests.deploy.files import NAME, REPOSITORY, make_certificate
from tests.deploy.machines import find_program, wait_until
from tests.drills import drill, need_root_at_full_size

MANUAL = REPOSITORY / "docs/operations/installing.md"
#: Runs as the first process of the new machine, and becomes systemd. Without pivot_root, systemd
#: could give no service users of its own (PrivateUsers=), and unshared mounts hide credentials.
BOOT = """
set -e
mount --make-rprivate /
mount --bind {root} {root}
mount -t proc proc {root}/proc
mount -t sysfs -o ro sys {root}/sys
mount -t tmpfs tmpfs {root}/run
mount -t tmpfs tmpfs {root}/tmp
mkdir -p {root}/source {root}/.old
mount --bind -o ro {source} {root}/source
mount -t tmpfs tmpfs {root}/sys/fs/cgroup
mkdir -p {root}/sys/fs/cgroup/systemd
mount -t cgroup -o none,name=systemd,xattr cgroup {root}/sys/fs/cgroup/systemd
cd {root}
pivot_root . .old
exec env -i container=drill PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot . sh -c \
    "umount -l /.old; mount --make-rshared /; exec /lib/systemd/systemd --log-target=null"
"""
#: Stops all that the supervisor started, which then no longer answers but still runs.
HANG = """
main=$(systemctl show --value --property=MainPID portal-site)
for pid in $(cat /sys/fs/cgroup/systemd/system.slice/portal-site.service/cgroup.procs); do
    [ "$pid" = "$main" ] || kill -STOP "$pid"
done
"""
#: How this machine reaches packages; a hospital has its own.
_REACH = (
    *("etc/resolv.conf", "etc/hosts", "etc/pip.conf", "root/.config/pip/pip.conf"),
    *("etc/ssl/certs/ca-certificates.crt", "etc/xdg/pip/constraints.txt"),
)


class Debian:
    def __init__(self, folder: Path) -> None:
        self.root, self._folder = folder / "root", folder

    def make(self) -> None:
        program = find_program("mmdebstrap")
        include = "--include=systemd,systemd-sysv,dbus,ca-certificates"
        words = [program, "--quiet", "--variant=minbase", include, "bookworm", str(self.root)]
        sources = [str(each) for each in sorted(Path("/etc/apt/sources.list.d").glob("*.sources"))]
        subprocess.run([*words, *sources[:1]], check=True, umask=0o022)
        for name in _REACH:
            if Path("/", name).is_file():
                (self.root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(Path("/", name), self.root / name)

    def boot(self, stack: ExitStack) -> None:
        script = self._folder / "boot.sh"
        script.write_text(BOOT.format(root=self.root, source=copy_repository(self._folder)))
        unshare = ["unshare", "--fork", "--kill-child", "--pid", "--mount", "--uts", "--ipc"]
        with (self._folder / "boot.log").open("wb") as log:
            started = subprocess.Popen(
                [*unshare, "--cgroup", "sh", str(script)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        stack.callback(started.wait)
        stack.callback(started.kill)
        children = Path(f"/proc/{started.pid}/task/{started.pid}/children")
        wait_until("systemd starts", lambda: children.read_text().strip())
        first = children.read_text().split()[0]
        self._enter = ["nsenter", "-t", first, "-m", "-p", "-u", "-i", "-C", "-r", "-w"]
        wait_until("the machine is up", lambda: self._state() in {"running", "degraded"})

    def _state(self) -> str:
        return self.run("systemctl is-system-running || true").strip()

    def run(self, script: str) -> str:
        clean = ["env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
        words = ["HOME=/root", "LANG=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"]
        ran = subprocess.run(
            [*self._enter, *clean, *words, "PORTAL_SOURCE=/source", "bash", "-ec", script],
            capture_output=True,
            text=True,
            check=False,
            umask=0o077,  # as on machines that were hardened
        )
        if ran.returncode:
            said = ran.stdout[-2000:] + ran.stderr[-2000:]
            raise RuntimeError(f"{script}\n{said}{self._status()}")
        return ran.stdout

    def _status(self) -> str:
        words = [*self._enter, "systemctl", "status", "--no-pager", "--lines=40", "portal-*"]
        return subprocess.run(words, capture_output=True, text=True, check=False).stdout


def copy_repository(folder: Path) -> Path:
    """Clone what is committed, as the manual does from a server."""
    copy = folder / "source"
    subprocess.run(["git", "clone", "--quiet", REPOSITORY, copy], check=True)  # noqa: S607
    return copy


def blocks() -> list[tuple[str, str]]:
    """Return heading and commands of each block of the manual, in order."""
    found: list[tuple[str, str]] = []
    for section in re.split(r"^## ", MANUAL.read_text(), flags=re.MULTILINE)[1:]:
        heading = section.partition("\n")[0]
        found += [(heading, each) for each in re.findall(r"```sh\n(.*?)```", section, re.DOTALL)]
    return found


def say(sentence: str, began: float) -> None:
    sys.stdout.write(f"  {sentence} ({time.monotonic() - began:.0f} s)\n")
    sys.stdout.flush()


@drill("A new Debian is installed from the commands of docs/operations/installing.md alone")
def run(folder: Path) -> None:
    """Raise RuntimeError or AssertionError if a step fails."""
    need_root_at_full_size()
    with ExitStack() as stack:
        _run(stack, Debian(folder))


def _run(stack: ExitStack, debian: Debian) -> None:
    began = time.monotonic()
    debian.make()
    debian.boot(stack)
    say("a new Debian is up", began)
    for heading, commands in blocks():
        began = time.monotonic()
        if "systemctl restart nginx" in commands:  # which needs what the manual says to put there
            make_certificate(debian.root / "etc/portal/tls")
        debian.run(commands)
        say(heading, began)
    began = time.monotonic()
    wait_until("the site answers over HTTPS", lambda: _ask(debian, "/") == 200)
    assert _ask(debian, "/care-coordinator/ask/") == 200
    units = "portal-site portal-worker"
    assert debian.run(f"systemctl is-active {units}").split() == ["active", "active"]
    say("the site answers over HTTPS, and the worker runs", began)

    began = time.monotonic()
    debian.run(HANG)
    restarts = "systemctl show --value --property=NRestarts portal-site"
    wait_until("systemd ends a site that hangs", lambda: debian.run(restarts) != "0\n", 200)
    wait_until("the site answers again", lambda: _ask(debian, "/") == 200)
    say("the site hangs, and systemd starts it again", began)
    worker = "$(systemctl show --value --property=MainPID portal-worker)"
    printed = debian.run(f"cat /proc/{worker}/environ")
    assert "SECRET_KEY" not in printed
    assert "FIELD_KEYS" not in printed
    say("no secret is in the environment of the worker", began)


def _ask(debian: Debian, path: str) -> int:
    """Ask as a visitor: the machine has no network of its own, so its port is ours."""
    trust = ssl.create_default_context(cafile=str(debian.root / "etc/portal/tls/fullchain.pem"))
    trust.check_hostname = False
    line = http.client.HTTPSConnection("127.0.0.1", 443, timeout=20, context=trust)
    try:
        line.request("GET", path, headers={"Host": NAME})
        return line.getresponse().status
    except OSError:
        return 0
    finally:
        line.close()
