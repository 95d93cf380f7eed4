"""FIELD_KEYS are read newest first, refused if they are wrong, and never echoed."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.config import environment
from tests.inquiries.encryption.keys import FIRST, SECOND, manage, written

pytestmark = pytest.mark.django_db

WRONG = {
    "empty": "",
    "blank": "   ",
    "only a comma": ",",
    "no base64": "correct!horse!battery!staple",
    "16 bytes": written(FIRST[:16]),
    "31 bytes": written(FIRST[:31]),
    "33 bytes": written(FIRST + b"x"),
    "hexadecimal": FIRST.hex(),
    "a comma too much": f"{written(FIRST)},",
    "a comma before": f",{written(FIRST)}",
    "semicolons": f"{written(FIRST)};{written(SECOND)}",
    "two in one": written(FIRST).rstrip("=") + written(SECOND),
    "padding within": f"{written(FIRST)}{written(SECOND)}",
    "in quotes": f'"{written(FIRST)}"',
    "beyond ASCII": "é" * 43,
    "a second of 16 bytes": f"{written(FIRST)},{written(SECOND[:16])}",
    "the same twice": f"{written(FIRST)},{written(FIRST)}",
    "the same, otherwise written": f"{written(FIRST)}, {written(FIRST).rstrip('=')}",
}


@pytest.mark.parametrize("value", WRONG.values(), ids=WRONG)
def test_a_wrong_value_is_rejected_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("FIELD_KEYS", value)
    with pytest.raises(ImproperlyConfigured) as refused:
        environment.keys("FIELD_KEYS", "Set it.")
    said = str(refused.value)
    assert said.startswith("FIELD_KEYS")
    assert "\n" not in said
    for word in value.replace(",", " ").split():
        assert word not in said


@pytest.mark.parametrize(
    "value",
    [
        f"{written(FIRST)},{written(SECOND)}",
        f"{written(FIRST).rstrip('=')},{written(SECOND).rstrip('=')}",
        f"  {written(FIRST)} , {written(SECOND)}\n",
    ],
    ids=["as made", "without padding", "with blanks"],
)
def test_keys_are_read_newest_first(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("FIELD_KEYS", value)
    assert environment.keys("FIELD_KEYS", "Set it.") == [FIRST, SECOND]


@pytest.mark.once
def test_startup_with_a_wrong_value_stops_with_one_line_that_says_what_to_do(
    tmp_path: Path,
) -> None:
    secret = written(SECOND[:16])
    values = [None, "", f"{written(FIRST)},{secret}", f"{written(FIRST)},{written(FIRST)}"]
    with ThreadPoolExecutor(2) as pool:
        stopped = list(
            pool.map(
                lambda value: manage(
                    "check", folder=tmp_path, **({} if value is None else {"FIELD_KEYS": value})
                ),
                values,
            )
        )
    for each in stopped:
        assert each.returncode == 1
        (line,) = each.stderr.strip().splitlines()
        assert "FIELD_KEYS" in line
        assert "32 random bytes in URL-safe base64, newest first" in line
        assert secret not in line
    assert "is not set" in stopped[0].stderr
    assert "key 2 is not 32 bytes" in stopped[2].stderr
    assert "has the same key twice" in stopped[3].stderr
