"""Settings are safe by default, and clear about what is wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory, override_settings
from django.utils import translation

from portal.config import environment
from portal.config.checks import clinic_phone_can_be_dialed
from portal.config.clinic import Clinic
from portal.errors import server_error

pytestmark = pytest.mark.once

REPOSITORY = Path(__file__).resolve().parents[3]
PRODUCTION = {
    "SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
    "FIELD_KEYS": "A" * 43,
    "ALLOWED_HOSTS": "portal.example",
}


SPAIN = {
    "CLINIC_COUNTRY": "es",
    "CLINIC_EMERGENCY_NUMBER": "112",
    "CLINIC_HOURS": "Monday to Friday, 9 to 17",
}


def manage(*arguments: str, data_dir: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py as an operator does, with only this environment."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=REPOSITORY,
        env={"PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(data_dir), **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_deploy_check_is_silent_under_production_settings(tmp_path: Path) -> None:
    checked = manage(
        "check", "--deploy", "--fail-level", "WARNING", data_dir=tmp_path, **PRODUCTION
    )
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout
    assert checked.stderr == ""


@pytest.mark.parametrize(
    ("mistake", "error"),
    [
        ({"CLINIC_PHONE": "call us"}, "portal.E001"),
        ({"ALLOWED_HOSTS": "*"}, "portal.E002"),
        ({"PORTAL_RATE_LIMITS": "off"}, "portal.W001"),
        ({"PORTAL_BOUNCE_SECRET": "only-for-this-test-0123456789-abc"}, "portal.E030"),
        (
            {
                "OIDC_SERVER_URL": "http://idp.example",
                "OIDC_CLIENT_ID": "portal",
                "OIDC_CLIENT_SECRET": "only-for-this-test",
            },
            "portal.E010",
        ),
    ],
)
def test_inconsistent_settings_fail_the_deploy_check(
    tmp_path: Path, mistake: dict[str, str], error: str
) -> None:
    """The check runs as an operator runs it, because an unregistered check would not run at all."""
    env = PRODUCTION | mistake
    checked = manage("check", "--deploy", "--fail-level", "WARNING", data_dir=tmp_path, **env)
    assert checked.returncode == 1
    assert error in checked.stderr


def test_passwords_are_hashed_slowly_in_production(tmp_path: Path) -> None:
    """The other tests use a fast hash. OWASP asks for 600,000 rounds of this one."""
    made = manage(
        "shell",
        "--no-imports",
        "-c",
        "from django.contrib.auth.hashers import make_password; print(make_password('lantern'))",
        data_dir=tmp_path,
        **PRODUCTION,
    )
    algorithm, rounds, _, _ = made.stdout.strip().split("$")
    assert algorithm == "pbkdf2_sha256"
    assert int(rounds) >= 600_000


@pytest.mark.parametrize("command", ["check", "migrate", "import_posts"])
def test_a_missing_secret_stops_every_command_with_a_hint(tmp_path: Path, command: str) -> None:
    stopped = manage(command, data_dir=tmp_path)
    assert stopped.returncode == 1
    assert "SECRET_KEY is not set. Set it to 50 or more" in stopped.stderr
    assert "Traceback" not in stopped.stderr


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("DEBUG", "perhaps", "DEBUG is 'perhaps'. Set it to on or off."),
        ("CLINIC_TIME_ZONE", "Mars/Olympus", "CLINIC_TIME_ZONE is 'Mars/Olympus'"),
        ("PORTAL_DATABASE_POOL", "many", "PORTAL_DATABASE_POOL is 'many'"),
        ("PORTAL_RETENTION_DAYS", "withdrawn=0", "PORTAL_RETENTION_DAYS has 'withdrawn=0'"),
        ("PORTAL_RETENTION_DAYS", "answered=-5", "PORTAL_RETENTION_DAYS has 'answered=-5'"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, name: str, value: str, message: str) -> None:
    env = PRODUCTION | {"DATABASE_URL": "postgresql://127.0.0.1/none", name: value}
    stopped = manage("check", data_dir=tmp_path, **env)
    assert stopped.returncode == 1
    assert message in stopped.stderr


def test_a_command_run_beside_the_demo_finds_its_secrets(tmp_path: Path) -> None:
    (tmp_path / environment.DEMO_FILE).write_text(
        f"SECRET_KEY=from-the-demo-0123456789-abcdefghijklmnopqrstuvwxyz\nFIELD_KEYS={'A' * 43}\n"
        "PORTAL_HTTPS=off\n\n"
    )
    shown = manage("diffsettings", data_dir=tmp_path)
    assert "from-the-demo" in shown.stdout
    assert "SESSION_COOKIE_SECURE" not in shown.stdout, "off, as Django has it from the start"


def test_an_installation_with_its_own_secrets_ignores_those_of_the_demo(tmp_path: Path) -> None:
    (tmp_path / environment.DEMO_FILE).write_text("SECRET_KEY=from-the-demo\nPORTAL_HTTPS=off\n")
    shown = manage("diffsettings", data_dir=tmp_path, **PRODUCTION)
    assert "from-the-demo" not in shown.stdout
    assert "SESSION_COOKIE_SECURE = True" in shown.stdout


@pytest.mark.parametrize(
    ("typed", "value"),
    [("on", True), ("1", True), ("YES", True), ("off", False), ("false", False), ("", True)],
)
def test_a_flag_accepts_the_usual_words(
    monkeypatch: pytest.MonkeyPatch, typed: str, value: bool
) -> None:
    monkeypatch.setenv("SWITCH", typed)
    assert environment.flag("SWITCH", default=True) is value


def test_words_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORDS", " a, b ,,c")
    assert environment.words("WORDS") == ["a", "b", "c"]


def test_omitted_values_keep_their_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAYS", " b=7 ,")
    assert environment.numbers("DAYS", {"a": 1, "b": 2}) == {"a": 1, "b": 7}
    for days in (1, 99_999):
        monkeypatch.setenv("DAYS", f"a={days}")
        assert environment.numbers("DAYS", {"a": 30}) == {"a": days}


@pytest.mark.parametrize(
    "typed",
    [
        *("0", "00", "-1", "+1", "1.5", "1e3", "100000", "many", "", " ", "٣", "²", "nan", "True"),
        *("1=2", "1 day", "'30'", "0x10"),
    ],
)
def test_an_invalid_number_of_days_is_refused(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setenv("DAYS", f"a={typed}")
    with pytest.raises(ImproperlyConfigured, match=r"DAYS has .*a whole number from 1 to 99999"):
        environment.numbers("DAYS", {"a": 30})


@pytest.mark.parametrize("typed", ["c=1", "=1", "a", "A=1", "a,b=1"])
def test_days_for_unknown_keys_are_refused(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setenv("DAYS", typed)
    with pytest.raises(ImproperlyConfigured, match=r"DAYS has .*The key is one of a, b"):
        environment.numbers("DAYS", {"a": 30, "b": 30})


def test_duplicate_days_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAYS", "a=30,b=1,a=2190")
    with pytest.raises(ImproperlyConfigured, match="DAYS has 'a' twice"):
        environment.numbers("DAYS", {"a": 30, "b": 30})


def clinic(monkeypatch: pytest.MonkeyPatch, **values: str) -> Clinic:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return Clinic.from_environment()


def test_each_additional_language_has_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLINIC_HOURS_ES", "De 9 a 5")
    monkeypatch.setenv("CLINIC_INTERESTS", "We earn nothing.")
    ours = Clinic.from_environment(["es"])
    with translation.override("es"):
        assert ours.in_language_of_page().hours == "De 9 a 5"
        assert ours.in_language_of_page().interests == '<span lang="en">We earn nothing.</span>'
        assert ours.in_language_of_mail().interests == "We earn nothing."
    assert ours.in_language_of_page() is ours, "in the first language nothing is to be done"


def test_a_phone_number_can_be_dialed_as_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert clinic(monkeypatch, CLINIC_PHONE="(202) 555-0123").phone_href == "tel:+1-202-555-0123"
    assert clinic(monkeypatch, CLINIC_PHONE="").phone_href == ""
    assert clinic(monkeypatch, CLINIC_PHONE="600 000 000", **SPAIN).phone_href == (
        "tel:+34-600-00-00-00"
    )


def test_a_number_that_no_phone_can_dial_fails_the_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert clinic_phone_can_be_dialed() == []
    with override_settings(CLINIC=clinic(monkeypatch, CLINIC_PHONE="call us")):
        errors = clinic_phone_can_be_dialed()
    assert [error.id for error in errors] == ["portal.E001"]
    assert "'call us'" in errors[0].msg
    with override_settings(CLINIC=clinic(monkeypatch, CLINIC_PHONE="", CLINIC_TTY="by TTY")):
        (error,) = clinic_phone_can_be_dialed()
    assert error.msg.startswith("CLINIC_TTY")


def test_in_the_us_deaf_people_are_told_about_relay_and_text_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Patient 9: the relay number (711) and texts to 911 were missing."""
    ours = clinic(monkeypatch, CLINIC_TTY="202 555 0124", CLINIC_TEXT_NUMBER="202 555 0125")
    assert (ours.emergency_text, ours.relay_number) == ("911", "711")
    assert (ours.tty_href, ours.text_href) == ("tel:+1-202-555-0124", "sms:+12025550125")


