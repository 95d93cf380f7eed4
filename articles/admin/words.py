"""What the pages of editors and reviewers say, where code chooses the sentence."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext

from articles.rendering.library_snapshot import Standing

# --- Search --------------------------------------------------------------------------

SAYS_NOTHING = _("Write at least one word")
SAYS_THE_SAME = _("Search takes these two for the same already")
WRITE_ABOUT_IT = _("Write about it")
ADD_AS_SYNONYM = _("Add as a synonym")

# --- Lists ----------------------------------------------------------------------------------------

MINE_FILTER = _("my part")
MINE_CHOICES = {
    "review": _("Waiting for my review"),
    "back": _("Sent back to me"),
    "draft": _("My drafts"),
    "comments": _("Comments on what I wrote"),
    "answers": _("My comments, answered"),
    "all": _("All that I wrote"),
}
NO_AUTHORS = _("No author yet")
LIVE_FILTER = _("live version")
LIVE_CHOICES = {
    "yes": _("Live"),
    "draft": _("Live, with a newer draft"),
    "due": _("Review overdue"),
    "no": _("Not live"),
}
LIVE_REVISION = _("Revision %(number)d")
LIVE_WITH_DRAFT = _("Revision %(number)d (there is a draft)")
NOTHING_LIVE = _("None")
NO_STAGE = _("Not chosen yet")
NO_CLAIM = _("No claim")
OVERDUE_SINCE = _("Overdue since %(day)s")
REVIEW_LIST = _("Review list")
NEW_ARTICLE = _("New article")
WAITING = _("Waiting")
WAITS_FOR_SECOND = _("Waiting for a second person")
DECIDED_BY = _("%(decision)s (%(by)s)")
DECIDED_ITSELF = _("%(decision)s (automatically)")

# --- After saving ---------------------------------------------------------------------------------

SAVED_DRAFT = _("Draft of “%(title)s” saved.")
SAVED_UNCHANGED = _("“%(title)s” saved. The text didn’t change.")
RESTORED = _("Revision %(number)d of “%(title)s” was restored as a draft.")
COMMENT_DELETED = _("Comment deleted.")
COMMENT_KEPT = _("Comment kept.")
COMMENT_SENT = _("Your comment was added.")
COMMENT_DONE = {
    "answer": _("Your answer was added."),
    "resolve": _("The comment was resolved."),
    "reopen": _("The comment is open again."),
    "erase": _("The words were deleted."),
}
LINK_REVOKED = _("Preview link revoked.")
KEPT_AT = _("Not saved yet. Kept at %(time)s")
NOT_KEPT = _("Not kept: %(reason)s")
CHANGED_MEANWHILE = _(
    "%(who)s saved another version of this article after you opened it. What you type is still "
    "kept, but you can’t save it as it is. Open the article in a new tab and compare."
)
SOMEBODY = _("Someone")
KEPT_TEXT = _("Unsaved text of “%(title)s”")
THROWN_AWAY = _("The unsaved text was thrown away.")
PASTED_PLAIN = _("The text was pasted without its format: %(reason)s")
PICTURE_ADDED = _("“%(picture)s” was added to the library.")
PICTURE_SAVED = _("“%(picture)s” was saved.")
PICTURE_DELETED = _("“%(picture)s” and its files were deleted.")
PICTURE_WITHDRAWN = _("“%(picture)s” was withdrawn and its files were deleted.")
NOTHING_CHANGED = _("Nothing was changed.")
STATUS_CHANGED = _("“%(source)s” is now marked as %(status)s.")
#: What a source's log keeps. Django translates it when it shows the log, after “Changed”.
STATUS_LOGGED: Mapping[str, str] = {
    Standing.CURRENT: gettext_noop("status to “Current”"),
    Standing.DISPUTED: gettext_noop("status to “Disputed”"),
    Standing.SUPERSEDED: gettext_noop("status to “Superseded”"),
    Standing.RETRACTED: gettext_noop("status to “Retracted”"),
}
APPROVED = _("“%(change)s” was approved and is live.")
DECIDED = _("“%(change)s”: %(decision)s.")
CHANGE_WAITS = _("A change is waiting for a second person: {link}.")
VIEW_CHANGE = _("view it")
NEEDS_APPROVAL = _("A second person has to approve this before readers see it: {link}")
CHANGED_SINCE_READ = _("Something changed after you opened this page. Please read it again.")
SOURCE_GONE = _("A source that no longer exists")


def sources_added(keys: list[str]) -> str:
    return ngettext(
        "%(count)d source added: %(keys)s.", "%(count)d sources added: %(keys)s.", len(keys)
    ) % {"count": len(keys), "keys": ", ".join(f"[@{key}]" for key in keys)}


# --- Titles and names -----------------------------------------------------------------------------

HISTORY = _("History of “%(title)s”")
REVISION = _("Revision %(number)d of “%(title)s”")
PREVIEW_LINKS = _("Preview links for “%(title)s”")
READER_FEEDBACK = _("Reader feedback on “%(title)s”")
NEW_PICTURE = _("New picture")
DELETE_PICTURE = _("Delete “%(picture)s”?")
WITHDRAW_PICTURE = _("Withdraw “%(picture)s”?")
WITHDRAWN = _("Withdrawn")
DECORATIVE = _("Decorative. It carries no information.")
CHANGE_STATUS = _("Change the status of “%(source)s”")
IMPORT_REFERENCES = _("Import references")
CHOOSE_ONE = _("Choose at least one source that isn’t in the library yet.")
# --- The start page -------------------------------------------------------------------------------

IN_REVIEW = _("In review, by anyone")
DRAFTS = _("Drafts by anyone")
READY_TO_PUBLISH = _("Approved, not published yet")
SCHEDULED = _("Scheduled")
DUE_FOR_REVIEW = _("Live, but due for a new review")
NEW_COMMENTS = _("Articles with new comments from readers")
NOT_FOUND = _("Searches without results")
CHANGES_WAITING = _("Changes that need a second person")
NOT_CLEAR = _("Not clear to some readers in the last 30 days")
COMMENTS_FILTER = _("feedback from readers")
COMMENTS_CHOICES = {
    "new": _("New comments, not read yet"),
    "unclear": _("Not clear to some, last 30 days"),
}
NO_PROPOSALS = _("Nothing is waiting for a second person.")
#: Columns that are not fields of the model.
COLUMNS = {
    "authors": _("Authors"),
    "language": _("Language"),
    "live": _("Live version"),
    "stage": _("Stage"),
    "review_due": _("Review due"),
    "clear": _("Was it clear?"),
    "picture": _("Picture"),
    "markdown": _("Code for articles"),
    "decision": _("Decision"),
    "what_to_do": _("What you can do"),
}
CLEAR_COUNTS = _("%(yes)d yes, %(no)d no")
CLEAR_COUNTS_UNREAD = _("%(yes)d yes, %(no)d no, %(unread)d to read")
LINE_PROBLEM = _("Line %(line)d: %(problem)s")
#: The library's dialogs: their titles and search prompts.
DIALOGS = {
    "sources": (_("Cite a source"), _("Search by title, author, or key")),
    "terms": (_("Insert a glossary term"), _("Search for a term")),
    "images": (_("Insert a picture"), _("Search by name or description")),
    "articles": (_("Link to an article"), _("Search by title")),
}
#: Names for the fields of a proposed change, where their own names say too little.
CHANGED_FIELDS = {
    "title": _("Title"),
    "authors": _("Authors"),
    "journal": _("Journal"),
    "year": _("Year"),
    "volume": _("Volume"),
    "issue": _("Issue"),
    "pages": _("Pages"),
    "design": _("Study design"),
    "name": _("Name"),
    "definition": _("Definition"),
    "description": _("Description"),
    "position": _("Place in the list of topics"),
    "picture": _("Picture"),
    "start_with_id": _("Article to read first"),
    "credit": _("Credit"),
    "standing": _("Status"),
    "standing_note": _("Reason, for readers"),
    "standing_by": _("Replaced or disputed by"),
    "slug": _("Address"),
    "forms": _("Other forms"),
    "retired_because": _("Reason, for readers"),
    "doi": _("DOI"),
    "pmid": _("PubMed ID"),
    "registry_id": _("Registry number"),
    "url": _("Web address"),
}
ARTICLE_GONE = _("(An article that is no longer there)")

#: Headings above the fields of a translation.
IN_LANGUAGES = _("In %(names)s")
IN_OTHER_LANGUAGES = _("In other languages")
TRANSLATION_STARTED = _(
    "This draft has the words of the original. Write them in %(language)s, and change its address "
    "to one in that language."
)
TRANSLATION_CONFIRMED = _("The translation is up to date.")

# --- Import of posts ------------------------------------------------------------------------------

IMPORT_POSTS = _("Import articles")
IMPORT_TITLES = {
    "reading": _("Import: reading the files"),
    "choosing": _("Import: what each post becomes"),
    "storing": _("Import: creating drafts"),
    "done": _("Import: report"),
}
IMPORT_DISCARDED = _("The import was discarded, and its files were deleted.")
