"""`make lighthouse`: the Lighthouse scores of each kind of public page, on a slow phone.

Each page of the demo site, served as in production, is looked at once, and the main ones five
times. A page with a performance score under 100 gets five turns, too, because a busy machine spoils
single ones. Exits with 1 if the median of a score is under 100, or if anything moved in any turn.
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
from tests.indexable_pages import MAIN, NOT_INDEXED, PAGES
from tests.scan import site

TURNS = 5
PERFORMANCE = "performance"
#: The category of Lighthouse, and its name in the table.
SCORES = {
    PERFORMANCE: "performance, each turn",
    "accessibility": "accessibility",
    "best-practices": "best practices",
    "seo": "search engines",
}
#: The numbers shown next to the scores: the name of the audit, and the number's format.
AUDITS = {
    "first text": ("first-contentful-paint", "{:.0f} ms"),
    "largest text": ("largest-contentful-paint", "{:.0f} ms"),
    "blocked": ("total-blocking-time", "{:.0f} ms"),
    "moved": ("cumulative-layout-shift", "{:.3f}"),
    "bytes": ("total-byte-weight", "{:,.0f}"),
}
#: Lighthouse reads robots.txt from within the page, which the content security policy forbids.
UNREADABLE = "robots-txt"
#: What a page that is kept out of search engines on purpose is told.
KEPT_OUT = "is-crawlable"
Report = dict[str, Any]
_RUN_SECONDS = 180
#: On a busy machine a browser may paint nothing in time, and then Lighthouse has no report.
_TRIES = 3
_BEST = 100


def main() -> None:
    node, lighthouse, *names = sys.argv[1:]
    browser = conftest.chromium()
    if not browser:
        sys.exit("make lighthouse: no browser (Chromium) on this machine")
    if unknown := set(names) - set(PAGES):
        sys.exit(f"make lighthouse: no such page: {', '.join(sorted(unknown))}")
    missed = []
    with (
        tempfile.TemporaryDirectory(prefix="portal-lighthouse-") as folder,
        site.running(Path(folder)) as portal,
    ):
        columns = [*SCORES.values(), *AUDITS]
        _say(f"| page | {' | '.join(columns)} |")
        _say("| --- " * (1 + len(columns)) + "|")
        for name in names or PAGES:
            command = [node, lighthouse, portal.address + PAGES[name].removeprefix("/")]
            left_out = [UNREADABLE, *(KEPT_OUT for _ in NOT_INDEXED & {name})]
            command.append(f"--skip-audits={','.join(left_out)}")
            reports = _look_often_enough(command, browser, is_main=name in MAIN)
            faults = [fault for each in SCORES for fault in _faults(each, reports)]
            if any(_number(each, "moved") for each in reports):
                faults.append("something moved")
            _say(f"| {name} | {' | '.join(_cells(reports))} |")
            missed += [f"{name}: {fault}" for fault in faults]
    if missed:
        sys.exit("make lighthouse: under 100:\n" + "\n".join(missed))


def _look_often_enough(command: list[str], browser: str, *, is_main: bool) -> list[Report]:
    reports = [_look(command, browser)]
    if is_main or _score(PERFORMANCE, reports[0]) < _BEST:
        reports += [_look(command, browser) for _ in range(TURNS - 1)]
    return reports


def _score(category: str, report: Report) -> int:
    # There is none if Lighthouse could not measure it.
    return round(_BEST * (report["categories"][category]["score"] or 0))


def _number(report: Report, title: str) -> float:
    return float(report["audits"][AUDITS[title][0]]["numericValue"])


def _faults(category: str, reports: list[Report]) -> list[str]:
    """Return what costs points; empty if the median of the score is 100."""
    score = median(_score(category, each) for each in reports)
    if score >= _BEST:
        return []
    audits = reports[-1]["audits"]
    costly = [
        audits[each["id"]]["title"]
        for each in reports[-1]["categories"][category]["auditRefs"]
        if each["weight"] and (audits[each["id"]]["score"] or 0) < 1
        if audits[each["id"]]["scoreDisplayMode"] not in {"notApplicable", "manual"}
    ]
    return [f"{category} {score:g} ({'; '.join(costly)})"]


def _cells(reports: list[Report]) -> list[str]:
    scores = {each: [_score(each, report) for report in reports] for each in SCORES}
    return [
        *(
            ", ".join(map(str, found)) if each == PERFORMANCE else f"{median(found):g}"
            for each, found in scores.items()
        ),
        *(
            shape.format(median(_number(report, title) for report in reports))
            for title, (_, shape) in AUDITS.items()
        ),
    ]


def _look(command: list[str], browser: str) -> Report:
    """Return the report of one turn, as a new visitor."""
    flags = shlex.join(["--headless=new", *conftest.FLAGS])
    options = (f"--only-categories={','.join(SCORES)}", "--output=json", "--quiet")
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
            report: Report = json.loads(ran.stdout)
            return report
        trouble = ran.stderr
    sys.exit(f"make lighthouse: Lighthouse failed {_TRIES} times:\n{trouble}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
