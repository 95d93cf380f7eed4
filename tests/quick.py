"""`make quick`: the linter, then the tests nearest to a change, until a minute is almost over.

Nearest is what has the name of a changed module, then what imports it, then its folder. Imports
are read from the source in a fifth of a second. Recorded coverage would know more, but it is
out of date after the first edit, and renewing it takes a measured run of the whole suite.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache, partial
from pathlib import Path

import grimp
import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
APPS = ("articles", "inquiries", "portal")
#: Seconds of CPU, after which a worker starts no further test; startup and shutdown take the
#: rest of the minute. It is not wall time, so a busy machine takes longer and runs the same tests.
ENOUGH = 42
#: A module that more test modules import is used everywhere: those are left to `make test`.
FEW = 8
#: Run after every change: a rule of the house, a route, one request's journey may break.
ALWAYS = (
    "tests/test_house_rules.py",
    "tests/inquiries/triage/test_request_page.py::test_claim_note_close_and_reopen_on_the_page",
    "tests/portal/test_routes.py",
)
#: Folders of templates that are named after the library that uses them.
ROOM_OF_LIBRARIES = "tests/portal/accounts"
LIBRARIES = {"account", "mfa", "socialaccount", "usersessions"}


def main() -> None:
    changed = sys.argv[1:] or _changed()
    tests, left_out = select(changed)
    _say(f"changed: {', '.join(changed) or 'nothing'}")
    _say(f"nearest first: {', '.join(tests)}")
    _say(f"left out: PostgreSQL, the browser, long proofs{left_out}")
    _run("ruff", "check", "--quiet")
    # Distributed in order, so that only the farthest tests are left when time runs out.
    options = ("-p", "tests.quick", "--dist=load", "-m", "not proof and not browser", "-q")
    _run("pytest", *options, *tests)


def pytest_runtest_setup() -> None:
    """As a plugin of the run: list what there was no time for as skipped."""
    if sum(os.times()[:4]) > ENOUGH:
        pytest.skip("the minute is over")


def select(changed: Iterable[str]) -> tuple[list[str], str]:
    """Return the test modules to run, nearest first, and how many more are affected."""
    near = [path for path in changed if _is_test(path) and (REPOSITORY / path).exists()]
    room: list[str] = []
    elsewhere: set[str] = set()
    for module in dict.fromkeys(each for path in changed for each in _modules_of(path)):
        near += _namesakes(module)
        room += _room(module) or _rooms_around(module)
        importers = _tests_that_import(module)
        if len(importers) <= FEW:
            near += sorted(importers)
        else:
            elsewhere |= importers
    for path in changed:
        near += _tests_that_mention(path)
        room += _tests_named_like_a_folder_of(path)
    tests = [
        test for test in dict.fromkeys([*near, *room]) if not test.startswith("tests/browser/")
    ]
    left = len(elsewhere - set(tests))
    always = [each for each in ALWAYS if each.partition("::")[0] not in tests]
    # Long tests come last: if time runs out, everything else has been run.
    return sorted([*tests, *always], key=_is_long), (
        f", {left} test modules that use what nearly all of them use" if left else ""
    )


# --- What has changed -----------------------------------------------------------------------------


def _changed() -> list[str]:
    """List changes since the branch left main, committed or not; on main, the last commit's."""
    git = partial(_lines_of, "git")
    since = git("merge-base", "HEAD", "main") or git("rev-parse", "HEAD")
    named = {
        *git("diff", "--name-only", "--relative", *since),
        *git("ls-files", "--others", "--exclude-standard"),
    }
    return sorted(named or git("diff", "--name-only", "--relative", "HEAD~1"))


def _lines_of(*command: str) -> list[str]:
    ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    return ran.stdout.splitlines()


# --- Whom it concerns -----------------------------------------------------------------------------


@cache
def _graph() -> grimp.ImportGraph:
    return grimp.build_graph(*APPS, "tests", cache_dir=str(REPOSITORY / ".import_linter_cache"))


@cache
def _sources() -> dict[str, str]:
    """Return the text of every file that may mention another by its name."""
    folders = [REPOSITORY / name for name in (*APPS, "templates", "tests")]
    return {
        str(path.relative_to(REPOSITORY)): path.read_text(encoding="utf-8")
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts
    }


