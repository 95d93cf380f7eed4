"""Hostile files are refused by name. They leave nothing behind, and never a traceback."""

from contextlib import suppress
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Article, Category, Image
from articles.posts import MalformedPost, read_items, read_post
from articles.posts.html_reading import read_html
from articles.rendering.html_tags import find_html
from tests.articles.posts.exports import write_document, write_export, write_item, write_paragraph
from tests.articles.posts.samples import import_posts

LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def _hostile_export(declared: str, said: str) -> bytes:
    return (
        write_export(write_item())
        .replace(b"<rss", f"{declared}<rss".encode(), 1)
        .replace(b"The Old Blog", said.encode())
    )


def _bomb() -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 9_000_000)
    return file.getvalue()


HOSTILE = {
    "a billion laughs": _hostile_export(LAUGHS, "&c;"),
    "an entity from outside": _hostile_export(OUTSIDE, "&a;"),
    "a document type alone": _hostile_export("<!DOCTYPE rss>", "x"),
    "an export that is cut off": write_export(write_item())[:1500],
    "an export without a channel": b'<rss xmlns:wp="http://wordpress.org/export/1.2/"></rss>',
    "other XML": b'<?xml version="1.0"?><feed></feed>',
    "more than we read": b"x" * 50_000_001,
    "a zip bomb": _bomb(),
    "an archive that is no document": write_document("").replace(b"word/docu", b"word/dacu"),
    "a document that is cut off": write_document(write_paragraph("x" * 500))[:300],
    "a document with entities": write_document("", **{"word/x.xml": LAUGHS + "<x>&c;</x>"}),
    "a document that is nested": write_document("<w:p>" * 900 + "</w:p>" * 900),
    "a document of nothing": b"PK\x03\x04",
    "HTML that is nested": b"<html><title>A</title><body>" + b"<div>" * 5_000,
    "HTML that is never closed": b"<html><title>A</title><body>" + b"<a href='" * 50_000,
    "too many tags": b"<html><title>A</title><body>" + b"<br>" * 20_000,
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00",
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_by_name_and_leaves_nothing_behind(
    what: str, tmp_path: Path
) -> None:
    path = tmp_path / "post.txt"
    path.write_bytes(HOSTILE[what])
    status, out, err = import_posts(path)
    assert status == 1
    assert str(path) in err
    assert "Traceback" not in err
    assert "root:" not in out + err
    for model in (Article, Category, Image):
        assert not model.objects.exists()


def test_characters_that_xml_forbids_do_not_stop_an_export() -> None:
    [item] = read_items(write_export(write_item("One\x0b two\x00.")), name="x", source="x")
    assert item.read_post().content.body == "One two ."


@given(st.text(st.sampled_from("<>/!-[]&;=\"' \n*_`#|:\\ab1pdivulol"), max_size=120))
def test_whatever_html_it_is_no_tag_reaches_readers(text: str) -> None:
    assert not find_html(read_html(text, breaks_lines=True).markdown)
    assert not find_html(read_html(text, is_page=True).markdown)


@given(st.binary(max_size=200))
def test_whatever_follows_the_start_of_a_known_format_it_is_a_post_or_malformed(
    raw: bytes,
) -> None:
    starts = (
        b"PK\x03\x04",
        b"<html><title>A</title>",
        write_export()[:-20],
        write_document("")[:-9],
    )
    for start in starts:
        with suppress(MalformedPost):
            for item in read_items(start + raw, name="x", source="x"):
                assert item.read_post().content.body
    with pytest.raises(MalformedPost):
        read_post(b"\x00" + raw)
