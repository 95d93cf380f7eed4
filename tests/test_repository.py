"""The files around the code agree with it: hooks, environment variables, the version."""

import ast
import re
import runpy
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from portal import __version__
from portal.config import environment
from portal.config.clinic import IN_WORDS

pytestmark = pytest.mark.once

REPOSITORY = Path(__file__).resolve().parent.parent
REQUIRED = {
    "SECRET_KEY": "for-this-test-only-0123456789-abcdefghijklmnopqrstuvwxyz",
    "FIELD_KEYS": "A" * 43,
}


def read(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


# --- Hooks and checks -----------------------------------------------------------------------------


def commands_of(target: str) -> list[str]:
    """Return the commands that `make` would run if its tools were up to date."""
    return subprocess.run(
        ["make", "--dry-run", "--no-print-directory", "--old-file=.venv/dev", target],  # noqa: S607
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()


def test_hooks_run_what_make_runs_and_download_nothing() -> None:
    repositories = yaml.safe_load(read(".pre-commit-config.yaml"))["repos"]
    assert {each["repo"] for each in repositories} == {"local"}
    hooks = [hook for each in repositories for hook in each["hooks"]]
    assert {hook["language"] for hook in hooks} == {"system"}
    assert {stage: hook["entry"] for hook in hooks for stage in hook["stages"]} == {
        "pre-commit": "make style",
        "pre-push": "make check",
    }
    style, check = commands_of("style"), commands_of("check")
    assert style
    assert check[: len(style)] == style


# --- What an operator may set ---------------------------------------------------------------------

READERS = {
    *("text", "required", "flag", "choice", "number", "numbers", "words", "mail", "keys"),
    *("database", "return_address", "mailbox", "secret", "address", "web_address", "contact"),
    "_text",  # defined in portal/config/clinic.py
}
#: Set by the demo for itself, by Django's own entry points, by systemd, and for a library.
NOT_SET_BY_OPERATORS = {
    *("PORTAL_DEMO_PASSWORD", "DJANGO_SETTINGS_MODULE"),
    *("NOTIFY_SOCKET", "RUNTIME_DIRECTORY", "PROMETHEUS_MULTIPROC_DIR"),
}


def variables_read(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(attr=reader) | ast.Name(id=reader),
                args=[ast.Constant(value=str(name)), *_],
            ) if reader in READERS:
                yield name
            case (
                ast.Call(
                    func=ast.Attribute(value=ast.Attribute(attr="environ"), attr="get"),
                    args=[ast.Constant(value=str(name)), *_],
                )
                | ast.Subscript(
                    value=ast.Attribute(attr="environ"), slice=ast.Constant(value=str(name))
                )
            ):
                yield name


@cache
def names_in_code() -> frozenset[str]:
    sources = (
        path.read_text(encoding="utf-8")
        for app in ("articles", "inquiries", "portal")
        for path in (REPOSITORY / app).rglob("*.py")
    )
    found = {
        name
        for source in sources
        if "environ" in source
        for name in variables_read(ast.parse(source))
        if re.fullmatch(r"[A-Z][A-Z_]+", name)
    }
    languages = [code.upper() for code, _ in settings.LANGUAGES[1:]]
    found |= {f"{name}_{language}" for name in IN_WORDS.values() for language in languages}
    found |= {f"{name}_FILE" for name in environment.SECRETS}
    return frozenset(found - NOT_SET_BY_OPERATORS)


def example() -> dict[str, str]:
    """Return the variables of .env.example as a shell would read them without the `#`."""
    found: dict[str, str] = {}
    for line in read(".env.example").splitlines():
        if match := re.fullmatch(r"#?([A-Z][A-Z_]+)=(.*)", line):
            name, value = match.groups()
            assert name not in found
            found[name] = "".join(shlex.split(value))
        else:
            assert re.fullmatch(r"(# .*|#)?", line), line
    return found


def test_the_example_and_manual_name_the_settings_the_code_reads() -> None:
    manual = re.findall(r"^\| (`[A-Z_`, ]+`) \|", read("docs/operations/settings.md"), re.MULTILINE)
    assert {name for row in manual for name in re.findall(r"[A-Z_]+", row)} == names_in_code()
    assert example().keys() == names_in_code()


def settings_with(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> dict[str, Any]:
    for name in names_in_code():
        monkeypatch.delenv(name, raising=False)
    for name, value in (values | REQUIRED).items():
        monkeypatch.setenv(name, value)
    loaded = runpy.run_path(str(REPOSITORY / "portal/settings.py"))
    return {name: value for name, value in loaded.items() if name.isupper()}


def test_the_example_contains_the_defaults_and_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    given = example()
    assert not any(given[name] for name in given if re.search("KEY|SECRET|PASSWORD", name))
    assert settings_with(monkeypatch, given) == settings_with(monkeypatch, {})
    assert environment.number("PORT", int(given["PORT"])) == 8000


def test_a_filled_in_example_is_never_committed() -> None:
    ignored = read(".gitignore").splitlines()
    assert ".env" in ignored
    assert ".env.example" not in ignored


# --- The version ----------------------------------------------------------------------------------


def test_the_version_is_the_same_everywhere() -> None:
    assert tomllib.loads(read("pyproject.toml"))["project"]["version"] == __version__
    heading = re.compile(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$", re.MULTILINE)
    newest, *_ = heading.findall(read("CHANGELOG.md"))
    assert newest == __version__


# --- What documents name --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/architecture.md"]
)
def test_documents_name_only_what_exists(name: str) -> None:
    text = read(name)
    named = re.findall(r"`((?:articles|docs|inquiries|portal|templates|tests)/[\w./*-]+)`", text)
    rooms = re.findall(r"^\| in `(\w+)/` \|(.*?)\n\n", text, re.MULTILINE | re.DOTALL)
    named += [
        f"{app}/{room}"
        for app, rows in rooms
        for room in re.findall(r"^\| `(\w+/)`", rows, re.MULTILINE)
    ]
    missing = [path for path in named if not [*REPOSITORY.glob(path)]]
    linked = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    missing += [path for path in linked if not (REPOSITORY / name).parent.joinpath(path).exists()]
    assert not missing
