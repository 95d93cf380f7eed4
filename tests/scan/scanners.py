"""The two scanners, each run as a program, with their findings as plain lines."""

import json
import re
import subprocess
from collections.abc import Collection, Iterable
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests.scan.site import REPOSITORY, STAY_HERE
from tests.scan.visitor import TOKEN, Target

_PROGRAMS = REPOSITORY / ".boot/scanners/bin"
_LONGEST_SECONDS = 60 * 60

# Left out, because they cannot find anything here:
# - timesql waits for delays of MySQL, PostgreSQL and SQL Server, but the demo runs on SQLite, for
#   which sqlmap has its own delay;
# - buster, nikto guess page names, but we provide every route there is;
# - ssl, https_redirect: the demo has no HTTPS (`manage.py check --deploy` covers that);
# - brute_login_form: the demo's passwords are random;
# - log4shell, spring4shell, shellshock, htaccess, wp_enum, cms, network_device, printer are about
#   other programs, and ldap about a server that nothing here talks to;
# - wapp, htp, takeover identify products, not weaknesses, with lists that they download.
MODULES = (
    "backup", "cookieflags", "crlf", "csp", "csrf", "exec", "file", "http_headers", "methods",
    "permanentxss", "redirect", "sql", "ssrf", "upload", "xss", "xxe",
)  # fmt: skip


def wapiti(
    addresses: list[str],
    *,
    bait: str,
    folder: Path,
    cookies: str = "",
    excluded: Iterable[str] = (),
) -> tuple[list[str], set[tuple[str, str]]]:
    """Scan these pages, their forms and what they link to, and nothing else.

    Returns the findings, and the method and path of everything visited.
    """
    folder.mkdir()
    (folder / "addresses").write_text("\n".join(addresses))
    report = folder / "report.json"
    printed = _run(
        "wapiti",
        [
            *("--url", addresses[0], "--start", str(folder / "addresses"), "--scope", "domain"),
            *("--depth", "1", "--scan-force", "paranoid"),
            *("--module", ",".join(MODULES), "--skip", TOKEN),
            *(("--cookie-value", cookies) if cookies else ()),
            *(word for each in excluded for word in ("--exclude", each)),
            # Otherwise it would ask its makers' host what the site opened, and report bugs to them.
            *("--endpoint", bait, "--dns-endpoint", "localhost", "--no-bugreport"),
            *("--store-session", str(folder), "--store-config", str(folder), "--timeout", "30"),
            *("--format", "json", "--output", str(report), "--detailed-report", "1"),
        ],
        folder,
    )
    told = json.loads(report.read_text())
    findings = [
        f"{category}: {each['method']} {each['path']} {each['parameter']} – {each['info']}"
        for kind in ("vulnerabilities", "anomalies", "additionals")
        for category, found in told[kind].items()
        for each in found
    ]
    # A module that crashes finds nothing, and says so only here.
    broken = re.findall(
        r"^.*(?:[Ee]xception|Traceback|Unable to|[Ee]rror).*$", printed, re.MULTILINE
    )
    seen = {
        (each["request"]["method"], urlsplit(each["request"]["url"]).path)
        for each in told["infos"]["crawled_pages"]
    }
    return findings + broken, seen


def sqlmap(
    target: Target, names: Collection[str], *, folder: Path, cookies: str = "", fresh: str = ""
) -> list[str]:
    """Try these fields, or the marks (`*`) in the address, and return the findings.

    `fresh` is a field that its page renews for each submission.
    """
    folder.mkdir()
    report = folder / "report.json"
    data = urlencode(target.fields)
    address = target.address + (f"?{data}" if target.method == "GET" and data else "")
    printed = _run(
        "sqlmap",
        [
            *("--url", address, "--batch", "--flush-session", "--output-dir", str(folder)),
            *(("--data", data) if target.method == "POST" else ()),
            *(("--cookie", cookies) if cookies else ()),
            *(("-p", ",".join(names)) if names else ("--param-filter", "URI")),
            *(("--csrf-token", fresh, "--csrf-url", target.page) if fresh else ()),
            *("--level", "2", "--risk", "2", "--technique", "BEUT", "--time-sec", "2"),
            *("--dbms", "sqlite", "--skip-waf", "--drop-set-cookie", "--ignore-redirects"),
            *("--ignore-code", "*", "--disable-coloring", "--report-json", str(report)),
        ],
        folder,
    )
    told = json.loads(report.read_text())
    where = f"{target.method} {urlsplit(target.address).path}"
    findings = [f"SQL injection: {where} – {json.dumps(each)}" for each in told["data"]]
    findings += [f"{where} – {each}" for each in re.findall(r"5\d\d \(.*\) - \d+ times", printed)]
    tried = set(re.findall(r"testing for sql injection on .*parameter '(.+)'", printed.lower()))
    findings += [f"not tried: {where} {name}" for name in names if name.lower() not in tried]
    if not names and not tried:
        findings.append(f"not tried: {where}")
    if not findings and "all tested parameters do not appear to be injectable" not in printed:
        findings.append(f"broken off: {where} – {printed[-500:]}")
    return findings


def _run(name: str, arguments: list[str], folder: Path) -> str:
    """Return the program's output. Its own HOME keeps its files out of ours."""
    done = subprocess.run(
        [_PROGRAMS / name, *arguments],
        cwd=folder,
        env={
            "HOME": str(folder),
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(STAY_HERE),
            "TERM": "dumb",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=_LONGEST_SECONDS,
        check=False,
    )
    (folder / "printed").write_text(done.stdout)
    if done.returncode:
        raise SystemExit(f"{name} ended with {done.returncode}:\n{done.stdout[-2000:]}")
    return done.stdout
