"""References as the world writes them: their shapes, the files and lines they come in."""

import re

from articles.bibliography.bibtex import read_bibtex
from articles.bibliography.citations import read_citation, read_lines
from articles.bibliography.reading import Problem, Reading, Unreadable, decoded
from articles.bibliography.ris import read_ris

__all__ = [
    "Problem",
    "Reading",
    "Unreadable",
    "decoded",
    "read_bibtex",
    "read_citation",
    "read_file",
    "read_lines",
    "read_ris",
]


def read_file(raw: bytes) -> Reading:
    """RIS or BibTeX, whichever it looks like. Never raises."""
    text = raw.replace(b"\x00", b"")  # UTF-16 has one beside each letter
    is_ris = re.search(rb"^[^\w\n]{0,4}TY[ \t]{1,3}-", text, re.MULTILINE)
    is_bibtex = re.search(rb"^[^\w\n]{0,9}@\w{1,30}[ \t]{0,9}[{(]", text, re.MULTILINE)
    return read_bibtex(raw) if is_bibtex and not is_ris else read_ris(raw)
