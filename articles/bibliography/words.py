"""What an editor is told about a file of references, or about what identifies a source."""

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

# --- A whole file ---------------------------------------------------------------------------------

FILE_TOO_LARGE = _("The file has %(bytes)s bytes. The limit is %(most)s. Split it into parts.")
NO_TEXT = _("This isn’t text. Export it again or save it as UTF-8.")
WINDOWS_LETTERS = _("This line isn’t UTF-8. We read it as Windows text: “%(text)s”. Check it.")
NOTHING_FOUND = _("No references were found.")
NO_KNOWN_FORMAT = _(
    "No references were found. We can read RIS, BibTeX, CSL-JSON, and PubMed’s format."
)
NO_RIS = _("No references were found. Each one starts with a line like “TY  - JOUR”.")
NO_JSON = _("This JSON can’t be read.")
FIRST_ONLY = _("Only the first %(most)d entries were read. Split the file to import the rest.")
TOO_MANY = _("The file has too many entries to read at once. Split it into parts.")
UNREADABLE_FROM_HERE = _("Nothing could be read from here on.")

# --- One entry ------------------------------------------------------------------------------------

NO_TITLE = _("This entry has no title, so it was left out.")
TITLE_TOO_LONG = _(
    "The title has %(length)s characters, so the entry was left out. The limit is %(most)d."
)
TOO_LONG = _("The %(field)s has %(length)s characters. The limit is %(most)d.")
#: Field names as they appear in a sentence.
FIELDS = {
    "journal": _("journal"),
    "volume": _("volume"),
    "issue": _("issue"),
    "pages": _("page range"),
    "doi": _("DOI"),
    "pmid": _("PubMed ID"),
    "registry_id": _("registry number"),
    "url": _("web address"),
}
LEFT_OUT = _("%(problem)s It was left out of “%(title)s”.")
TITLE_SAYS = _("Its title or note says it is %(status)s.")
TITLE_MAY_SAY = _("Its title or note may say it is %(status)s.")
OUTSIDE_ENTRY = _("These lines are not part of an entry. A line like “TY  - JOUR” is missing.")
NO_REFERENCE = _("“%(text)s” isn’t a reference in a form we know.")
ITEM_NO_REFERENCE = _("An item isn’t a reference.")
MARK_MISSING = _("This entry can’t be read. A brace, a quotation mark, or a comma is missing.")
ENTRY_LEFT_OUT = _("This entry was left out. %(why)s")
UNKNOWN_COMMAND = _("We don’t know the command “%(name)s”, so what it stands for is missing.")
TOO_MUCH_LATEX = _("It has too much LaTeX.")
TOO_DEEP = _("Its braces are nested too deeply.")
FIELD_TWICE = _("“%(name)s” appears twice. Only the first one was read.")
UNKNOWN_ABBREVIATION = _("“%(text)s” is an abbreviation that this file doesn’t explain.")
REFERS_NOWHERE = _("This entry refers to “%(key)s”, which isn’t in this file.")
UNREADABLE_LATEX = _("Its LaTeX can’t be read.")

# --- Authors --------------------------------------------------------------------------------------

EDITORS_INSTEAD = _("It names no authors, so its editors are listed instead.")
FIRST_AUTHORS = _("Of %(count)d authors, the first %(kept)d were kept.")
AUTHORS_TOO_LONG = _("Its list of authors is too long.")
AUTHOR_TOO_LONG = _("The name of an author is too long.")
ONE_BODY = _("“%(name)s” was read as one organization.")
NAME_TWICE = _("“%(name)s” was written twice and listed once.")
AS_WRITTEN = _("“%(name)s” was kept as written. It’s not clear which part is the family name.")
ODD_CHARACTER = _("The name “%(name)s” contains a digit or a sign.")
MAYBE_SEVERAL = _("The name “%(name)s” may be several people.")
MAYBE_DEGREE = _("The name “%(name)s” may have a degree in place of a given name.")
MAYBE_BODY = _("The name “%(name)s” may be one organization or several names.")
MAYBE_TWO = _("The name “%(name)s” may be one person or two.")

# --- What identifies a source ---------------------------------------------------------------------

NO_DOI = _("“%(value)s” isn’t a DOI. A DOI looks like 10.1007/s10067-014-2754.")
NO_PMID = _("“%(value)s” isn’t a PubMed ID. A PubMed ID has 1 to 8 digits.")
NO_REGISTRY = _(
    "“%(value)s” isn’t a number of a trial registry that we know. Such a number looks like "
    "NCT01234567 or ISRCTN01234567."
)
NO_NUMBER = _(
    "“%(value)s” isn’t a DOI, a PubMed ID, or a registry number. They look like "
    "10.1007/s10067-014-2754, 24633461, and NCT01234567."
)
NO_PAGES = _("“%(value)s” isn’t a page range. Write it like 1611-9, e123, or S1-S9.")
NO_YEAR = _("“%(value)s” isn’t a year from %(first)d to %(last)d.")
NO_KEY = _(
    "A key starts with a lowercase letter and has only lowercase letters, digits, and hyphens, "
    "like gu-2014. The limit is %(most)d characters."
)
NO_URL = _("“%(value)s” isn’t a web address. A web address starts with https://")


def read_as_names(line: str, count: int) -> str:
    return ngettext(
        "“%(line)s” was read as %(count)d name.", "“%(line)s” was read as %(count)d names.", count
    ) % {"line": line, "count": count}


def at_line(line: int, reason: str) -> str:
    return gettext("Line %(line)d: %(problem)s") % {"line": line, "problem": reason}
