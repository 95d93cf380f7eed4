"""Glossary terms on a page: the first use of each is a button that shows its definition."""

from bs4 import BeautifulSoup

from articles.content import Content
from articles.rendering.library_snapshot import GlossaryEntry, LibrarySnapshot
from articles.rendering.renderer import RenderedArticle, render

LIBRARY = LibrarySnapshot(
    terms=(
        GlossaryEntry(
            slug="cell", name="cell", definition="The smallest living part.", forms=("cells",)
        ),
        GlossaryEntry(
            slug="stem-cell",
            name="Stem cell",
            definition="Becomes <others>.",
            forms=("stem cells",),
        ),
        GlossaryEntry(slug="all", name="ALL", definition="A leukaemia."),
        GlossaryEntry(slug="gfr", name="GFR", definition="How much the kidneys clean."),
    )
)


def _rendered(body: str, key_points: str = "") -> RenderedArticle:
    return render(Content(title="", body=body, key_points=key_points), LIBRARY)


def _marked(body: str) -> list[str]:
    soup = BeautifulSoup(_rendered(body).body_html, "html.parser")
    return [each.text for each in soup.select("button.term")]


def test_the_longest_term_wins_and_only_its_first_use_is_marked() -> None:
    assert _marked("STEM CELLS, stem cells and a cell, cells.") == ["STEM CELLS", "cell"]


def test_a_term_is_found_across_lines_and_only_as_a_whole_word() -> None:
    assert _marked("cellular, multi-cell, stem\ncells") == ["stem\ncells"]


def test_an_abbreviation_is_not_a_word_with_the_same_letters() -> None:
    assert _marked("all of all, gfr; then ALL and GFR") == ["ALL", "GFR"]


def test_terms_are_not_marked_where_they_are_not_read_as_words() -> None:
    body = "## Cells\n\n`cell` [a cell](https://a.example) [@cell]\n\n    cell\n\n```\ncell\n```"
    assert _marked(body) == []


def test_each_term_is_defined_once_on_the_page_and_can_be_closed() -> None:
    page = _rendered("Here a cell and GFR.", "- A stem cell, a GFR")
    assert page.terms == ("stem-cell", "gfr", "cell")
    soup = BeautifulSoup(page.key_points_html + page.body_html + page.glossary_html, "html.parser")
    popovers = {str(each["id"]) for each in soup.select("[popover]")}
    terms, closers = soup.select("button.term"), soup.select("[popovertargetaction=hide]")
    assert {str(each["popovertarget"]) for each in terms} == popovers
    assert {str(each["popovertarget"]) for each in closers} == popovers
    for each in closers:  # a screen reader says the definition there
        described = soup.find(id=str(each["aria-describedby"]))
        assert described
        assert described.find_parent(id=str(each["popovertarget"]))
    assert [each.text for each in soup.select("dt")] == ["cell", "GFR", "Stem cell"]
    assert "Becomes <others>." in soup.select("dd")[2].text


def test_a_page_without_terms_has_no_list() -> None:
    assert _rendered("Nothing.").glossary_html == ""
    assert render(Content(title="", body="cell"), LibrarySnapshot()).terms == ()
