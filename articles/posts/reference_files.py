"""Files of references, of reference managers or as the front matter of a post has them."""

from articles.bibliography import read_file
from articles.bibliography.decoding import UnreadableFile, decode_file
from articles.bibliography.parsing import ParsedEntry, ParsedFile, Problem
from articles.posts import words
from articles.posts.markdown import read_front_references
from articles.posts.post import MalformedPost


def read_reference_file(raw: bytes) -> ParsedFile:
    """Whichever kind it looks like. Never raises."""
    if not raw.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"---", b"references:")):
        return read_file(raw)
    try:
        text, _ = decode_file(raw)
        entries = read_front_references(text)
    except UnreadableFile as unreadable:
        return _faulty(unreadable.line, str(unreadable))
    except MalformedPost as error:
        return _faulty(error.line, f"{error.reason}.")
    if not entries:
        return _faulty(1, str(words.NO_REFERENCES))
    return ParsedFile(entries=tuple(entries), has_own_keys=True)


def _faulty(line: int, reason: str) -> ParsedFile:
    return ParsedFile(
        entries=(ParsedEntry(line=line, problems=(reason,)),),
        faults=(Problem(line=line, reason=reason),),
    )
