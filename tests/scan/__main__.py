"""`make scan`: wapiti and sqlmap against every page and form of the demo site.

It takes hours. `make scan VISITORS="anyone editor"` scans only what these visitors open (their
names are in tests/scan/addresses.py), and `VISITORS=--plan` only lists who scans how much.

Exits with 1 if they find something that KNOWN does not name, if they missed a route or a form, if
the site had an error, or if they miss the holes of a page made for that purpose.
"""

import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from tests.scan import bait, scanners, site
from tests.scan.visitor import Target

if TYPE_CHECKING:
    from tests.scan.plan import Work

# Findings of the scanners that are not faults, and why.
KNOWN = {
    r"Secure Flag cookie: ": "the demo has no HTTPS; with HTTPS the flag is set",
    r"Cross Site Request Forgery: POST (/es)?/articles/[\w-]+/(clear|tell)/ ": (
        "who reads has no cookie, so that nothing is done in anybody's name: docs/security.md"
    ),
    r"HTTP Methods: .*\(using OPTIONS\) on \S+:( (OPTIONS|HEAD|POST) \([234]\d\d\))+$": (
        "methods that every page may answer, and none with a fault"
    ),
}
_AT_ONCE = 3
#: Instead of visitors' names: only list who scans how much.
PLAN = "--plan"


def main() -> None:
    # sys.exit runs every `finally`, so that the site and the scanners stop too.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(number))
    chosen = set(sys.argv[1:])
    folder = Path(tempfile.mkdtemp(prefix="portal-scan-"))
    with bait.served() as trap:
        findings = [] if PLAN in chosen else _missed(trap, folder)
        if not findings:
            with site.running(folder) as portal:
                findings = _scan(portal, trap, folder, chosen)
    for finding in findings:
        _say(f"  {finding}")
    if findings:
        sys.exit(f"make scan: {len(findings)} findings. The logs are in {folder}")
    shutil.rmtree(folder)


def _missed(trap: str, folder: Path) -> list[str]:
    """Return the holes of the bait that were missed; after any miss, a scan would mean nothing."""
    began = time.monotonic()
    address = f"{trap}?q=lupus"
    by_wapiti, _ = scanners.wapiti([address], bait=trap, folder=folder / "bait-wapiti")
    target = Target("GET", trap, (("q", "lupus"),), trap)
    by_sqlmap = scanners.sqlmap(target, ["q"], folder=folder / "bait-sqlmap")
    outside = subprocess.run(
        [sys.executable, "-c", "import socket; socket.getaddrinfo('portal.example', 80)"],
        env={"PYTHONPATH": str(site.STAY_HERE)},
        capture_output=True,
        text=True,
        check=False,
    ).stderr
    missed = [
        f"{what}: missed in the page made for it"
        for what, found in (
            ("SQL Injection", by_wapiti),
            ("Cross Site Scripting", by_wapiti),
            ("Internal Server Error", by_wapiti),
            ("SQL injection", by_sqlmap),
            ("500", by_sqlmap),
            ("The scan stays on this machine", [outside]),
        )
        if not any(what in each for each in found)
    ]
    bait.OPENED.clear()
    _say(f"bait: {6 - len(missed)} of 6 holes found, {time.monotonic() - began:.0f} s")
    return missed


def _scan(portal: site.Site, trap: str, folder: Path, chosen: set[str]) -> list[str]:
    portal.fill()
    from tests.scan import addresses, plan  # these need the site's settings

    if unlisted := addresses.unlisted():
        return [f"{route}: say in tests/portal/audience.py whose it is" for route in unlisted]
    works = plan.make(portal.address, portal.password)
    if PLAN in chosen:
        for work in works:
            _say(f"{work.visitor.name}: {len(work.wanted)} pages and forms, {_fields(work)} fields")
        return []
    if unknown := chosen - {work.visitor.name for work in works}:
        raise SystemExit(f"There is no visitor {', '.join(unknown)}. {PLAN} lists them.")
    # Everyone's part is planned, because what one has scanned, later ones skip.
    works = [work for work in works if not chosen or work.visitor.name in chosen]
    findings = _run_wapiti(works, trap, folder)
    findings += _run_sqlmap(works, folder)
    findings += [f"the site opened {each}" for each in bait.OPENED]
    findings += portal.faults()
    for work in works:
        if work.is_signed_in and not work.visitor.is_signed_in():
            findings.append(f"{work.visitor.name} was signed out, so that pages were missed")
    return findings


def _run_wapiti(works: list["Work"], trap: str, folder: Path) -> list[str]:
    began = time.monotonic()

    def run(work: "Work") -> tuple[list[str], set[tuple[str, str]]]:
        return scanners.wapiti(
            [urljoin(work.visitor.site, page) for page in work.pages],
            bait=trap,
            folder=folder / f"wapiti-{work.visitor.name}",
            cookies=work.visitor.cookies,
            excluded=[urljoin(work.visitor.site, each) for each in work.excluded],
        )

    findings, known, looked_at = [], 0, 0
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for work, (found, seen) in zip(works, pool.map(run, works), strict=True):
            name = work.visitor.name
            unknown = [each for each in found if not any(re.match(known, each) for known in KNOWN)]
            findings += [f"wapiti, {name}: {each}" for each in unknown]
            findings += [f"wapiti, {name}: not looked at: {each}" for each in work.wanted - seen]
            known += len(found) - len(unknown)
            looked_at += len(seen)
    _say(
        f"wapiti: {looked_at} pages and forms by {len(works)} visitors, {known} known findings, "
        f"{len(findings)} others, {time.monotonic() - began:.0f} s"
    )
    return findings


def _run_sqlmap(works: list["Work"], folder: Path) -> list[str]:
    began = time.monotonic()
    attempts = [(work.visitor, attempt) for work in works for attempt in work.attempts]

    def run(number: int) -> list[str]:
        visitor, attempt = attempts[number]
        return scanners.sqlmap(
            attempt.target,
            attempt.names,
            folder=folder / f"sqlmap-{number}",
            cookies=visitor.cookies,
            fresh=attempt.fresh,
        )

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = [each for findings in pool.map(run, range(len(attempts))) for each in findings]
    fields = sum(_fields(work) for work in works)
    _say(
        f"sqlmap: {fields} fields in {len(attempts)} forms and addresses, {len(found)} findings, "
        f"{time.monotonic() - began:.0f} s"
    )
    return [f"sqlmap: {each}" for each in found]


def _fields(work: "Work") -> int:
    return sum(len(attempt.names) or 1 for attempt in work.attempts)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
