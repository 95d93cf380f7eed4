"""Every drill, as a long proof; and how drills are found, run, and reported."""

import tempfile
from pathlib import Path

import pytest

from tests import drills
from tests.drills import Drill, NotRun

pytestmark = pytest.mark.once


@pytest.mark.proof
@pytest.mark.parametrize("each", drills.load_drills(), ids=lambda each: each.sentence)
def test_every_drill_passes(each: Drill) -> None:
    # Not in pytest's folder: it keeps that to root, and the servers run as somebody else.
    with tempfile.TemporaryDirectory(prefix="portal-drill-") as folder:
        Path(folder).chmod(0o711)
        try:
            each.act(Path(folder))
        except NotRun as reason:
            pytest.skip(str(reason))


def test_a_drill_is_found_by_its_module_or_by_words_of_its_sentence() -> None:
    both = [each for each in drills.load_drills() if each.module == "restore"]
    assert drills.find_drills(["restore"]) == both != []
    assert drills.find_drills(["postgresql: everything"]) == [
        each for each in both if each.sentence.startswith("PostgreSQL")
    ]
    assert drills.find_drills(["no such words"]) == []
    assert drills.find_drills([]) == drills.load_drills()


def test_each_drill_has_a_verdict_and_a_missing_program_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(_: Path) -> None:
        raise AssertionError("something was lost")

    def need(_: Path) -> None:
        drills.need_programs("no-such-program")

    def leave_a_file(folder: Path) -> None:
        (folder / "file").write_text("kept for this drill")

    failed, missing, passed = (
        drills.run_drill(Drill("none", "It does.", act)) for act in (fail, need, leave_a_file)
    )
    assert (failed.verdict, passed.verdict) == ("FAILED", "passed")
    assert "something was lost" in capsys.readouterr().err
    assert str(missing).startswith("not run ")
    assert str(missing).endswith("It does. (no-such-program is not installed)")
