"""What Word, Google Docs, and browsers put on the clipboard becomes our Markdown."""

import pytest

from articles.posts import MalformedPost
from articles.posts.pasted_html import read_pasted

WORD_ITEM = (
    "<p class=MsoListParagraphCxSpFirst style='text-indent:-.25in;mso-list:l0 level{level} lfo1'>"
    "<![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>{mark}"
    "<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp; </span></span></span><![endif]>"
    "{words}<o:p></o:p></p>\n\n"
)


def item(words: str, *, mark: str = "·", level: int = 1) -> str:
    return WORD_ITEM.format(words=words, mark=mark, level=level)


def test_only_what_was_selected_in_word_is_read() -> None:
    page = (
        "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><style><!-- p {x:y} -->"
        "</style><!--[if gte mso 9]><xml><w:View>Normal</w:View></xml><![endif]--></head><body>"
        "Before<!--StartFragment--><p class=MsoNormal>Plain <b>bold</b>, <i>slanted</i>, and "
        "<a href='https://e.org/a'>linked</a>.<o:p></o:p></p><!--EndFragment-->After</body></html>"
    )
    assert read_pasted(page).markdown == (
        "Plain **bold**, *slanted*, and [linked](https://e.org/a)."
    )
    without_end = "x<!--StartFragment--><p>One</p>"
    assert read_pasted(without_end).markdown == "One"


def test_paragraphs_that_word_shows_as_lists_become_lists() -> None:
    html = (
        "<p>First:</p>"
        + item("One")
        + item("Deep", mark="o", level=2)
        + item("Two")
        + "<p>Then:</p>"
        + item("Begin", mark="1.")
        + item("End", mark="2.")
        + "loose words"
        + item("Alone", mark="(a)")
    )
    assert read_pasted(html).markdown == (
        "First:\n\n- One\n  - Deep\n- Two\n\nThen:\n\n1. Begin\n2. End\n\n loose words\n\n1. Alone"
    )


def test_a_list_that_begins_deep_or_has_no_bullet_is_still_a_list() -> None:
    assert read_pasted(item("Deep", level=2)).markdown == "- - Deep"
    assert read_pasted("<p style='mso-list:l0 level1 lfo1'>Bare</p>").markdown == "- Bare"


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ('<b style="font-weight:normal" id="docs-internal-guid-1"><p>Plain</p></b>', "Plain"),
        ('<b style="font-weight:400">Plain</b>', "Plain"),
        ('<b style="color:red">Bold</b>', "**Bold**"),
        ('a <span style="font-weight:700;font-style:normal">bold</span> b', "a **bold** b"),
        ('a <span style="font-weight:bold">bold</span> b', "a **bold** b"),
        ('a <span style="font-style:italic">slanted</span> b', "a *slanted* b"),
        ('a <span style="font-style:italic;font-weight:600">both</span> b', "a ***both*** b"),
        ('a <span style="font-weight:500">plain</span> b', "a plain b"),
        (
            "<h1>Title</h1><p>x</p><h2>Part</h2><h6>Deep</h6>",
            "## Title\n\nx\n\n### Part\n\n#### Deep",
        ),
        ("<h3>Part</h3>", "## Part"),
        ("<table><tr><th>A</th></tr><tr><td>1</td></tr></table>", "| A |\n| --- |\n| 1 |"),
    ],
)
def test_styles_and_headings_become_what_our_markdown_has(html: str, markdown: str) -> None:
    assert read_pasted(html).markdown == markdown


def test_pictures_and_scripts_are_left_out_and_named() -> None:
    read = read_pasted('<p>x<img src="file:///c:/p.png" alt="y"></p><script>alert(1)</script>')
    assert read.markdown == "x"
    assert set(read.notes) == {"left out: a picture", "left out: a script"}


def test_what_is_pasted_is_text_and_never_a_tag() -> None:
    markdown = read_pasted("<p>&lt;img src=x onerror=alert(1)&gt; *a* [@key]</p>").markdown
    assert markdown == r"\<img src=x onerror=alert(1)> \*a\* \[@key\]"


@pytest.mark.parametrize("html", ["<div>" * 100, "<br>" * 9_000, "x" * 700_000])
def test_what_is_too_large_or_too_deep_is_refused(html: str) -> None:
    with pytest.raises(MalformedPost):
        read_pasted(html)
