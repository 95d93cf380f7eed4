"""The command that imports references into the library prints one line of JSON for each entry."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from articles import library
from articles.models import Proposal, Reference
from articles.states import StepRefused
from portal.models import User
from tests.factories import make_draft, make_reference

pytestmark = pytest.mark.django_db

FRONT = """\
---
title: x
references:
  - {key: gu-2014, title: T, volume: 010, issue: 1:30, pages: 012, pmid: 0123456, year: 2014}
  - {key: b-2, title: "RETRACTED: B", volume: no}
  - {title: [x]}
---
Body
"""


def bring_in(*arguments: Any) -> tuple[int, list[dict[str, Any]], str]:
    out, err = StringIO(), StringIO()
    status = 0
    try:
        call_command("import_references", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as end:
        status = int(end.code or 0)
    return status, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.bib"
    path.write_text(
        "@article{a, author={Gu, F. and Wang, D. L.}, title={Cells}, year=2014, volume=010,"
        " journal={J}, number=2, pages={1--9}, doi={10.1000/a}, pmid={12}}\n"
        "@article{b, author={Jane Doe, John Smith, Mary Major}, title={Doubt}, year=2014}\n"
        "@article{c title={x}}\n"
        "@article{d, title={RETRACTED: Cells cure lupus}, year=2015}\n"
    )
    return path


def test_each_entry_gets_a_line_saying_what_was_imported(file: Path) -> None:
    status, lines, err = bring_in(file)
    assert status == 0
    assert lines[0] == {
        "key": "gu-2014",
        "authors": ["Gu F", "Wang DL"],
        "title": "Cells",
        "container": "J",
        "year": 2014,
        "volume": "010",
        "issue": "2",
        "pages": "1-9",
        "doi": "10.1000/a",
        "pmid": "12",
        "standing": "current",
        "problems": [],
        "taken": True,
    }
    assert [line["taken"] for line in lines] == [True, False, False, True]
    assert "may be several people" in lines[1]["problems"][0]
    assert lines[3]["standing"] == "retracted"
    assert lines[3]["problems"]
    assert f"{file}: line 2: not taken" in err
    assert Reference.objects.get(title__startswith="RETRACTED").standing == "retracted"
    assert Reference.objects.count() == 2


def test_importing_the_same_file_twice_changes_nothing(file: Path) -> None:
    bring_in(file)
    status, lines, _ = bring_in(file)
    assert status == 0
    assert not any(line["taken"] for line in lines)
    assert "The library already has this, as [@gu-2014]." in lines[0]["problems"]
    assert Reference.objects.count() == 2


def test_a_dry_run_says_what_would_be_imported_and_changes_nothing(file: Path) -> None:
    _, lines, _ = bring_in(file, "--dry-run")
    assert [line["taken"] for line in lines] == [True, False, False, True]
    assert not Reference.objects.exists()


def test_a_bad_file_is_named_and_the_rest_are_imported(file: Path, tmp_path: Path) -> None:
    picture, gone = tmp_path / "picture.bib", tmp_path / "gone.ris"
    picture.write_bytes(b"\x89PNG\x00\x01\x02\xff")
    status, lines, err = bring_in(picture, gone, file)
    assert status == 1
    assert f"{picture}: Line 1: This isn’t text" in err
    assert f"{gone}: No such file" in err
    assert lines[0]["key"] == "gu-2014"


def test_front_matter_text_stays_text_and_a_bad_reference_affects_no_other(
    tmp_path: Path,
) -> None:
    path = tmp_path / "post.md"
    path.write_text(FRONT)
    status, lines, _ = bring_in(path)
    first, second, third = lines
    assert status == 0
    kept = {name: first[name] for name in ("key", "volume", "issue", "pages", "pmid")}
    assert kept == {
        "key": "gu-2014", "volume": "010", "issue": "1:30", "pages": "012", "pmid": "123456",
    }  # fmt: skip
    assert (second["volume"], second["standing"]) == ("no", "retracted")
    assert (third["taken"], third["problems"]) == (
        False,
        ["“title” of a reference has to be text."],
    )


def test_duplicates_in_one_file_are_imported_once(tmp_path: Path) -> None:
    path = tmp_path / "twice.ris"
    entry = "TY  - JOUR\nTI  - {}\nDO  - 10.1000/a\nER  - \n"
    path.write_text(entry.format("One") + entry.format("Two"))
    _, lines, _ = bring_in(path)
    assert [line["taken"] for line in lines] == [True, False]
    assert "This is already in the file, at line 1." in lines[1]["problems"]


def test_a_key_can_be_changed_until_a_text_cites_it(editor: User) -> None:
    reference = make_reference("gu-f-2014")
    better = reference.as_source().__class__(key="gu-2014", title="T")
    reference = library.edit_reference(reference, better, version=1, by=editor)
    assert reference.key == "gu-2014"
    make_draft(body="A test can show protein. [@gu-2014]")
    again = better.__class__(key="other-2014", title="T")
    with pytest.raises(StepRefused, match="its key can’t change"):
        library.edit_reference(reference, again, version=2, by=editor)
    assert not Proposal.objects.exists()
