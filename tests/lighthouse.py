"""`make lighthouse`: the Lighthouse scores of the most important pages, on a slow phone.

Each page of the demo site, served as in production, gets five turns. Exits with 1 if the median of
a page's score is under 100, or if anything moved in any turn.
"""

import json
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from tests.browser import conftest
from tests.scan import site

TURNS = 5
PAGES = {
    "home": "",
    "article": "articles/stem-cells-for-lupus-nephritis/",
    "ask": "care-coordinator/ask/",
}
#: The numbers shown next to the score: the name of the audit, and the number's format.
AUDITS = {
    "first text": ("first-contentful-paint", "{:.0f} ms"),
    "largest text": ("largest-contentful-paint", "{:.0f} ms"),
    "blocked": ("total-blocking-time", "{:.0f} ms"),
    "moved": ("cumulative-layout-shift", "{:.3f}"),
    "bytes": ("total-byte-weight", "{:,.0f}"),
}
_RUN_SECONDS = 180
#: On a busy machine a browser may paint nothing in time, and then Lighthouse has no report.
_TRIES = 3


def main() -> None:
    node, lighthouse = sys.argv[1:]
    browser = conftest.chromium()
    if not browser:
        sys.exit("make lighthouse: no browser (Chromium) on this machine")
    missed = []
    with (
        tempfile.TemporaryDirectory(prefix="portal-lighthouse-") as folder,
        site.running(Path(folder)) as portal,
    ):
        _say("| page | score of each turn | median | " + " | ".join(AUDITS) + " |")
        _say("| --- " * (3 + len(AUDITS)) + "|")
        for name, path in PAGES.items():
            command = [node, lighthouse, portal.address + path]
            reports = [_look(command, browser) for _ in range(TURNS)]
            scores = [round(100 * each["categories"]["performance"]["score"]) for each in reports]
            numbers = {
                title: [each["audits"][audit]["numericValue"] for each in reports]
                for title, (audit, _) in AUDITS.items()
            }
            cells = [AUDITS[title][1].format(median(each)) for title, each in numbers.items()]
            turns = ", ".join(map(str, scores))
            _say(f"| {name} | {turns} | {median(scores)} | {' | '.join(cells)} |")
            if median(scores) < 100 or max(numbers["moved"]):
                missed.append(name)
    if missed:
        sys.exit(f"make lighthouse: under 100, or something moved, on {', '.join(missed)}")


def _look(command: list[str], browser: str) -> dict[str, Any]:
    """Return the report of one turn, as a new visitor."""
    flags = shlex.join(["--headless=new", *conftest.FLAGS])
    options = ("--only-categories=performance", "--output=json", "--quiet")
    trouble = ""
    for _ in range(_TRIES):
        ran = subprocess.run(
            [*command, *options, "--no-enable-error-reporting", f"--chrome-flags={flags}"],
            env={**os.environ, "CHROME_PATH": browser},
            check=False,
            capture_output=True,
            text=True,
            timeout=_RUN_SECONDS,
        )
        if ran.returncode == 0:
            report: dict[str, Any] = json.loads(ran.stdout)
            return report
        trouble = ran.stderr
    sys.exit(f"make lighthouse: Lighthouse failed {_TRIES} times:\n{trouble}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
