"""Pages of HTML, Word documents, bare Markdown, and the spellings of plain posts."""

import pytest

from articles.posts import MalformedPost, read_post
from tests.articles.posts.exports import write_document, write_paragraph

PAGE = """<!DOCTYPE html><html lang="es-MX"><head><title>Foot baths | The Old Blog</title>
<meta name="description" content="Short &amp; clear."><link rel="canonical"
href="https://clinic.example/2019/03/baths/"><script>track()</script></head>
<body><header>Menu</header><nav>Home</nav><main><article><h1>Foot baths</h1>
<p>Posted in <a href="/c/feet">Feet</a>, Water</p><h2>When</h2><p>At night.</p></article></main>
<aside>Buy now</aside><footer>Imprint</footer></body></html>"""


def test_of_a_page_only_its_main_content_is_read() -> None:
    post = read_post(PAGE.encode(), name="baths.html")
    assert (post.content.title, post.content.summary) == ("Foot baths", "Short & clear.")
    assert post.content.body == "## When\n\nAt night."
    assert post.categories == ("Feet", "Water")
    assert (post.language, post.old_paths) == ("es", ("/2019/03/baths",))


def test_a_page_without_heading_is_called_by_its_title() -> None:
    page = "<html><head><title>A &amp; B</title></head><body><p>Words</p></body></html>"
    assert read_post(page.encode()).content.title == "A & B"
    with pytest.raises(MalformedPost, match="no title"):
        read_post(b"<html><body><p>Words</p></body></html>")
    with pytest.raises(MalformedPost, match="no text"):
        read_post(b"<html><title>A</title><body></body></html>")


def test_a_word_document_is_read_with_its_headings() -> None:
    body = (
        write_paragraph("Foot baths", "Heading1")
        + write_paragraph("Filed under: Feet")
        + write_paragraph("When", "Heading2")
        + write_paragraph("At *night*.")
    )
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{n}"><w:name w:val="heading {n}"/>'
        "</w:style>"
        for n in (1, 2)
    )
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    raw = write_document(body, word__styles__xml="")
    assert raw.startswith(b"PK")
    parts = {"word/styles.xml": f"<w:styles {space}>{styles}</w:styles>"}
    post = read_post(write_document(body, **parts), name="baths.docx")
    assert post.content.title == "Foot baths"
    assert post.content.body == "## When\n\nAt \\*night\\*."
    assert post.categories == ("Feet",)


def test_a_word_document_without_title_is_refused() -> None:
    with pytest.raises(MalformedPost, match="no title or first heading"):
        read_post(write_document(write_paragraph("Words")))


def test_markdown_without_front_matter_is_called_by_its_first_heading() -> None:
    post = read_post(b"# Foot baths\n\nCategories: Feet\n\nAt *night*.", name="baths.md")
    assert (post.content.title, post.content.body) == ("Foot baths", "At *night*.")
    assert post.categories == ("Feet",)
    for raw in (b"Words", b"# Title\n\n"):
        with pytest.raises(MalformedPost):
            read_post(raw, name="baths.md")


@pytest.mark.parametrize(
    ("line", "names", "language"),
    [
        ("Posted and filed under Feet, Water.", ("Feet", "Water"), "en"),
        ("Filed under: Feet", ("Feet",), "en"),
        ("Filed Under Feet, Water", ("Feet", "Water"), "en"),
        ("Categories: Feet, Water", ("Feet", "Water"), "en"),
        ("Category: Feet", ("Feet",), "en"),
        ("Posted in Feet | Tagged water | 3 Comments", ("Feet",), "en"),
        ("Posted on March 2, 2019 by Jane Writer in Feet, Water", ("Feet", "Water"), "en"),
        ("Posted in Feet and tagged water", ("Feet",), "en"),
        ("Published in Feet Leave a comment", ("Feet",), "en"),
        ("Publicado en Pies, Agua", ("Pies", "Agua"), "es"),
        ("Publicado el 2 de marzo de 2019 por Juana en Pies", ("Pies",), "es"),
        ("Archivado en: Pies", ("Pies",), "es"),
        ("Categorías: Pies y piernas", ("Pies y piernas",), "es"),
    ],
)
@pytest.mark.parametrize("place", ["{line}\n\nText.", "Text.\n\n{line}"])
def test_the_line_with_the_categories_has_many_spellings(
    line: str, names: tuple[str, ...], language: str, place: str
) -> None:
    post = read_post(f"Title\n\n{place.format(line=line)}".encode())
    assert (post.categories, post.language, post.content.body) == (names, language, "Text.")


POST = "Title\n\nFiled under: Feet\n\nDon’t {word}.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_an_encoding_that_can_be_told_is_read(encoding: str) -> None:
    post = read_post(POST.format(word="worry").encode(encoding))
    assert post.content.body == "Don’t worry."
    assert bool(post.notes) == (encoding in {"utf-16", "cp1252"}), "whoever imports it is told"


@pytest.mark.parametrize(
    "raw",
    [
        "Title\n\nFiled under: Feet\n\nCafé.".encode("latin-1"),
        POST.format(word="año").encode("cp1252"),  # in Polish, it would be “ańo”
        POST.format(word="pied на ногах").encode("cp1251"),
        POST.format(word="worry").encode("utf-16-le"),
        POST.format(word="worry").encode("mac-roman"),
    ],
)
def test_an_encoding_that_can_be_two_is_refused_with_what_to_do(raw: bytes) -> None:
    with pytest.raises(MalformedPost, match=r"save the file as UTF-8|control character"):
        read_post(raw)


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("windows-1252", "cp1252"), ("ISO-8859-1", "cp1252"), ("iso-8859-2", "iso-8859-2")],
)
def test_an_encoding_that_a_page_declares_is_read(declared: str, encoding: str) -> None:
    page = f'<html><head><meta charset="{declared}"><title>Öl</title></head><body>für Füße</body>'
    post = read_post(page.encode(encoding))
    assert (post.content.title, post.content.body) == ("Öl", "für Füße")


def test_a_wrong_or_unknown_declaration_is_refused() -> None:
    for declared in ("shift_jis", "zlib", "no-such"):
        page = f'<html><meta charset="{declared}"><title>A</title><body>Gr\xfc\xdfe \xff</body>'
        with pytest.raises(MalformedPost, match="UTF-8"):
            read_post(page.encode("latin-1"))
