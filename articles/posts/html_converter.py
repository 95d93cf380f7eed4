"""The Markdown of a tidied tree, by markdownify with our forms in place of its own."""

import re
from typing import Any

from bs4 import Tag
from bs4.element import NavigableString
from markdownify import MarkdownConverter

from articles.bibliography.scripts import lower_script, raise_script
from articles.posts.html_reading import ShownPicture, name_picture

# Its type hints leave out the methods that are meant to be replaced.
_Base: Any = MarkdownConverter
_LINE_START = re.compile(r"^(\s*)(?:([#>~|=+:-])|(\d{1,9})([.)])(?=\s|$))")
_SPECIAL = re.compile(r"[\\`*\[\]<]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
_WORD = re.compile(r"\w")
_IN_ADDRESS = str.maketrans({
    " ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\\": "%5C", "\n": "", "\t": "",
})  # fmt: skip


class Converter(_Base):  # type: ignore[misc]
    """Converts one tree. `pictures` are those it met, by name."""

    def __init__(self) -> None:
        super().__init__(
            heading_style="ATX",
            bullets="-",
            newline_style="BACKSLASH",
            table_infer_header=True,
            keep_inline_images_in=["td", "th"],
        )
        self.pictures: dict[str, ShownPicture] = {}

    def convert_tree(self, root: Tag) -> str:
        text: str = self.process_tag(root, parent_tags=set())
        text = re.sub(r"(?:\\\n\s*)+(?=\n|$)", "\n", text)  # breaks at the end of a paragraph
        text = re.sub(r"(?<=\n\n)(?:\\\n\s*)+|\A(?:\s*\\\n\s*)+", "", text)
        text = re.sub(r"[ \t]+\n", "\n", text)
        return re.sub(r"\n{3,}", "\n\n", text).strip()

    # --- Text -------------------------------------------------------------------------------------

    def escape(self, text: str, parent_tags: set[str]) -> str:
        text = _SPECIAL.sub(r"\\\g<0>", text or "")
        return text.replace("|", r"\|") if parent_tags & {"td", "th"} else text

    def process_text(self, el: NavigableString, parent_tags: set[str] | None = None) -> str:
        text: str = super().process_text(el, parent_tags=parent_tags)
        if "_noformat" in (parent_tags or ()):
            return text
        text = text.replace("\n", " ")
        before = el.previous_sibling
        if isinstance(before, Tag) and (_ends_line(before)):
            text = text.lstrip(" ")
        parent = el.parent
        starts = before is None or (isinstance(before, Tag) and before.name not in _PHRASES)
        if starts and (
            parent is None or parent.name not in _PHRASES or not parent.previous_sibling
        ):
            text = _LINE_START.sub(_escape_start, text)
        return text

    def convert_paragraph_break(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return " " if "_inline" in parent_tags else "\n\n"

    def _emphasize(self, el: Tag, text: str, parent_tags: set[str], mark: str) -> str:
        if "_noformat" in parent_tags or mark in _marks_around(el):
            return text
        if "\n\n" in text:  # emphasis ends with its paragraph
            return "\n\n".join(_mark(each, mark, el) for each in text.split("\n\n"))
        return _mark(text, mark, el)

    def convert_b(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self._emphasize(el, text, parent_tags, "**")

    def convert_em(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self._emphasize(el, text, parent_tags, "*")

    convert_strong = convert_b
    convert_i = convert_cite = convert_em

    def convert_tt(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return str(self.convert_code(el, text, parent_tags))

    def convert_sup(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return raise_script(text)

    def convert_sub(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return lower_script(text)

    def convert_q(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"“{text}”"

    # --- Links and pictures -----------------------------------------------------------------------

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        address = str(el.get("href") or "").strip().translate(_IN_ADDRESS)
        leads_away = bool(address) and not address.startswith("#")
        # A picture can’t be a link here, and neither can more than one line.
        if not leads_away or not text.strip() or "](image:" in text or "\n\n" in text:
            return text
        if "_noformat" in parent_tags:
            return text
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{before}[{text.strip()}]({address}){after}"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        alt = " ".join(str(el.get("alt") or "").split())
        name = name_picture(str(el.get("src") or ""))
        if not name:
            return self.escape(alt, parent_tags)
        self.pictures.setdefault(name, ShownPicture(name, alt[:300]))
        shown = f"![{self.escape(alt, parent_tags)}](image:{name})"
        return shown if parent_tags & {"td", "th", "li"} else f"\n\n{shown}\n\n"

    # --- Blocks -----------------------------------------------------------------------------------

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        code = el.get_text().strip("\n")
        longest = max(map(len, re.findall(r"`{3,}", code)), default=2)
        fence = "`" * (longest + 1)
        return f"\n\n{fence}\n{code}\n{fence}\n\n" if code.strip() else ""

    def convert_dt(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return "\n\n" + self.convert_b(el, text.strip(), parent_tags) + "\n\n"

    def convert_dd(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{text.strip()}\n\n"

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        text = re.sub(r"\n{2,}(?=[ \t]*- |[ \t]*\d+\. )", "\n", text.strip())
        if not text:
            return ""
        bullet = "- "
        if el.parent is not None and el.parent.name == "ol":
            bullet = f"{self._next_number(el.parent)}. "
        indent = "\n" + " " * len(bullet)
        lines = (line for line in text.split("\n"))
        return bullet + indent.join(lines) + "\n"

    def _next_number(self, parent: Tag) -> int:
        """Return the number of the next item, kept on its list so that long lists stay quick."""
        start = str(parent.get("start") or "1")
        number = int(start) if start.isdecimal() and len(start) < 10 else 1  # noqa: PLR2004
        parent["start"] = str(number + 1)
        return number


_PHRASES = {
    "a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "img", "ins", "kbd", "mark", "q",
    "samp", "small", "span", "strong", "sub", "sup", "tt", "u", "var",
}  # fmt: skip
#: After these, a line of its own begins.
_ENDS_LINE = {"br", "paragraph-break"}
_MARKS = {"b": "**", "strong": "**", "dt": "**", "em": "*", "i": "*", "cite": "*"}


def _mark(text: str, mark: str, el: Tag) -> str:
    """Put emphasis around what is inside of white space, and of punctuation if it is only text.

    “**Note:**text” isn’t emphasis in Markdown.
    """
    first, last = _WORD.search(text), _WORD.search(text[::-1])
    if first is None or last is None:
        return text
    start, end = first.start(), len(text) - last.start()
    if el.find(True):
        start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    return f"{text[:start]}{mark}{text[start:end]}{mark}{text[end:]}"


def _ends_line(tag: Tag) -> bool:
    is_shown = tag.name == "img" and tag.get("src")
    return tag.name in _ENDS_LINE or bool(is_shown or tag.find("img", src=True))


def _marks_around(el: Tag) -> set[str]:
    return {_MARKS[parent.name] for parent in el.parents if parent.name in _MARKS}


def _escape_start(match: re.Match[str]) -> str:
    if match[2]:
        return f"{match[1]}\\{match[2]}"
    return f"{match[1]}{match[3]}\\{match[4]}"
