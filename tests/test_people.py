"""Patients, callers and colleagues may be of any gender: no text assumes a woman or a man."""

import re
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
#: Also matches part of a name in code, such as `to_her`.
GENDERED = re.compile(
    r"(?<![a-z])(?:she|hers?|herself|he|his|him|himself)(?![a-z])", re.ASCII | re.IGNORECASE
)
#: What people type, quotations of texts and sources, and this rule itself.
QUOTED = (
    "articles/checking/evidence_cards.py",  # “lost her life” counts as a death
    "articles/migrations/synonyms.txt",  # what readers type
    "articles/rendering/sentences.py",  # words that start a sentence in an article
    "articles/search/silent_words/",
    "inquiries/danger/",
    "inquiries/migrations/",
    "inquiries/forms/contact_details.py",  # example pronouns
    "inquiries/forms/front_desk_words.py",
    "inquiries/triage/function_words/",
    "portal/demo/",
    "templates/admin/inquiries/dangerphrase/_pattern_language.html",
    "tests/articles/checking/test_plain.py",  # a list of plain words
    "tests/articles/texts.py",
    "tests/bench/",  # what senders write
    "tests/inquiries/contact_details/test_single_lines.py",  # what senders write
    "tests/inquiries/danger/",
    "tests/inquiries/reports/test_bursts.py",
    "tests/inquiries/triage/test_burst_rows.py",
    "tests/portal/function_words.py",
    "tests/test_people.py",
)
#: Text files, but not pictures, fonts or catalogs of other languages.
ENDINGS = {".css", ".html", ".js", ".md", ".py", ".sh", ".toml", ".txt", ".yaml", ".yml", ""}


def found_in(text: str) -> list[str]:
    return [
        f"{number}: {line.strip()}"
        for number, line in enumerate(text.splitlines(), 1)
        if GENDERED.search(line)
    ]


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ("She called.", True),
        ("what is hers", True),
        ("to_her = 1", True),
        ("HIS_NAME", True),
        ("they called; here, there, the other one", False),
        ("a hero, a history, himalaya, ushers", False),
    ],
)
def test_gendered_pronouns_are_found(line: str, *, is_found: bool) -> None:
    assert bool(found_in(line)) is is_found


def test_nobody_is_called_she_or_he() -> None:
    listed = subprocess.run(
        ["git", "ls-files"],  # noqa: S607 - whichever git this machine has
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.splitlines()
    if not listed:
        pytest.skip("not a git checkout")
    texts = {
        name: (REPOSITORY / name).read_text(encoding="utf-8")
        for name in listed
        if Path(name).suffix in ENDINGS
        and not name.startswith(QUOTED)
        and (REPOSITORY / name).is_file()
    }
    assert len(texts) > 100, "the whole project was looked at"
    found = {name: lines for name, text in texts.items() if (lines := found_in(text))}
    assert not found, "say they, the patient, the sender, the colleague, or a name"
