"""What is extracted from a text: sentences with their citations, parts, pictures, faults."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.content import MAX_BODY_LENGTH
from articles.rendering.document import Document, PassageKind, read_document, read_key_points


def _sentences(markdown: str) -> list[str]:
    return [each.text for passage in read_document(markdown).passages for each in passage.sentences]


@pytest.mark.parametrize(
    "text",
    [
        "Gu et al. Clinical work came first.",
        "Gu et al. (2014) had 81 people.",
        "In the U.S. Food and Drug office it is known.",
        "Some medicines, e.g. prednisone, help.",
        "J. Smith and Dr. John F. Kennedy asked.",
        "In 60.5 % it was better, i.e. GFR rose.",
        "It costs approx. 5 dollars in St. Louis, see no. 5 and Fig. 2.",
    ],
)
def test_an_abbreviation_does_not_end_a_sentence(text: str) -> None:
    assert _sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three? “Four.” Five…", ["One.", "Two!", "Three?", "“Four.”", "Five…"]),
        ("Take vitamin D. It helps.", ["Take vitamin D.", "It helps."]),
        ("Is it safe? No. Nobody knows.", ["Is it safe?", "No.", "Nobody knows."]),
        ("Sold in the U.S. The cells were not.", ["Sold in the U.S.", "The cells were not."]),
        ("*Many* got `better`. [All](https://a.example) did.", ["Many got better.", "All did."]),
    ],
)
def test_a_sentence_ends_where_a_reader_would_end_it(text: str, sentences: list[str]) -> None:
    assert _sentences(text) == sentences


def test_a_citation_after_the_period_belongs_to_its_sentence() -> None:
    body = "One\nwas [@a-1; @b-2] here. Two.[@c-3] Three. [@d-4]\nFour."
    (passage,) = read_document(body).passages
    assert [(each.text, each.cites, each.line) for each in passage.sentences] == [
        ("One was here.", ("a-1", "b-2"), 1),
        ("Two.", ("c-3",), 2),
        ("Three.", ("d-4",), 2),
        ("Four.", (), 3),
    ]
    assert read_document(body).cites == ("a-1", "b-2", "c-3", "d-4")


def test_each_passage_knows_its_kind_line_and_part() -> None:
    body = (
        "# Head\n\nWords.\n\n- item\n\n> quote\n\n::: caution\nBeware.\n:::\n\n| a |\n|---|\n| b |"
    )
    document = read_document(body)
    assert [(each.kind, each.line, each.part) for each in document.passages] == [
        (PassageKind.HEADING, 1, ""),
        (PassageKind.PARAGRAPH, 3, ""),
        (PassageKind.ITEM, 5, ""),
        (PassageKind.QUOTE, 7, ""),
        (PassageKind.PARAGRAPH, 10, "caution"),
        (PassageKind.CELL, 13, ""),
        (PassageKind.CELL, 15, ""),
    ]
    assert document.parts == {"caution": 9}
    assert not document.faults


def test_key_points_are_read_line_by_line() -> None:
    document = read_key_points("- One. [@a-1]\n\nTwo *words*.")
    assert [
        (each.kind, each.line, each.sentences[0].text, each.sentences[0].cites)
        for each in document.passages
    ] == [(PassageKind.ITEM, 1, "One.", ("a-1",)), (PassageKind.ITEM, 3, "Two words.", ())]


def test_text_in_code_is_not_a_citation() -> None:
    assert not read_document("`[@a-1]`\n\n    [@b-2]\n\n```\n[@c-3]\n```").cites


def test_pictures_say_whether_they_carry_meaning() -> None:
    body = (
        'A\n![Two *cells*](image:cells) and ![](image:line "decorative")\n![x](https://a.example/x)'
    )
    assert [
        (each.name, each.alt, each.is_decorative, each.line) for each in read_document(body).images
    ] == [
        ("cells", "Two cells", False, 2),
        ("line", "", True, 2),
        ("", "x", False, 3),
    ]


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("A\n\n::: cautoin\nB\n:::", 3, "“::: cautoin” isn’t a section"),
        ("::: caution\nB", 1, "has no closing line “:::”"),
        ("::: caution\nB\n:::\n\n::: caution\nC\n:::", 5, "twice"),
        ("- ::: caution\n  B\n  :::", 1, "on its own"),
        ("One\ntwo [@gu 2014].", 2, "citation can’t be read"),
        ("![x](https://a.example/x.png)", 1, "only pictures from the library"),
        ("> " * 30 + "deep", 1, "nested too deeply"),
        ("A" * (MAX_BODY_LENGTH + 1), 1, "200,001 characters. The limit is 200,000"),
        ("A\n\n```finding\nstudy: x\n```", 3, "how many people"),
    ],
)
def test_faults_are_reported_with_their_line(body: str, line: int, words: str) -> None:
    (fault,) = read_document(body).faults
    assert words in fault.reason
    assert fault.line == line


def test_an_unfinished_part_in_a_quotation_is_reported() -> None:
    assert "on its own" in read_document("> ::: caution\n> ").faults[0].reason


def test_empty_parts_are_ignored() -> None:
    assert read_document("::: caution\n:::\n\n::: options\n## Head\n:::").parts == {}


@given(
    st.lists(
        st.sampled_from(
            [
                *(
                    "::: caution\n",
                    ":::\n",
                    "```finding\n",
                    "```\n",
                    "study: a\n",
                    "groups: {a: 1}\n",
                ),
                *(
                    "[@a-1]",
                    "[@",
                    "]",
                    "(",
                    "![a](image:b)",
                    "> ",
                    "- ",
                    "|",
                    "\n",
                    "  ",
                    ". ",
                    "\x00",
                ),
                *("&a *a", "[", "{", "\ud800", "A", "et al.", "| a |\n|---|\n"),
            ]
        )
    )
)
def test_reading_never_fails(pieces: list[str]) -> None:
    for document in (read_document("".join(pieces)), read_key_points("".join(pieces))):
        assert isinstance(document, Document)
        assert all(fault.line >= 1 for fault in document.faults)
