"""`make pa11y`: what pa11y finds on each public page: by day on a desktop, by night on a phone.

It asks two engines, axe and HTML CodeSniffer, by WCAG 2 AA. Exits with 1 if they find an error.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.browser import conftest
from tests.indexable_pages import PAGES
from tests.scan import site

#: The width of the window, and what a visitor's system would tell Chromium.
LOOKS = {"day": (1280, "preferredColorScheme=1"), "night": (390, "preferredColorScheme=0")}
_RUN_SECONDS = 120
_FOUND_ISSUES = 2


def main() -> None:
    node, pa11y, *names = sys.argv[1:]
    browser = conftest.chromium()
    if not browser:
        sys.exit("make pa11y: no browser (Chromium) on this machine")
    found = 0
    with (
        tempfile.TemporaryDirectory(prefix="portal-pa11y-") as folder,
        site.running(Path(folder)) as portal,
    ):
        for look in LOOKS:
            settings = Path(folder) / f"{look}.json"
            settings.write_text(json.dumps(_settings(browser, look)))
            for name in names or PAGES:
                command = [node, pa11y, portal.address + PAGES[name].removeprefix("/")]
                issues = _look(command, settings)
                found += len(issues)
                _say(f"{name}, by {look}: {len(issues)}")
                for each in issues:
                    _say(f"    {each['code']}: {each['message']}\n      {each['context']}")
    if found:
        sys.exit(f"make pa11y: {found} errors")


def _settings(browser: str, look: str) -> dict[str, Any]:
    width, scheme = LOOKS[look]
    return {
        "chromeLaunchConfig": {
            "executablePath": browser,
            "args": [*conftest.FLAGS, f"--blink-settings={scheme}"],
        },
        "viewport": {"width": width, "height": 844},
        "standard": "WCAG2AA",
        "runners": ["axe", "htmlcs"],
        "reporter": "json",
        "timeout": 60_000,
    }


def _look(command: list[str], settings: Path) -> list[dict[str, Any]]:
    """Return the errors. What axe could not tell, such as contrast on a drawing, is none."""
    ran = subprocess.run(
        [*command, "--config", str(settings)],
        check=False,
        capture_output=True,
        text=True,
        timeout=_RUN_SECONDS,
    )
    if ran.returncode not in {0, _FOUND_ISSUES}:
        sys.exit(f"make pa11y: pa11y failed:\n{ran.stderr or ran.stdout}")
    issues: list[dict[str, Any]] = json.loads(ran.stdout)
    return [each for each in issues if not each["runnerExtras"].get("needsFurtherReview")]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
