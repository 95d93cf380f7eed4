"""HTML tags in Markdown. Readers would see them as written, because raw HTML is never passed on."""

import re

_NAMES = (
    "a|abbr|address|article|aside|audio|b|big|blockquote|body|br|button|caption|center|cite|code"
    "|col|colgroup|dd|del|details|dfn|div|dl|dt|em|embed|figcaption|figure|font|footer|form|h[1-6]"
    "|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|mark|math|meta|nav|object"
    "|ol|p|picture|pre|q|s|samp|script|section|small|source|span|strike|strong|style|sub|summary"
    "|sup|svg|table|tbody|td|tfoot|th|thead|title|tr|tt|u|ul|var|video"
)
#: An HTML tag, by name: “<30 years” isn't one, and neither is a web address in angle brackets.
HTML_TAG = re.compile(rf"(?<!\\)</?({_NAMES})(?:\s[^<>]{{0,500}})?/?>", re.IGNORECASE)
_COMMENT = re.compile(r"(?<!\\)<!--.{0,5000}?-->", re.DOTALL)
_CODE = re.compile(r"^(?:```|~~~).*?^(?:```|~~~)[^\n]*$|`[^`\n]+`", re.MULTILINE | re.DOTALL)


def without_code(markdown: str) -> str:
    """Replace code with spaces, so that line numbers stay the same."""
    return _CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), markdown)


def find_html(markdown: str) -> list[tuple[int, str]]:
    """Return each tag and comment with its line number, from 1."""
    text = without_code(markdown)
    found = [*HTML_TAG.finditer(text), *_COMMENT.finditer(text)]
    found.sort(key=lambda match: match.start())
    return [(text.count("\n", 0, match.start()) + 1, match[0][:80]) for match in found]