@pytest.mark.parametrize("country", ["XX", "UK", "USA", "AQ"])
def test_an_unknown_country_is_refused(monkeypatch: pytest.MonkeyPatch, country: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="CLINIC_COUNTRY"):
        clinic(monkeypatch, CLINIC_COUNTRY=country)


@pytest.mark.parametrize("missing", ["CLINIC_EMERGENCY_NUMBER", "CLINIC_HOURS"])
def test_abroad_no_one_is_sent_to_an_american_number(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    abroad = clinic(monkeypatch, **SPAIN)
    assert (abroad.emergency_number, abroad.crisis_line) == ("112", "")
    assert (abroad.emergency_text, abroad.relay_number) == ("", "")
    monkeypatch.delenv(missing)
    with pytest.raises(ImproperlyConfigured, match=f"{missing} is not set"):
        Clinic.from_environment()


def test_the_error_page_shows_the_clinics_own_emergency_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with override_settings(CLINIC=clinic(monkeypatch, **SPAIN)):
        page = server_error(RequestFactory().get("/")).content.decode()
    assert "112" in page
    assert "911" not in page
    assert "988" not in page


def test_an_unknown_time_zone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match="IANA name"):
        clinic(monkeypatch, CLINIC_TIME_ZONE="../etc/passwd")
