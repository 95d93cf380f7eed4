"""The library that articles draw on: how things are added to it and changed.

What readers see is updated in the same transaction (`page_updates`). Nobody can publish words
alone: what a reviewer proposes for a term, a category, a credit, or the details of a source waits
for a second person (`second_person`). One person can mark a source as retracted, because that is
urgent; readers see a fixed sentence until someone else has approved the words.
"""

from articles.library.categories import propose_category, propose_imported_category
from articles.library.people import rebuild_person_pages
from articles.library.second_person import (
    approval_blockers,
    approve_proposal,
    decline_proposal,
)
from articles.library.sources import (
    add_reference,
    add_references,
    assign_free_keys,
    edit_reference,
    find_known_references,
    is_cited,
)
from articles.library.standing import set_standing
from articles.library.terms import propose_term

__all__ = [
    "add_reference",
    "add_references",
    "approval_blockers",
    "approve_proposal",
    "assign_free_keys",
    "decline_proposal",
    "edit_reference",
    "find_known_references",
    "is_cited",
    "propose_category",
    "propose_imported_category",
    "propose_term",
    "rebuild_person_pages",
    "set_standing",
]
