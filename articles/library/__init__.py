"""The library that articles draw on: what is added to it, changed in it and said of it.

What readers see follows in the same transaction (`reaching`). Nobody changes what they see
unreviewed: the details of a source that they can look up, and the definition of a term, are a
reviewer's word. That a source was retracted may be said by editors too, because it is urgent.
"""

from articles.library.people import rebuild_person_pages
from articles.library.sources import (
    add_reference,
    add_references,
    assign_free_keys,
    edit_reference,
    find_known_references,
    set_standing,
)
from articles.library.terms import add_term, edit_term

__all__ = [
    "add_reference",
    "add_references",
    "add_term",
    "assign_free_keys",
    "edit_reference",
    "edit_term",
    "find_known_references",
    "rebuild_person_pages",
    "set_standing",
]
