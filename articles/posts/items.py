"""What a file holds: one post, or all those of an export, each read only when it is wanted."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from articles.posts.post import MalformedPost, Post

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing in a file. What it becomes is read at its first use, and at most once."""

    #: What a list calls it: its title, or its name.
    label: str
    #: By which it is known again, whatever its title or slug is then.
    source: str
    #: The SHA-256 of what is written in it, in hex: the same means that nothing changed.
    digest: str
    read: Callable[[], Post]
    #: Why it isn't imported, such as “a revision”; then it is never read.
    left_out: "str | _StrPromise" = ""

    @cached_property
    def _result(self) -> "Post | MalformedPost":
        try:
            return self.read()
        except MalformedPost as problem:
            return problem

    def read_post(self) -> Post:
        """Return what it becomes. Raise MalformedPost."""
        if isinstance(self._result, MalformedPost):
            raise self._result
        return self._result
