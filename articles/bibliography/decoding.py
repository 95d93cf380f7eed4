"""The bytes of a file as text, whatever encoding it was saved in."""

from articles.bibliography import words

MAX_BYTES = 1_000_000

#: In UTF-16 text nearly every second byte is null; in UTF-8 text none is.
_MANY_NULS = 0.25


class UnreadableFile(Exception):
    """A file that is not text or is too large; the message says why. `line` counts from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def decode_file(raw: bytes) -> tuple[str, list[tuple[int, str]]]:
    """Return the text, and each line that was not UTF-8 with a note on how it was read.

    Raise UnreadableFile.
    """
    if len(raw) > MAX_BYTES:
        raise UnreadableFile(
            1, words.FILE_TOO_LARGE % {"bytes": f"{len(raw):,}", "most": f"{MAX_BYTES:,}"}
        )
    notes: list[tuple[int, str]] = []
    encoding = _encoding(raw)
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        if encoding != "utf-8-sig" or _is_no_text(raw):
            raise UnreadableFile(line, str(words.NO_TEXT)) from error
        text = _line_by_line(raw, notes)
    return text.replace("\r\n", "\n").replace("\r", "\n"), notes


def _encoding(raw: bytes) -> str:
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "utf-16"
    sample = raw[:2_000]
    if sample.count(0) > len(sample) * _MANY_NULS and any(sample):
        return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
    return "utf-8-sig"


def _is_no_text(raw: bytes) -> bool:
    """Whether the file has bytes that are found in pictures and archives but not in text."""
    return any(byte in raw for byte in (b"\x00", b"\x01", b"\x02", b"\x03"))


def _line_by_line(raw: bytes, notes: list[tuple[int, str]]) -> str:
    """Decode each line separately, so that one bad character affects only its own line."""
    lines = []
    for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            text = line.decode("cp1252", "replace")
            lines.append(text)
            notes.append((number, words.WINDOWS_LETTERS % {"text": text.strip()[:60]}))
    return "\n".join(lines)
