"""Comments on passages, made through the editing verbs."""

from articles.editing import comments, last_read, places
from articles.models import Article, Comment, CommentThread, LastRead, Revision
from articles.reading import pages
from portal.models import Role, User
from tests.factories.articles import make_draft
from tests.factories.portal import make_staff


def passage_key(revision: Revision, words: str) -> str:
    """Return the key of the first passage of a revision's page with these words."""
    found = places.read_places(revision, pages.build_preview(revision))
    return next(each.key for each in found if words in each.text)


def make_commentthread(
    article: Article | None = None,
    *,
    by: User | None = None,
    words: str = "",
    text: str = "Is this so?",
    quote: str = "",
) -> CommentThread:
    """Comment on the first passage of the newest revision that has these words."""
    article = article or make_draft()
    place = passage_key(article.head, words or article.head.title)
    by = by or make_staff(Role.REVIEWER)
    return comments.open_thread(article.head, place=place, quote=quote, text=text, by=by)


def make_comment() -> Comment:
    return make_commentthread().comments.get()


def make_lastread() -> LastRead:
    last_read.note_reading(make_draft(), by=make_staff(Role.REVIEWER))
    return LastRead.objects.latest("pk")
