"""The line that says under which categories a blog filed a post, in its spellings."""

import re

_MOST = 300
_DATE = r"(?:on\s+[^|]{4,40}?\s+|el\s+[^|]{4,40}?\s+)?(?:(?:by|por)\s+[^|]{2,60}?\s+)?"
_LINES = (
    ("en", r"posted\b.*\bfiled under:?\s+(?P<names>.+?)"),
    ("en", r"(?:filed|posted|published) under:?\s+(?P<names>.+?)"),
    ("en", r"categor(?:y|ies):\s*(?P<names>.+?)"),
    ("en", rf"(?:posted|published) {_DATE}in:?\s+(?P<names>.+?)"),
    ("es", rf"publicado {_DATE}(?:en|bajo):?\s+(?P<names>.+?)"),
    ("es", r"(?:publicado y )?archivado (?:en|bajo):?\s+(?P<names>.+?)"),
    ("es", r"categor[ií]as?:\s*(?P<names>.+?)"),
)
_SHAPES = [(code, re.compile(shape + r"\.?", re.IGNORECASE)) for code, shape in _LINES]
#: What follows the categories in the same line, such as “| Tagged x | 3 Comments”.
_REST = re.compile(
    r"\s*[|·•].*|\s+(?:and|y)\s+(?:tagged|etiquetado)\b.*|[.;]?\s+(?:tagged|etiquetas?):?\s.*"
    r"|\s+(?:\d+|no|leave a|deja un)\s+(?:comments?|comentarios?)\b.*",
    re.IGNORECASE,
)


def read_filed_under(line: str) -> tuple[str, list[str]] | None:
    """Return the language of the line and the names in it; None if it is another line."""
    if len(line) > _MOST:
        return None
    line = _REST.sub("", " ".join(line.strip("*_ ").split()))
    for code, shape in _SHAPES:
        if match := shape.fullmatch(line):
            return code, match["names"].split(",")
    return None


def take_filed_under(markdown: str) -> tuple[str, list[str]]:
    """Take the line with the categories out of the text, if it is at its beginning or end."""
    blocks = markdown.split("\n\n")
    for place in (0, -1):
        if len(blocks) > 1 and (found := read_filed_under(_plain(blocks[place]))):
            del blocks[place]
            return "\n\n".join(blocks), found[1]
    return markdown, []


def _plain(block: str) -> str:
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", block).replace("\\", "")
