"""No secret ends up in a shell's history: none is typed on a command line, and none is printed."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from portal.config import environment

REPOSITORY = Path(__file__).resolve().parents[3]
OURS = ("articles", "inquiries", "portal")
SECRET = r"\w*(?:SECRET|KEYS?|PASSWORD|TOKEN|_URL)\w*"
#: A secret with a value, before a command or in an export.
TYPED = re.compile(rf"(?:^|\s|export )({SECRET})=(?!\s|$|\"?\$)(\S+)")
PUBLIC = {"PORTAL_URL", "OIDC_SERVER_URL"}


def make(file: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "portal.config.new_secrets", str(file), *words]
    env = {"PATH": os.environ["PATH"]}
    return subprocess.run(
        command, cwd=REPOSITORY, env=env, umask=0, check=False, text=True, capture_output=True
    )


def value_of(file: Path, name: str) -> str:
    found = re.search(rf"^{name}=(.*)$", file.read_text(), re.MULTILINE)
    assert found
    return found[1]


def test_secrets_are_written_to_an_owner_only_file_and_not_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "portal.env"
    made = make(file)
    assert made.returncode == 0, made.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    key, secret = value_of(file, "FIELD_KEYS"), value_of(file, "SECRET_KEY")
    assert len(secret) >= 50
    assert key not in made.stdout + made.stderr
    assert secret not in made.stdout + made.stderr
    again = make(file)
    assert (again.returncode, value_of(file, "FIELD_KEYS")) == (1, key), "never overwritten"
    more = make(file, "--field-key")
    assert more.returncode == 0
    newest, old = value_of(file, "FIELD_KEYS").split(",")
    assert old == key
    assert newest not in more.stdout
    assert file.stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("FIELD_KEYS", value_of(file, "FIELD_KEYS"))
    assert len(environment.keys("FIELD_KEYS", "")) == 2
    assert make(tmp_path / "none.env", "--field-key").returncode == 1


@pytest.mark.parametrize("form", ["{}", "A=1\nFIELD_KEYS={}\nB=2\n"])
def test_a_new_key_can_be_made_known_before_it_is_used(tmp_path: Path, form: str) -> None:
    """The file may be one with settings, or the one that FIELD_KEYS_FILE names."""
    file, old = tmp_path / "keys", ["a" * 43, "b" * 43 + "="]
    file.write_text(form.format(",".join(old)))
    before, after = form.split("{}")

    def keys() -> list[str]:
        return file.read_text().removeprefix(before).removesuffix(after).split(",")

    assert make(file, "--field-key=last").returncode == 0
    assert keys()[:-1] == old
    new = keys()[-1]
    raised = make(file, "--field-key=raise")
    assert keys() == [new, *old]
    assert "then run manage.py rotate_keys" in raised.stdout
    assert new not in raised.stdout
    assert make(file, "--field-key=first").returncode == 0
    assert keys()[1:] == [new, *old]
    file.write_text("neither settings nor keys")
    assert make(file, "--field-key").returncode == 1


@pytest.mark.parametrize(
    "document",
    [
        *sorted(REPOSITORY.glob("*.md")),
        *sorted((REPOSITORY / "docs").rglob("*.md")),
    ],
    ids=lambda path: str(path.relative_to(REPOSITORY)),
)
def test_no_document_asks_anyone_to_type_a_secret_on_a_command_line(document: Path) -> None:
    in_shell = False
    for line in document.read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            in_shell = not in_shell
        elif in_shell:
            typed = {name for name, _ in TYPED.findall(line)} - PUBLIC
            assert not typed, line
            assert "print(" not in line, line


def test_none_of_our_commands_takes_a_secret_as_an_argument() -> None:
    for name, app in get_commands().items():
        if app in OURS:
            parser = load_command_class(app, name).create_parser("manage.py", name)
            options = [each.dest for each in parser._actions]
            assert not re.findall(r"(?i)password|secret|key|token|code\b", " ".join(options)), name


def test_no_hint_for_a_setting_says_to_print_a_secret() -> None:
    settings = (REPOSITORY / "portal/settings.py").read_text(encoding="utf-8")
    assert "print(" not in settings
    assert "new_secrets" in settings
