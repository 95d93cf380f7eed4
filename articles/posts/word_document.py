"""A Word document as a post. mammoth makes HTML of it, which is then read as from anywhere."""

import html
import re
from io import BytesIO
from zipfile import ZipFile

from articles.posts import words
from articles.posts.html_page import make_post
from articles.posts.html_reading import read_html
from articles.posts.post import MalformedPost, Post

_MAX_UNPACKED = 40_000_000
_MAX_XML = 8_000_000
_MAX_PARTS = 2_000
_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"
_HEADING = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)


def read_document(raw: bytes) -> Post:
    """Read a .docx file. Raise MalformedPost if it can't be read, or unpacks to too much."""
    import mammoth  # imported only for a document

    _refuse_hostile(raw)
    try:
        made = mammoth.convert_to_html(
            BytesIO(raw), style_map=_STYLES, convert_image=_leave_out, external_file_access=False
        )
    except Exception as error:  # damaged files make the reader raise all kinds of errors
        raise MalformedPost(1, words.DOCUMENT_UNREADABLE) from error
    # Below its title, a document may begin each chapter with a heading of the same level.
    page, count = made.value, len(_HEADING.findall(made.value))
    title = ""
    if count > 1 and (first := _HEADING.search(page)):
        title = html.unescape(re.sub(r"<[^<>]*>", "", first[1]))
        page = page[: first.start()] + page[first.end() :]
    read = read_html(page)
    if not (title or read.heading):
        raise MalformedPost(1, words.DOCUMENT_TITLE)
    post = make_post(read, title=title or read.heading, categories=[])
    pictures = page.count("<img")
    return post.with_notes(words.DOCUMENT_PICTURES % {"count": pictures}) if pictures else post


def _leave_out(_: object) -> dict[str, str]:
    return {"src": ""}


def _refuse_hostile(raw: bytes) -> None:
    """Raise MalformedPost before anything is unpacked for good: bombs, entities, other archives."""
    from defusedxml.common import DefusedXmlException

    try:
        with ZipFile(BytesIO(raw)) as archive:
            problem = _find_problem(archive)
    except DefusedXmlException as error:
        raise MalformedPost(1, words.XML_HOSTILE) from error
    except Exception as error:  # a damaged archive raises all kinds of errors
        raise MalformedPost(1, words.DOCUMENT_UNREADABLE) from error
    if problem:
        raise MalformedPost(1, problem)


def _find_problem(archive: ZipFile) -> str:
    from defusedxml.ElementTree import iterparse

    parts = archive.infolist()
    if "word/document.xml" not in archive.namelist() or len(parts) > _MAX_PARTS:
        return str(words.DOCUMENT_UNREADABLE)
    read = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
    for found, most in ((parts, _MAX_UNPACKED), (read, _MAX_XML)):
        if sum(part.file_size for part in found) > most:
            return words.DOCUMENT_TOO_LARGE % {"most": most // 10**6}
    for part in read:
        with archive.open(part) as file:
            for _, element in iterparse(file, events=("end",), forbid_dtd=True):
                element.clear()
    return ""
