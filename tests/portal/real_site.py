"""The site as it is run: granian in front, production settings, a database of its own."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from portal.config.server import GRANIAN_WORDS
from tests.ports import free_port

REPOSITORY = Path(__file__).resolve().parent.parent.parent
HOST = "127.0.0.1"
#: Stands for a name, a message or a token: whatever must not be read anywhere else.
SECRET = "Canary-Ana-Example-4155550134"
#: Headers that a proxy in front adds to every request.
FROM_THE_PROXY = {
    "Host": "portal.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "203.0.113.9",
}
PRODUCTION = {
    "SECRET_KEY": "canary-secret-key-0123456789-abcdefghijklmnopqrstuvwxyz",
    "FIELD_KEYS": "Zm9yIHRlc3RzIG9ubHksIGFuZCBmb3Igbm90aGluZy4=",
    "ALLOWED_HOSTS": "portal.example",
    "PORTAL_BEHIND_PROXY": "on",
}


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str


@dataclass
class Site:
    port: int
    log: Path
    env: dict[str, str]
    server: "Server"

    def manage(self, *arguments: str, **more: str) -> str:
        """Run a management command on the site, and return its output, errors included."""
        ran = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=REPOSITORY,
            env={**self.env, **more},
            check=True,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        return ran.stdout

    def ask(
        self,
        method: str,
        address: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Send a request as the proxy would forward a visitor's."""
        with closing(http.client.HTTPConnection(HOST, self.port, timeout=20)) as connection:
            connection.request(method, address, body, {**FROM_THE_PROXY, **(headers or {})})
            with connection.getresponse() as response:
                return Answer(response.status, response.headers, response.read().decode())

    def send(self, raw: bytes) -> bytes:
        """Send bytes that no HTTP library would send, and return everything that comes back."""
        with socket.create_connection((HOST, self.port), timeout=20) as line:
            answer = b""
            # The server may have closed already, with a response waiting.
            with suppress(ConnectionError):
                line.sendall(raw)
            with suppress(ConnectionError):
                while part := line.recv(65536):
                    answer += part
            return answer


@contextmanager
def running(
    folder: Path,
    application: str = "portal.rsgi:application",
    *,
    database: Path | None = None,
    workers: int = 1,
    **settings_of_its_own: str,
) -> Iterator[Site]:
    """Serve with `folder` for its data; a file there gets all output.

    It starts with a copy of `database`, or with a newly migrated one. Its coverage is not measured,
    because the same code runs in the process of the tests.
    """
    kept = {"PATH": os.environ["PATH"]}
    env = {**kept, **PRODUCTION, "PORTAL_DATA_DIR": str(folder), **settings_of_its_own}
    (folder / "static").symlink_to(settings.STATIC_ROOT)
    if database:
        shutil.copyfile(database, folder / "portal.sqlite3")
    else:
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=REPOSITORY, env=env, check=True)
    port, log = free_port(), folder / "log"
    granian = Path(sys.executable).with_name("granian")
    words = [
        *(str(granian), *GRANIAN_WORDS, "--host", HOST, "--port", str(port)),
        *("--workers", str(workers), "--log-level", "warning", "--workers-kill-timeout", "3"),
        application,
    ]
    server = Server(words, env, log)
    try:
        server.wait_for(port)
        yield Site(port, log, env, server)
    finally:
        server.process.terminate()
        server.process.wait(20)


class Server:
    """granian, which exits if its workers die too quickly; then it is started again, as systemd
    would do.
    """

    def __init__(
        self, words: list[str], env: dict[str, str], log: Path, *, tree: Path = REPOSITORY
    ) -> None:
        self.words, self.env, self.log, self.tree = words, env, log, tree
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.words, cwd=self.tree, env=self.env, stdout=log, stderr=subprocess.STDOUT
            )

    def start_again_where_it_ended(self) -> None:
        if self.process.poll() is not None:
            self.start()

    def wait_for(self, port: int) -> None:
        ends_at = time.monotonic() + 60
        while self.process.poll() is None and time.monotonic() < ends_at:
            with socket.socket() as probe:
                if not probe.connect_ex((HOST, port)):
                    return
            time.sleep(0.1)
        raise RuntimeError("The site did not start.")
