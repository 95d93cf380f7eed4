"""A hospital for the drills: a served site, its worker, its mail, and its backups by restic."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.portal import real_site
from tests.portal.real_site import PRODUCTION, REPOSITORY

_WAIT_SECONDS = 180
#: Prints each request's text, None once erased, by reference; then the troubles of the worker.
_STATE = """
import json
from inquiries.models import DataKey, Inquiry
from inquiries.worker.health import check_health
keys = set(DataKey.objects.values_list("pk", flat=True))
rows = Inquiry.objects.for_reading()
texts = {each.reference: each.message if each.pk in keys else None for each in rows}
print(json.dumps({"texts": texts, "troubles": list(check_health().troubles)}))
"""
_ERASE = """
from inquiries import privacy
from inquiries.models import Inquiry
for reference in {references!r}:
    inquiry = Inquiry.objects.get(reference=reference)
    privacy.erase_inquiry(inquiry, reason="asked", version=inquiry.version, by=None)
"""


@dataclass
class Hospital:
    folder: Path
    database_url: str = ""
    #: What senders were told, in order.
    references: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.data, self.mail = self.folder / "data", self.folder / "mail"
        (self.folder / "password").write_text("for this drill only")
        self.data.mkdir(mode=0o700)
        self.mail.mkdir()

    @property
    def env(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            **PRODUCTION,
            "DATABASE_URL": self.database_url,
            "EMAIL_URL": f"file://{self.mail}",
            "PORTAL_DATA_DIR": str(self.data),
            "PORTAL_PYTHON": sys.executable,
            "PORTAL_RATE_LIMITS": "off",
            "RESTIC_PASSWORD_FILE": str(self.folder / "password"),
            "RESTIC_REPOSITORY": str(self.folder / "restic"),
        }

    def run(self, *words: str | Path, status: int = 0) -> str:
        """Run a program with the portal's environment, and return its output, errors included."""
        ran = subprocess.run(
            words, cwd=REPOSITORY, env=self.env, check=False, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert ran.returncode == status, f"{words}: {ran.returncode}\n{ran.stdout}"
        return ran.stdout

    def manage(self, *words: str, status: int = 0) -> str:
        return self.run(sys.executable, "manage.py", *words, status=status)

    # --- What people and the worker do ------------------------------------------------------------

    @contextmanager
    def serving(self) -> Iterator[real_site.Site]:
        names = ("DATABASE_URL", "EMAIL_URL", "PORTAL_RATE_LIMITS")
        more: dict[str, Any] = {name: self.env[name] for name in names}
        with real_site.running(self.data, **more) as site:
            yield site

    def send_requests(self, site: real_site.Site, count: int) -> list[str]:
        """Send requests, and return the references that their senders read."""
        from tests.portal.test_killed import send

        first = len(self.references)
        told = [send(site, number) for number in range(first, first + count)]
        self.references += told
        return told

    def erase(self, *references: str) -> None:
        self.manage("shell", "--no-imports", "-c", _ERASE.format(references=references))

    @contextmanager
    def working(self) -> Iterator[None]:
        """Run the worker, as a process of its own, for the length of the block."""
        with (self.folder / "worker.log").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "manage.py", "work"],
                cwd=REPOSITORY, env=self.env, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            yield
        finally:
            worker.terminate()
            worker.wait(60)

    def wait_for_mails(self, count: int) -> None:
        ends_at = time.monotonic() + _WAIT_SECONDS
        while len(self.read_mails()) < count:
            assert time.monotonic() < ends_at, f"{len(self.read_mails())} of {count} mails"
            time.sleep(0.5)

    def wait_for_trouble(self, word: str) -> None:
        ends_at = time.monotonic() + _WAIT_SECONDS
        while word not in self.state()["troubles"]:
            assert time.monotonic() < ends_at, f"the worker never said {word}"

    # --- Loss and restore -------------------------------------------------------------------------

    def back_up_files(self) -> None:
        """Run the script that operators run. SQLite is among the files."""
        if not (self.folder / "restic").exists():
            self.run("restic", "init", "--quiet")
        self.run("sh", REPOSITORY / "deploy/backup/backup.sh")

    def lose_files(self) -> None:
        shutil.rmtree(self.data)
        self.data.mkdir(mode=0o700)

    def restore_files(self, *tags: str) -> None:
        for tag in tags:
            words = ("restic", "restore", "latest", "--quiet", "--tag", tag, "--target", "/")
            self.run(*words)

    # --- What is checked --------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        told = self.manage("shell", "--no-imports", "-c", _STATE).splitlines()[-1]
        found: dict[str, Any] = json.loads(told)
        return found

    def read_mails(self) -> list[str]:
        """Return the recipient of each mail that went out."""
        texts = [path.read_text() for path in self.mail.iterdir()]
        return re.findall(r"^To: (.+)$", "\n".join(texts), re.MULTILINE)

    def check_mails(self, count: int) -> None:
        """Check that this many people got one mail each, and nobody got two."""
        mails = Counter(self.read_mails())
        assert len(mails) == count, mails
        assert set(mails.values()) == {1}, mails

    def check_requests(self, there: list[str], erased: list[str]) -> None:
        """Check that exactly these are there, with their text; and that what was erased is gone."""
        numbers = {told: number for number, told in enumerate(self.references)}
        wanted = {told: f"Request number {numbers[told]}." for told in there}
        assert self.state()["texts"] == wanted | dict.fromkeys(erased)
        assert self.manage("verify_ledger").splitlines()[-1].endswith(": whole")
