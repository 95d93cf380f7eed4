"""The checks as a whole: a typical clinic post is refused by name, and our own articles pass."""

import json
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from articles import checking
from articles.checking import Level, run_checks
from articles.checking.all_checks import CHECKS, checks_for
from articles.checking.attestations import SAYS_THE_SAME
from articles.checking.parsed_text import parse_text
from articles.content import Content
from articles.rendering.library_snapshot import GlossaryEntry, LibrarySnapshot, Source, StudyDesign
from portal import demo
from tests.articles.texts import FINDING, GOOD, LIBRARY, spots, spots_of

DEMO = Path(demo.__file__).parent

#: It has the faults of typical clinic blog posts, and was written for this test.
POST = Content(
    title="Magnetic Slippers for Tired Ankles",
    body="""\
About half of all people have tired ankles. Rest and pills can have serious side effects.

In a study, doctors gave slippers to 64 patients. Incredibly, 62.5% of the wearers enjoyed a
complete recovery after 3 months! The results were so profound that they were able to walk
significantly further. Importantly, the slippers did not cause any apparent side effects.

This breakthrough is exciting news.
""",
)


def test_a_typical_post_is_refused_and_its_faults_are_named() -> None:
    refused = {
        each.check.id: each for each in checking.blocking(run_checks(POST, LibrarySnapshot()))
    }
    assert set(refused) == {
        *("stage", "summary", "key-points", "references", "figures-cited"),
        *("percentages-counted", "missing-harms", "hype", "absolute-safety"),
    }
    words = {spot.why.split("”")[0].strip("“") for spot in refused["hype"].issues}
    assert words == {
        *("incredibly", "enjoyed", "profound", "significantly", "breakthrough", "exciting"),
    }
    [bare] = refused["percentages-counted"].issues
    assert (bare.where, "62.5%" in bare.quote) == ("body line 3", True)
    assert "complete recovery" in refused["missing-harms"].issues[0].quote
    assert len(refused["figures-cited"].issues) == 3


def read_demo(path: Path) -> tuple[Content, LibrarySnapshot]:
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    fields: dict[str, Any] = yaml.safe_load(front)
    glossary = yaml.safe_load((DEMO / "glossary.yaml").read_text(encoding="utf-8"))
    library = LibrarySnapshot(
        language=fields.get("language", "en"),
        sources={
            each["key"]: Source(**each | {"design": StudyDesign(each["design"])})
            for each in fields["references"]
        },
        terms=tuple(
            GlossaryEntry(
                slug="",
                name=each["name"],
                definition=each["definition"],
                forms=tuple(each["forms"]),
            )
            for each in glossary
        ),
    )
    content = Content(
        title=fields["title"],
        summary=fields["summary"],
        key_points="\n".join(fields["key_points"]),
        body=body.strip(),
        stage=fields["stage"],
    )
    return content, library


@pytest.mark.parametrize("path", sorted(DEMO.glob("*.md")), ids=lambda path: path.stem)
def test_our_own_articles_pass_at_grade_8_without_warnings(path: Path) -> None:
    content, library = read_demo(path)
    answers = run_checks(content, library)
    assert checking.blocking(answers) == ()
    assert checking.warnings(answers) == ()
    if library.language == "en":  # the readability formula is for English
        assert 3 < checking.measure_readability(content)[0] <= 8
    assert set(parse_text(content, library).cites) == set(library.sources)


def test_the_good_text_passes() -> None:
    answers = run_checks(GOOD, LIBRARY)
    assert checking.blocking(answers) == checking.warnings(answers) == ()


def test_every_check_answers_and_cites_the_source_of_its_rule() -> None:
    answers = run_checks(GOOD, LIBRARY)
    assert [each.check for each in answers] == list(checks_for("en"))
    assert len({check.id for check in CHECKS}) == len(CHECKS)
    assert all(check.source and check.title and check.hint for check in CHECKS)
    attested = [each for each in answers if each.check.level is Level.ATTESTED]
    assert {each.check.id for each in attested} == checking.ATTESTED - {SAYS_THE_SAME}
    assert not any(each.is_met or each.issues for each in attested)


