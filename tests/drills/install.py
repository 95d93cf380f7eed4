"""Two machines, two workers, a standby, Redis, and nginx with TLS, run from the files in deploy/.

A reader reads an article and sends a request through the proxy; one machine loses its power between
the form and the sending; the request is in the queue of the other machine, whose worker mails the
confirmation.
"""

import http.client
import re
import secrets
import ssl
import sys
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from email import message_from_bytes
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from tests.deploy import machines
from tests.deploy.files import HOST, NAME
from tests.deploy.machines import Machine, wait_until
from tests.drills import drill

#: Stands for what must be read in no log.
SECRET = "Canary-Ana-Example"
PASSWORD = f"drill-{secrets.token_hex(8)}"
ASK = "/care-coordinator/ask/"


@dataclass
class Browser:
    """Reads and sends as a browser does: cookies, CSRF token, redirects left to the caller."""

    port: int
    #: None for a machine's own port, with what the proxy would add.
    trust: ssl.SSLContext | None = None
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> tuple[int, str]:
        status, _, text = self._send("GET", path, None)
        return status, text

    def post(self, path: str, form: dict[str, str]) -> tuple[int, str]:
        """Send a form from the page at that address; return status and Location."""
        page = self.get(path)[1]
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        status, headers, _ = self._send("POST", path, urlencode({**hidden, **form}).encode())
        return status, headers.get("Location", "")

    def _send(
        self, method: str, path: str, body: bytes | None
    ) -> tuple[int, http.client.HTTPMessage, str]:
        headers = {"Host": NAME, "Referer": f"https://{NAME}{path}"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={each}" for name, each in self.cookies.items())
        with closing(self._connection()) as line:
            if self.trust is None:
                headers |= {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
            line.request(method, path, body, headers)
            answer = line.getresponse()
            for each in answer.headers.get_all("Set-Cookie", []):
                self.cookies |= {name: one.value for name, one in SimpleCookie(each).items()}
            return answer.status, answer.headers, answer.read().decode()

    def _connection(self) -> http.client.HTTPConnection:
        if self.trust is None:
            return http.client.HTTPConnection(HOST, self.port, timeout=20)
        return _ByName(NAME, self.port, timeout=20, context=self.trust)


class _ByName(http.client.HTTPSConnection):
    """Checks the certificate for the name, and connects to loopback."""

    def connect(self) -> None:
        import socket

        plain = socket.create_connection((HOST, self.port), 20)
        context: ssl.SSLContext = self._context  # type: ignore[attr-defined]
        self.sock = context.wrap_socket(plain, server_hostname=self.host)


def say(sentence: str, began: float = 0.0) -> None:
    took = f" ({time.monotonic() - began:.1f} s)" if began else ""
    sys.stdout.write(f"  {sentence}{took}\n")
    sys.stdout.flush()


@drill("Two machines, a standby, Redis, and nginx run from deploy/; one machine loses its power")
def run(folder: Path) -> None:
    """Raise AssertionError or RuntimeError where a step fails."""
    with ExitStack() as stack:
        _run(stack, folder)


def _run(stack: ExitStack, folder: Path) -> None:
    began = time.monotonic()
    primary, standby = machines.start_postgresql(stack, folder / "postgresql")
    cache = machines.start_redis(stack, folder)
    say("PostgreSQL streams to its standby, Redis answers", began)
    settings = _settings(folder, primary, cache)
    first, second = (Machine(folder / name, settings) for name in "ab")
    for each in (first, second):
        stack.callback(each.kill)

    began = time.monotonic()
    first.set_up()
    second.set_up()
    first.manage("bench_data", "--articles", "5", "--inquiries", "0")
    staff = {"PORTAL_STAFF_PASSWORD": PASSWORD}
    first.manage("create_staff", "ana", "--role", "coordinator", **staff)
    say("settings checked, database migrated, static files collected, on both machines", began)

    began = time.monotonic()
    for each in (first, second):
        each.start()
    plain, port = machines.start_nginx(stack, folder / "nginx", [first.port, second.port])
    say("two machines, each with a worker, serve behind nginx with TLS", began)

    trust = ssl.create_default_context(cafile=str(folder / "nginx/tls/fullchain.pem"))
    reader = Browser(port, trust)
    _read(reader, plain)
    reference = _send_while_a_machine_dies(reader, first)
    _work(second, reference, folder / "mail")
    _compare(standby, folder, reference, [first, second])

    began = time.monotonic()
    first.start()
    wait_until("both machines are healthy again", lambda: _is_healthy(first, second))
    say("the first machine comes back", began)


def _settings(folder: Path, database: str, cache: str) -> dict[str, str]:
    """What an operator writes to portal.env and to the secrets, with the folders they share."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": secrets.token_urlsafe(32),
        "ALLOWED_HOSTS": NAME,
        "PORTAL_BEHIND_PROXY": "on",
        "DATABASE_URL": database,
        "CACHE_URL": cache,
        "EMAIL_URL": f"file://{folder / 'mail'}",
        "PORTAL_MEDIA": str(folder / "media"),
        "PORTAL_ANCHORS": str(folder / "anchors.jsonl"),
        # The drill has no authenticator app.
        "STAFF_MFA": "optional",
        "CLINIC_PHONE": "(415) 555-0100",
    }


def _read(reader: Browser, plain: int) -> None:
    with closing(http.client.HTTPConnection(HOST, plain, timeout=20)) as line:
        line.request("GET", "/articles/", headers={"Host": NAME})
        answer = line.getresponse()
        assert (answer.status, answer.headers["Location"]) == (301, f"https://{NAME}/articles/")
    status, page = reader.get("/articles/")
    found = re.search(r'href="(/articles/[\w-]+/)"', page)
    assert status == 200, status
    assert found
    status, article = reader.get(found[1])
    assert status == 200, status
    style = re.search(r'href="(/static/[^"]+\.css)"', article)
    assert style
    assert reader.get(style[1])[0] == 200
    say("an article and its style are read over HTTPS")


def _send_while_a_machine_dies(reader: Browser, dying: Machine) -> str:
    assert reader.get(ASK)[0] == 200
    dying.kill()
    began = time.monotonic()
    form = {
        "full_name": SECRET,
        "contact_method": "email",
        "email": "person@example.org",
        "message": "Please call me.",
        "consent": "on",
    }
    status, location = reader.post(ASK, form)
    assert (status, location) == (302, "/care-coordinator/sent/"), (status, location)
    status, page = reader.get(location)
    found = re.search('data-reference="([^"]+)"', page)
    assert found, status
    for _ in range(6):  # each of them might go to the dead machine
        assert reader.get("/search/?q=kidney")[0] == 200
    say(f"one machine loses its power; the request goes to the other as {found[1]}", began)
    return found[1]


def _work(machine: Machine, reference: str, mails: Path) -> None:
    began = time.monotonic()
    coordinator = Browser(machine.port)
    status, location = coordinator.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    assert status == 302, (status, location)
    status, queue = coordinator.get("/admin/inquiries/inquiry/")
    assert status == 200, status
    assert f'data-reference="{reference}"' in queue
    say("a coordinator sees it in the queue of the other machine", began)
    began = time.monotonic()
    wait_until("the confirmation is mailed", lambda: _is_mailed(mails, reference))
    say("the other machine's worker mails the confirmation", began)


def _is_mailed(mails: Path, reference: str) -> bool:
    return any(
        reference in str(message_from_bytes(path.read_bytes())["Subject"])
        for path in mails.glob("*.log")
    )


def _compare(standby: str, folder: Path, reference: str, all_of_them: list[Machine]) -> None:
    def has_arrived() -> bool:
        with psycopg.connect(standby) as connection:
            query = "SELECT count(*) FROM inquiries_inquiry WHERE reference = %s"
            row = connection.execute(query, [reference]).fetchone()
            return row == (1,)

    wait_until("the standby has the request", has_arrived, 20)
    say("the standby has it")
    printed = "".join(path.read_text() for path in (folder / "nginx/log").glob("*"))
    assert " 302 " in printed, "nginx logged the sending"
    printed += "".join(machine.printed for machine in all_of_them)
    for word in (SECRET, "person@example.org", "kidney", "203.0.113.9"):
        assert word not in printed, word
    say("no log names a person, an address, or what was searched for")


def _is_healthy(*machines: Machine) -> bool:
    return all(_health(each) == (200, "ok") for each in machines)


def _health(machine: Machine) -> tuple[int, str]:
    try:
        return Browser(machine.port).get("/healthz/ready")
    except OSError:
        return 0, ""
