"""What an editor writes: the text that is reviewed, and nothing else."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from django.utils.translation import gettext

from articles.text_cleaning import clean_text

# XML cannot represent these characters.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

#: Characters: a long book chapter, and well within what a search index takes of one text.
MAX_BODY_LENGTH = 200_000


#: Stored if nobody declared anything; pages say so in their own words and language. It makes no
#: declaration in anybody's name.
INTERESTS_NOT_ASKED = "Not asked for when this article was imported"


class BodyTooLong(Exception):
    """A body over the limit; the message names its size and the limit."""


def body_too_long(length: int) -> str:
    said = gettext("The text has %(length)s characters. The limit is %(most)s.")
    return said % {"length": f"{length:,}", "most": f"{MAX_BODY_LENGTH:,}"}


def strip_control_characters(words: str) -> str:
    """Drop characters that would make a feed unreadable: names come from forms that allow them."""
    return _CONTROL.sub("", words)


@dataclass(frozen=True, kw_only=True)
class Content:
    """The whole text of one revision. Two with the same digest have the same text."""

    title: str
    #: One or two sentences that are true on their own. Plain text.
    summary: str = ""
    #: Markdown, one key point per line; may cite.
    key_points: str = ""
    #: Markdown (docs/writing.md).
    body: str
    #: A value of `evidence_stages.Stage`, or empty if it has not been judged yet.
    stage: str = ""
    #: What it is about, such as “Lupus nephritis”, with its ICD-10-CM code, such as “M32.14”.
    condition: str = ""
    condition_code: str = ""
    #: Words that the checks call hype, each with the reason why it stays.
    justified: dict[str, str] = field(default_factory=dict)
    #: What was wrong before and what is right, if readers have to know.
    correction: str = ""

    def cleaned(self) -> "Content":
        """Return it with “\\n” line endings, and without outer white space or invisible characters.

        Raise BodyTooLong.
        """
        words: dict[str, Any] = {
            name: _clean(value) if isinstance(value, str) else value
            for name, value in asdict(self).items()
        }
        words["justified"] = {
            _clean(word).lower(): _clean(reason)
            for word, reason in self.justified.items()
            if _clean(word) and _clean(reason)
        }
        cleaned = Content(**words)
        if len(cleaned.body) > MAX_BODY_LENGTH:
            raise BodyTooLong(body_too_long(len(cleaned.body)))
        return cleaned

    def digest(self) -> str:
        """Return the SHA-256 of every word, in hex: an approval is bound to it."""
        written = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(written.encode()).hexdigest()


CONTENT_FIELDS = tuple(each.name for each in fields(Content))


def _clean(value: str) -> str:
    return clean_text(_CONTROL.sub(" ", value.replace("\r\n", "\n").replace("\r", "\n"))).strip()