def test_a_refusal_is_a_sentence_for_the_editor() -> None:
    [answer] = [
        each for each in run_checks(POST, LibrarySnapshot()) if each.check.id == "absolute-safety"
    ]
    assert str(answer).startswith("Don’t call anything risk-free. Body, line 5: It says there ")


def test_answers_are_stored_as_json() -> None:
    kept = json.loads(json.dumps(checking.as_json(run_checks(POST, LibrarySnapshot()))))
    [stage] = [each for each in kept if each["check"] == "stage"]
    assert stage == {
        "check": "stage",
        "level": "blocking",
        "title": "Choose a stage of evidence",
        "is_met": False,
        "spots": [{"where": "stage", "quote": "", "why": "You haven’t chosen one."}],
    }


@pytest.mark.parametrize("part", ["caution", "options", "questions", "medicines"])
def test_an_unsettled_page_needs_each_of_its_parts(part: str) -> None:
    content = replace(GOOD, body=re.sub(rf"::: {part}\n.+\n:::\n", "", GOOD.body))
    assert [spot.quote for spot in spots_of("parts", content)] == [f"::: {part}"]
    assert spots_of("parts", replace(content, stage="promising")) == []


def test_an_unsettled_page_says_what_is_unknown() -> None:
    content = replace(GOOD, body=GOOD.body.replace("We do not know whether they help.", ""))
    assert spots_of("unknowns", content)
    assert spots_of("unknowns", replace(content, stage="established")) == []


@pytest.mark.parametrize(
    ("check", "fields"),
    [
        ("stage", {"stage": ""}),
        ("stage", {"stage": "surely"}),
        ("summary", {"summary": ""}),
        ("key-points", {"key_points": ""}),
        ("readable", {"body": "```finding\nstudy: sole-2013\n```"}),
        ("known-names", {"key_points": "So it is [@nobody-2000]."}),
        ("known-names", {"body": "![A hand](image:hand)"}),
        ("known-names", {"body": FINDING.replace("sole-2013", "nobody-2000")}),
        ("alt", {"body": "![](image:foot)"}),
        ("retracted", {"body": "Toes curl [@toe-2010]."}),
        ("retracted", {"body": FINDING.replace("sole-2013", "toe-2010")}),
        ("standing", {"body": "Arches hold [@arch-2011]."}),
    ],
)
def test_missing_and_unknown_items_are_reported(check: str, fields: dict[str, str]) -> None:
    assert len(spots(check)) == 0
    assert spots(check, **fields)


def test_a_text_must_cite_the_library() -> None:
    assert spots_of("references", replace(GOOD, body="Nothing.")) == []  # the key points do
    assert spots_of("references", replace(GOOD, body="Nothing.", key_points="So [@nobody-2000]."))


@pytest.mark.parametrize(
    ("check", "body"),
    [
        ("known-names", "![A foot](image:foot)"),
        ("alt", '![A foot](image:foot) and ![](image:foot "decorative")'),
        ("retracted", "A study of toes [@toe-2010] was retracted."),
        ("standing", "Arches hold [@arch-2011], or not [@heel-2015]."),
    ],
)
def test_valid_text_is_not_flagged(check: str, body: str) -> None:
    assert spots(check, body) == []


HOSTILE = [
    *("1", "1,", "1 of 2 (50%). ", "It cured. ", "remission because ", "so a a a ", "no any "),
    *("[@a] ", "# a\n\n", "|1 of 2|50%|\n", "x-", "İ ", "ia", "("),
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_run_time_grows_linearly_with_the_text(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        before = time.process_time()
        run_checks(Content(title="t", body=text), LIBRARY)
        return time.process_time() - before

    # The text is ten times as long. With quadratic time, it would take a hundred times as long.
    assert seconds(60_000) < 40 * max(seconds(6_000), 0.02)
