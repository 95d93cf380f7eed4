"""Reference files, from reference managers or in the format of a post's front matter."""

from articles.bibliography import read_file
from articles.bibliography.decoding import UnreadableFile, decode_file
from articles.bibliography.parsing import ParsedEntry, ParsedFile, Problem
from articles.posts import words
from articles.posts.post import MalformedPost
from articles.posts.reference_rows import read_front_references


def read_reference_file(raw: bytes) -> ParsedFile:
    """Read a file in whichever format it seems to have. Never raises."""
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