def _modules_of(path: str) -> Iterator[str]:
    """Yield a file's module, or else the modules that mention it, directly or in templates."""
    if path.endswith(".py"):
        if (module := _dotted(path)) in _graph().modules and not _is_test(path):
            yield module
        return
    if (package := _dotted(str(Path(path).parent))) in _graph().modules:
        yield package
    known, new = set[str](), {path}
    while new:
        known |= new
        names = [name.partition("templates/")[2] or name for name in new]
        new = {
            place
            for place, text in _sources().items()
            if place not in known and any(_mentions(text, name) for name in names)
        }
    modules = [_dotted(place) for place in sorted(known) if place.startswith(APPS)]
    if len(modules) <= FEW:
        yield from (module for module in modules if module in _graph().modules)


def _dotted(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _mentions(text: str, name: str) -> bool:
    return f'"{name}"' in text or f"'{name}'" in text


def _is_test(path: str) -> bool:
    return Path(path).name.startswith("test_") and path.startswith("tests/")


def _is_long(path: str) -> bool:
    """Return whether it repeats the same code many times, as its mark against coverage says."""
    return path not in ALWAYS and bool(
        re.search("^pytestmark = .*no_cover", _sources()[path], re.MULTILINE)
    )


def _tests_that_import(module: str) -> set[str]:
    importers = _graph().find_modules_that_directly_import(module)
    paths = (f"{each.replace('.', '/')}.py" for each in importers)
    return {path for path in paths if _is_test(path)}


def _tests_that_mention(path: str) -> list[str]:
    """For a document, a template or a script: the tests that mention it."""
    name = path.partition("templates/")[2] or Path(path).name
    if path.endswith(".py"):
        return []
    return [place for place, text in _sources().items() if _is_test(place) and name in text]


def _namesakes(module: str) -> list[str]:
    """Return the tests of its own name in the same app, then those of its package's name."""
    app, *inside = module.split(".")
    return [
        test for name in reversed(inside) for test in _tests_in(f"tests/{app}", f"test_{name}.py")
    ]


def _room(module: str) -> list[str]:
    """Return the tests of its folder; a top-level module may have a folder of its own name."""
    app, *inside = module.split(".")
    if app == "tests":
        return _tests_in("/".join([app, *inside[:-1]])) if len(inside) > 1 else []
    return _tests_in(f"tests/{app}/{inside[0]}") if inside else []


def _rooms_around(module: str) -> list[str]:
    """For a page, a form or a command: the tests of what it uses and of what uses it."""
    graph = _graph()
    around = sorted(graph.find_modules_directly_imported_by(module))
    around += sorted(graph.find_modules_that_directly_import(module))
    return [
        test
        for other in around
        if other.startswith(APPS) and module.startswith(APPS)
        for test in (_namesakes(other) or _room(other))
    ]


def _tests_named_like_a_folder_of(path: str) -> list[str]:
    """templates/admin/inquiries/queue/_row.html: tests/inquiries/triage/test_queue.py."""
    top, *folders = Path(path).parts
    if top != "templates":
        return []
    if folders[0] in LIBRARIES:
        return _tests_in(ROOM_OF_LIBRARIES)
    app = next((each for each in folders if each in APPS), "portal")
    names = {Path(each).stem.removeprefix("_") for each in folders} - {*APPS, "admin", "page"}
    return [
        test
        for name in sorted(names)
        for test in (
            *_tests_in(f"tests/{app}", f"test_{name}.py"),
            *_tests_in(f"tests/{app}/{name}"),
        )
    ]


def _tests_in(folder: str, pattern: str = "test_*.py") -> list[str]:
    found = sorted((REPOSITORY / folder).rglob(pattern))
    return [str(path.relative_to(REPOSITORY)) for path in found]


def _run(*command: str) -> None:
    ran = subprocess.run([sys.executable, "-m", *command], cwd=REPOSITORY, check=False)
    if ran.returncode:
        sys.exit(ran.returncode)


def _say(line: str) -> None:
    print(f"quick: {line}", flush=True)  # noqa: T201 - what somebody at the terminal waits for


if __name__ == "__main__":
    main()
