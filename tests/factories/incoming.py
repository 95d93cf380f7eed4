"""Text that is no revision yet: what an import read, and what someone typed."""

from itertools import count

from articles.editing import kept_texts
from articles.editing.kept_texts import Window
from articles.models import ImportLine, KeptText, PostImport
from articles.posts import page_imports
from articles.posts.upload_reading import Upload
from portal.models import Role, User
from tests.factories.portal import make_staff

_numbers = count(1)


def make_postimport(by: User | None = None) -> PostImport:
    """Make an import whose only post was read, and waits for its yes."""
    number = next(_numbers)
    post = f"# Post {number}\n\nText.".encode()
    uploads = [Upload(name=f"post-{number}.md", content=post)]
    started = page_imports.start_import(uploads, by=by or make_staff(Role.EDITOR))
    page_imports.continue_import(started)
    return PostImport.objects.get(pk=started.pk)


def make_kepttext(by: User | None = None) -> KeptText:
    """Keep what an editor typed into a new article."""
    return kept_texts.keep_text(
        None,
        {"title": "Unsaved", "body": "Typed, not saved."},
        window=Window(token=f"window-of-{next(_numbers):016}"),
        number=1,
        version=None,
        revision=0,
        by=by or make_staff(Role.EDITOR),
    )


def make_importline() -> ImportLine:
    return make_postimport().lines.get()
