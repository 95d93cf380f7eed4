"""Why a file isn't a post, and what was changed, shown after its name and line: “post.md:1: …”."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext_lazy as _

FILE_TOO_LARGE = _("the file is larger than %(most)s bytes")
NOT_UTF8 = _("this isn’t UTF-8 text; save the file as UTF-8")
NOT_AS_DECLARED = _("this isn’t text in its declared encoding, %(encoding)s; save it as UTF-8")
READ_AS = _("it isn’t UTF-8; it was read as %(encoding)s")
CONTROL_CHARACTER = _("the text has a control character")
NOT_UNPACKED = _("%(path)s can’t be unpacked")
FILE_EMPTY = _("the file is empty")
TITLE_ONE_LINE = _("the title has to be one line with a blank line after it")
NOTHING_AFTER_TITLE = _("there is nothing after the title")
NO_CATEGORY_LINE = _("“Posted and filed under” and the categories have to follow the title")
NO_HEADING = _("it has neither front matter nor a first heading")
NO_PARAGRAPH = _("there is no paragraph after the categories")
NO_CATEGORY = _("it has no category")
CATEGORY_UNREADABLE = _("the category “%(name)s” has no letter or digit")
TOO_LONG = _("%(field)s is longer than %(most)d characters")

FRONT_UNREADABLE = _("the front matter can’t be read: %(why)s")
FRONT_NOT_LINES = _("the front matter has to be lines of “key: value”")
FRONT_NOT_CLOSED = _("the front matter has no closing line “---”")
FIELD_NOT_WORD = _("the name of a field has to be a word")
FIELD_TWICE = _("“%(name)s” appears twice")
NO_TITLE = _("the front matter has no title")
NO_TEXT = _("there is no text after the front matter")
WRONG_SLUG = _("the slug “%(slug)s” can have only lowercase letters, digits, and hyphens")
NOT_TEXT = _("“%(key)s” in the front matter has to be text")
NOT_LIST_OF_TEXT = _("“%(key)s” in the front matter has to be a list of texts")
NOT_LIST = _("“%(key)s” in the front matter has to be a list")
NOT_REASONS = _("“%(key)s” in the front matter has to be words, each with a reason")
NOT_RATINGS = _(
    "“certainty” in the front matter has to be a list, with a card’s number, its level, and its "
    "reasons (“because”), and each card only once"
)
NOT_ONE_OF = _("%(field)s “%(value)s” isn’t one of %(choices)s")
WRONG_CODE = _("condition_code “%(value)s”: %(why)s")
NEITHER_LINE_NOR_FIELDS = _("a reference in the front matter has to be a line of text or fields")
SAME_KEY = _("two references in the front matter have the same key")
NOT_FIELDS = _("“pictures” in the front matter has to be a list of fields")
UNKNOWN_PICTURE_FIELDS = _("a picture has unknown fields: %(names)s")
PICTURE_NEEDS_NAME = _("a picture needs a name")
WRONG_PICTURE = _("a picture: %(why)s")
UNKNOWN_REFERENCE_FIELDS = _("a reference has unknown fields: %(names)s")
WRONG_YEAR = _("the year “%(value)s” of a reference isn’t a year")
REFERENCE_NOT_TEXT = _("“%(field)s” of a reference has to be text")
REFERENCE_INCOMPLETE = _("a reference needs a key and a title")
NO_REFERENCE = _("this isn’t a reference")
NO_REFERENCES = _("No references were found in the front matter.")
TITLE_SAYS = _("Its title says it is %(status)s.")

# --- What a reason names --------------------------------------------------------------------------

A_CATEGORY = _("a category")
THE_TITLE = _("the title")
THE_STAGE = _("the stage")
THE_LANGUAGE = _("the language")
THE_LEVEL = _("the level of certainty")
A_REASON = _("the reasons for the certainty")
THE_DESIGN = _("the design")
THE_STANDING = _("the standing")
OF_REFERENCE = _("“%(field)s” of a reference")

# --- Notes ----------------------------------------------------------------------------------------

KEY_NOT_READ = _("“%(name)s” in the front matter was ignored")
TITLE_AGAIN = _("the title is repeated above the text; take it out there")
HEADING_TOO_HIGH = _("“# %(heading)s” is above the text; headings start at “##”")
HTML_CONVERTED = _("HTML was changed to Markdown: %(tags)s; check it")
HTML_LEFT = _("HTML without a Markdown form was left, and readers would see it: %(tags)s")

TITLE_FROM_TEXT = _("it has no title; its first words were taken")
SUMMARY_SHORTENED = _("its summary was too long and was cut")
CATEGORIES_NOT_KEPT = _("categories whose names can’t be used: %(names)s")

# --- Exports and documents ------------------------------------------------------------------------

XML_HOSTILE = _("the file declares XML entities or a document type, which are never read")
XML_BROKEN = _("the XML can’t be read any further; export it again")
NO_CHANNEL = _("there is no channel with posts in the export")
EXPORT_TOO_LARGE = _("the file is larger than %(most)s MB; export fewer posts at a time")
POST_WITHOUT_TEXT = _("it has no text")
NOT_WANTED = _("You chose not to import it.")
WAS_PRIVATE = _("it was private there")
HAD_PASSWORD = _("it was protected by a password there")
WAS_IN_TRASH = _("it was in the trash there")
WAS_DRAFT = _("it was a draft there")
WAS_PENDING = _("it waited for a review there")
WAS_SCHEDULED = _("it was only scheduled there")
BLOCKS = _("what these blocks show: %(names)s")
COVER = _("the picture “%(file)s” above the text")
DOCUMENT_UNREADABLE = _("this isn’t a Word document that can be read; save it again as .docx")
DOCUMENT_TOO_LARGE = _("the document unpacks to more than %(most)s MB")
DOCUMENT_TITLE = _("the document has no title or first heading")
DOCUMENT_PICTURES = _("pictures in the document were left out: %(count)d; add them as files")
OTHER_XML = _("this is XML, but not a WordPress export")
PAGE_TITLE = _("the page has no title")

# --- HTML -----------------------------------------------------------------------------------------

HTML_TOO_LONG = _("the page has more than %(most)s characters of HTML")
NESTED_TOO_DEEPLY = _("the HTML is nested too deeply")
TOO_MANY_TAGS = _("the page has more than %(most)s HTML tags")
LOST = _("left out: %(what)s")
LOST_TIMES = _("%(what)s (%(count)d times)")
LOST_EMBED = _("something embedded from another site")
LOST_VIDEO = _("a video")
LOST_AUDIO = _("a recording")
LOST_FORM = _("a form")
LOST_DRAWING = _("a drawing")
LOST_FORMULA = _("a formula")
LOST_SCRIPT = _("a script")
LOST_STYLE = _("colors, fonts, and other styles")
LOST_DATA_PICTURE = _("a picture that is written into the page")
LOST_PICTURE = _("a picture")
LOST_STRUCK = _("struck-out words")
SHORTCODES = _("the shortcodes %(names)s")
LOST_TABLE = _("the cells of a table inside a table")


def name_lost(lost: Mapping[str, int]) -> Iterator[str]:
    """Yield a note on each thing that was left out."""
    for what, count in lost.items():
        said = LOST_TIMES % {"what": what, "count": count} if count > 1 else what
        yield LOST % {"what": said}


ORIGIN = _("On the site it was imported from: by %(name)s, %(day)s.")
NOBODY = _("somebody unnamed")
NO_DAY = _("without a date")

# --- Refusals -------------------------------------------------------------------------------------

BOTH_CHANGED = _(
    "The file changed, and so did the article since it was imported. Make the change by hand."
)
KEEPS_LANGUAGE = _("An import can’t change the language of an article, or which one it translates.")
NO_ORIGINAL = _("This is a translation of “%(slug)s”, but there is no article with that address.")
NOT_AN_ORIGINAL = _(
    "“%(slug)s” can’t be the original of this translation. Name an original in another language."
)
KEY_TAKEN = _("The library has a different source as [@%(key)s]. Give this one its own key.")

# --- The page for imports -------------------------------------------------------------------------

FILE_REFUSED = _("%(name)s: %(reason)s")
OTHER_FILE = _("this kind of file can’t be imported")
PICTURE_TOO_LARGE = _("the picture is larger than %(most)s MB")
NOT_A_ZIP = _("the zip can’t be read")
ZIP_WITHOUT_PICTURES = _("the zip has no pictures")
NO_POSTS = _("there are no posts in it")
TOO_MANY_POSTS = _("there are more than %(most)s posts in it; export fewer at a time")
NOTHING_TO_IMPORT = _("None of these files holds a post.")
TOO_MANY_IMPORTS = _("You have %(most)d imports that wait. Finish or discard one first.")
UPLOAD_GONE = _("The uploaded file is no longer here. Upload it again.")
UNEXPECTED = _("Something went wrong on our side, and nothing of it was saved.")
IMPORTED_BY = _("Imported by %(name)s.")
