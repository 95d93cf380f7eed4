"""A secret may come from a file, from systemd, or from a command; never from two places."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.config import addresses, environment
from tests.inquiries.encryption.keys import FIRST, SECOND, written
from tests.portal.real_site import PRODUCTION, REPOSITORY

pytestmark = pytest.mark.once

SECRET = "postgresql://portal:hidden-word@127.0.0.1/portal"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in environment.SECRETS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(environment, "secret_files", {})
    yield
    environment._run_command.cache_clear()


@pytest.mark.parametrize("name", environment.SECRETS)
def test_every_secret_can_come_from_a_file_or_a_credential(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / name.lower()
    file.write_text(f"{SECRET}\n")
    with monkeypatch.context() as patch:
        patch.setenv(f"{name}_FILE", str(file))
        assert environment.text(name) == SECRET
        assert environment.secret_files == {name: file}
    with monkeypatch.context() as patch:
        patch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
        assert environment.text(name) == SECRET
    assert environment.text(name, "none") == "none"


def test_a_file_may_have_a_line_for_each_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keys").write_text(f"{written(FIRST)}\n{written(SECOND)},\n\n{'A' * 43}\n")
    monkeypatch.setenv("FIELD_KEYS_FILE", str(tmp_path / "keys"))
    assert environment.keys("FIELD_KEYS", "") == [FIRST, SECOND, bytes(32)]


def test_a_secret_given_in_two_places_stops_the_start_without_naming_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "field_keys").write_text(written(FIRST))
    monkeypatch.setenv("FIELD_KEYS_FILE", str(tmp_path / "field_keys"))
    others = {
        "FIELD_KEYS": (written(SECOND), "FIELD_KEYS and FIELD_KEYS_FILE"),
        "FIELD_KEYS_COMMAND": ("echo none", "FIELD_KEYS_FILE and FIELD_KEYS_COMMAND"),
        "CREDENTIALS_DIRECTORY": (
            str(tmp_path),
            "FIELD_KEYS_FILE and the systemd credential field_keys",
        ),
    }
    for name, (value, both) in others.items():
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            with pytest.raises(ImproperlyConfigured) as refused:
                environment.text("FIELD_KEYS")
        assert str(refused.value) == f"{both} are both given. Keep only one of them."


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("missing", "which can't be read: No such file or directory."),
        ("empty", "which is empty. Write the secret into it."),
        ("folder", "which is not a plain file."),
        ("pipe", "which is not a plain file."),
        ("no text", "which is not text."),
        ("the secret itself", "which can't be read: No such file or directory."),
    ],
)
def test_a_file_that_gives_no_secret_stops_the_start_and_is_not_repeated(
    kind: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "hidden-word"
    match kind:
        case "empty":
            file.write_text(" \n")
        case "folder":
            file.mkdir()
        case "pipe":
            os.mkfifo(file)
        case "no text":
            file.write_bytes(b"\xff\xfe")
        case "the secret itself":
            file = Path("hidden-word-1")
    monkeypatch.setenv("SECRET_KEY_FILE", str(file))
    with pytest.raises(ImproperlyConfigured) as refused:
        environment.required("SECRET_KEY", "Set it.")
    assert str(refused.value) == f"SECRET_KEY_FILE names a file {says}"


def test_field_keys_can_come_from_a_command_that_runs_once_and_without_a_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = tmp_path / "runs"
    program = tmp_path / "give keys"
    program.write_text(f'#!/bin/sh\necho "$1" >> "{runs}"\necho "{written(FIRST)}"\n')
    program.chmod(0o700)
    monkeypatch.setenv("FIELD_KEYS_COMMAND", f"'{program}' '$HOME; a b'")
    for _ in range(2):
        assert environment.keys("FIELD_KEYS", "") == [FIRST]
    assert runs.read_text() == "$HOME; a b\n"


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("sh -c 'echo hidden-word; echo hidden-word >&2; exit 3'", "failed with status 3"),
        ("true", "printed nothing"),
        ("/no/such/hidden-word", "can't be started"),
        ("sh -c 'hidden-word", "can't be started"),
        (r"printf '\377'", "printed something other than text"),
        ("sh -c 'echo hidden-word; sleep 60'", "took longer than 0.2 seconds"),
    ],
)
def test_a_command_that_fails_stops_the_start_and_its_output_appears_nowhere(
    command: str,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    if "sleep" in command:
        monkeypatch.setattr(environment, "COMMAND_SECONDS", 0.2)
    monkeypatch.setenv("FIELD_KEYS_COMMAND", command)
    with pytest.raises(ImproperlyConfigured) as refused:
        environment.keys("FIELD_KEYS", "Set it.")
    assert str(refused.value) == (
        f"FIELD_KEYS_COMMAND {says}. Run it by hand, as the user that serves the site."
    )
    assert "hidden-word" not in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://portal:hidden@word@[127.0.0.1/portal"),
        ("DATABASE_URL", "hidden-word"),
        ("EMAIL_URL", "smtp://portal:hidden/word@127.0.0.1"),
    ],
)
def test_an_address_that_can_not_be_read_is_named_and_not_repeated(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured) as refused:
        _ = addresses.mail(name) if name == "EMAIL_URL" else addresses.database(name, "")
    assert str(refused.value).startswith(f"{name} isn't an address like ")
    assert "hidden" not in str(refused.value)
    assert "word@" not in str(refused.value).replace("password@", "")


def test_the_site_starts_with_all_its_secrets_in_files(tmp_path: Path) -> None:
    given = {**PRODUCTION, "EMAIL_URL": f"file://{tmp_path}"}
    env = {"PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(tmp_path / "data")}
    for name, value in given.items():
        if name in environment.SECRETS:
            (tmp_path / name).write_text(value)
            env[f"{name}_FILE"] = str(tmp_path / name)
        else:
            env[name] = value
    words = "from django.conf import settings as s; print(len(s.FIELD_KEYS), s.EMAIL_BACKEND)"
    started = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", words],
        cwd=REPOSITORY, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert started.stdout == "1 django.core.mail.backends.filebased.EmailBackend\n", started.stderr


def test_a_demo_folder_does_not_override_a_secret_from_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "demo.env").write_text("SECRET_KEY=of-the-demo\nSTAFF_MFA=optional\n")
    (tmp_path / "key").write_text("of-production")
    monkeypatch.delenv("STAFF_MFA", raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    environment.load_demo_file(tmp_path)
    assert "STAFF_MFA" not in os.environ
    assert not environment.is_demo(tmp_path)
