"""References as the world writes them: their shapes, the files and lines they come in."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from articles.bibliography.parsing import ParsedFile


def read_file(raw: bytes) -> "ParsedFile":
    """RIS or BibTeX, whichever it looks like. Never raises."""
    # Both bring parsers of others along, which no process needs that is never sent such a file.
    from articles.bibliography import bibtex, ris

    text = raw.replace(b"\x00", b"")  # UTF-16 has one beside each letter
    is_ris = re.search(rb"^[^\w\n]{0,4}TY[ \t]{1,3}-", text, re.MULTILINE)
    is_bibtex = re.search(rb"^[^\w\n]{0,9}@\w{1,30}[ \t]{0,9}[{(]", text, re.MULTILINE)
    return bibtex.read_bibtex(raw) if is_bibtex and not is_ris else ris.read_ris(raw)
