"""The passages of a page: each once, found again by its words, and without a change for readers."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import rendering
from articles.content import Content
from articles.editing import places
from articles.editing.places import Place, find_place
from articles.models import LivePage, Revision
from articles.reading.pages import page_fields
from articles.rendering.library_snapshot import LibrarySnapshot
from tests.articles.texts import FINDING

MARK = "<!-- controls -->"
PARTS = ("key_points_html", "body_html", "references_html", "glossary_html")


def page_of(body: str, **fields: str) -> tuple[Revision, LivePage]:
    content = Content(title="Kidney tests", body=body, **fields)  # type: ignore[arg-type]
    library = LibrarySnapshot(sources={}, terms=(), pictures={}, withdrawn=frozenset())
    page = LivePage(**page_fields(rendering.render(content, library)))
    return Revision(title=content.title, summary=content.summary), page


def read(body: str, **fields: str) -> list[Place]:
    return places.read_places(*page_of(body, **fields))


def texts(body: str) -> list[str]:
    return [place.text for place in read(body)][1:]  # without the title


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("One.\n\nTwo.", ["One.", "Two."]),
        ("## Head\n\n### Below", ["Head", "Below"]),
        ("- one\n- two", ["one", "two"]),
        ("1. one\n   - inner\n2. two", ["one", "inner", "two"]),
        ("- one\n\n  more of it", ["one", "more of it"]),
        ("> Said.", ["Said."]),
        ("| a | b |\n|---|---|\n| 1 | 2 |", ["a b 1 2"]),
        ("With *stress*, and **more**.", ["With stress, and more."]),
        ("Two\nlines<br>", ["Two lines<br>"]),
        ("A claim [@who-2020], and more.", ["A claim, and more."]),
        ("::: caution\nBeware.\n:::", ["What regulators say", "Beware."]),
        ("::: more Details\nHidden.\n:::", ["Hidden."]),
        ("a < b & c", ["a < b & c"]),
        ("![A drawing](drawing:kidney)", None),
        (FINDING, None),
        ("```\ncode\n```", ["code"]),
    ],
)
def test_each_block_is_one_passage(body: str, expected: list[str] | None) -> None:
    found = texts(body)
    assert found == expected if expected else len(found) == 1


def test_title_summary_and_key_points_are_passages() -> None:
    found = read("Body.", summary="In short.", key_points="First.\nSecond.")
    assert [(each.part, each.text) for each in found] == [
        ("title", "Kidney tests"),
        ("summary", "In short."),
        ("key_points_html", "First."),
        ("key_points_html", "Second."),
        ("body_html", "Body."),
    ]
    assert [each.is_plain for each in found] == [True, True, False, False, False]


def test_an_item_of_the_sources_is_one_passage() -> None:
    html = '<ol><li id="source-1"><p>Who. 2020.</p>\n<p>A trial.</p>\n</li>\n</ol>'
    found = places.read_places(Revision(title="T"), LivePage(references_html=html))
    assert [each.text for each in found] == ["T", "Who. 2020. A trial."]
    shown = places.put_controls(LivePage(references_html=html), found, lambda place: MARK)
    assert shown.references_html == html.replace("</li>", f"{MARK}</li>")


def test_the_same_words_twice_are_two_passages() -> None:
    found = read("Ask.\n\nAsk.")[1:]
    assert [(each.text, each.ordinal) for each in found] == [("Ask.", 0), ("Ask.", 1)]
    assert len({each.key for each in found}) == 2
    assert not any("Ask" in each.key for each in found), "an address says nothing of the words"


@given(st.lists(st.sampled_from([
    "A paragraph.", "## Head", "- one\n- two\n  - three", "> Quote.", FINDING,
    "| a |\n|---|\n| 1 |", "::: caution\nBeware.\n\n- Item\n:::", "1. one\n\n   two\n\n   - three",
    "A line [@x-1].\u2028More.\x85 And\x0bmore.", "::: more\n> - a\n:::", "<b>bold</b>", "***",
])))  # fmt: skip
def test_controls_change_nothing_of_the_page(blocks: list[str]) -> None:
    revision, page = page_of("\n\n".join([*blocks, "End."]))
    found = places.read_places(revision, page)
    shown = places.put_controls(page, found, lambda place: MARK)
    for part in PARTS:
        assert getattr(shown, part).replace(MARK, "") == getattr(page, part)
        assert getattr(shown, part).count(MARK) == sum(each.part == part for each in found)
    for before, after in pairwise(each for each in found if each.part == "body_html"):
        assert before.offset < after.offset


FIRST = "Four of 81 people died within a year."


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"New.\n\n{FIRST}\n\nMore.", FIRST),  # moved
        ("New.\n\nFive of 81 people died within a year.", "Five of 81 people died within a year."),
        ("New.\n\nNobody knows how many lived on.", None),
        (f"- {FIRST}", FIRST),  # a paragraph became an item
        (f"{FIRST} [@a-1]", FIRST),
    ],
)
def test_a_passage_is_found_again_by_its_words(body: str, expected: str | None) -> None:
    found = find_place(read(body), passage=FIRST)
    assert (found.text if found else None) == expected


def test_the_most_similar_passage_wins() -> None:
    near, nearer = FIRST.replace("people died", "men died"), FIRST.replace("Four", "Five")
    found = find_place(read(f"{near}\n\n{nearer}"), passage=FIRST)
    assert found
    assert found.text == nearer


def test_of_the_same_words_the_one_with_its_number_is_meant() -> None:
    found = read("Ask.\n\nAsk.\n\nAsk.")[1:]
    where = {"passage": "Ask.", "digest": found[0].digest}
    assert find_place(found, ordinal=1, **where) == found[1]
    assert find_place(found[:1], ordinal=2, **where) == found[0], "one of them is left"


@pytest.mark.parametrize(("same", "is_found"), [(70, True), (69, False)])
def test_a_passage_is_the_same_one_with_seventy_percent_in_common(
    same: int, *, is_found: bool
) -> None:
    """Its ratio counts insertions and deletions: as many letters in both as `same` of a hundred."""
    before, after = "a" * 100, "a" * same + "b" * (100 - same)
    assert bool(find_place(read(after), passage=before)) is is_found
