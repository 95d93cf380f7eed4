"""References as people write them: what identifies them, and the files and lines they come in."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from articles.bibliography.parsing import ParsedFile


def read_file(raw: bytes) -> "ParsedFile":
    """Read RIS, BibTeX, or another format, whichever it looks like. Never raises."""
    # These import third-party parsers, which a process needs only when it is sent such a file.
    from articles.bibliography import bibtex, other_formats, ris

    text = raw.replace(b"\x00", b"")  # in UTF-16, most letters have one
    if re.search(rb"^[^\w\n]{0,4}(?i:TY)[ \t]{1,3}-", text, re.MULTILINE):
        return ris.read_ris(raw)
    if re.search(rb"^[^\w\n]{0,9}@\s{0,9}\w{1,30}\s{0,9}[{(]", text, re.MULTILINE):
        return bibtex.read_bibtex(raw)
    return other_formats.read_other(raw)
