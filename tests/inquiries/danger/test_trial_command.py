"""The command that tries sentences against the danger patterns."""

import io
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from inquiries.danger import phrases

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> None:
    phrases.clear_cache()


def test_intake_sentences_can_be_tried_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "sentences.txt"
    file.write_bytes("My daughter wants to die\nHello\n\nQu\xe9 tal\n".encode("latin-1"))
    out = io.StringIO()
    call_command("try_danger_words", str(file), stdout=out)
    assert out.getvalue().splitlines() == [
        *("marked\tMy daughter wants to die", "clear\tHello", "clear\t", "clear\tQu\ufffd tal"),
    ]


def test_sentences_can_be_tried_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    given_ = SimpleNamespace(buffer=io.BytesIO(b"Quiero morir\r\nHola"))
    monkeypatch.setattr("sys.stdin", given_)
    call_command("try_danger_words", stdout=out)
    assert out.getvalue() == "marked\tQuiero morir\nclear\tHola\n"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.txt can’t be read"):
        call_command("try_danger_words", str(tmp_path / "nowhere.txt"))
