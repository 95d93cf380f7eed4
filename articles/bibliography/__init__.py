"""References as the world writes them: their shapes, the files and lines they come in."""

import re

from articles.bibliography.bibtex import read_bibtex
from articles.bibliography.citations import read_citation, read_citations
from articles.bibliography.parsing import ParsedFile, Problem, UnreadableFile, decode_file
from articles.bibliography.ris import read_ris

__all__ = [
    "ParsedFile",
    "Problem",
    "UnreadableFile",
    "decode_file",
    "read_bibtex",
    "read_citation",
    "read_citations",
    "read_file",
    "read_ris",
]


def read_file(raw: bytes) -> ParsedFile:
    """RIS or BibTeX, whichever it looks like. Never raises."""
    text = raw.replace(b"\x00", b"")  # UTF-16 has one beside each letter
    is_ris = re.search(rb"^[^\w\n]{0,4}TY[ \t]{1,3}-", text, re.MULTILINE)
    is_bibtex = re.search(rb"^[^\w\n]{0,9}@\w{1,30}[ \t]{0,9}[{(]", text, re.MULTILINE)
    return read_bibtex(raw) if is_bibtex and not is_ris else read_ris(raw)
