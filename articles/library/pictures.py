"""How pictures come into the library, are described there, and leave it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F

from articles import pages, pictures, shelf
from articles.access import APPROVE
from articles.models import Article, Image, Revision
from articles.pictures import Master
from articles.states import Refused

if TYPE_CHECKING:
    from portal.models import User

_NAMED_AT_MOST = 5


def add(master: Master, *, name: str, alt: str, credit: str, by: "User | None") -> Image:
    """A new picture; an empty `alt` says that it is decorative.

    Its files are made and on the disk before its row is: making them takes seconds, in which no
    transaction may hold up who asks for a coordinator. Where files of it went missing, sending the
    same picture brings them back. Raise Refused where the name, or the picture, is there already.
    """
    if not all(map(shelf.has, pictures.file_names(master.digest, master.widths))):
        shelf.put(pictures.encode(master))
    try:
        with transaction.atomic():
            return Image.objects.create(
                name=name,
                alt=alt,
                credit=credit,
                width=master.width,
                height=master.height,
                digest=master.digest,
                widths=master.widths,
                added_by=by,
            )
    except IntegrityError:
        same = Image.objects.filter(digest=master.digest).first()
        if same:
            raise Refused(f"This picture is in the library already, as “{same}”.") from None
        if not Image.objects.filter(name=name).exists():
            raise
        raise Refused(f"Another picture has the name “{name}”.") from None


@transaction.atomic
def describe(image: Image, *, alt: str, credit: str, version: int, by: "User") -> Image:
    """Change what is said of a picture that was read at `version`.

    The description is a proposal for new articles. The credit stands below the picture: where
    readers see it, it is a reviewer's word. Raise Refused.
    """
    image = _take(image, version)
    has_new_credit = credit != image.credit
    image.alt, image.credit = alt, credit
    image.save()
    shown = shown_in(image, to_readers=True) if has_new_credit else []
    if shown and not by.has_perm(APPROVE):
        raise Refused(
            f"Readers see it in {_titles(shown)}, so only a medical reviewer can change its credit."
        )
    for article in shown:
        pages.make(article)
    return image


@transaction.atomic
def remove(image: Image, *, version: int, by: "User") -> None:
    """Take a picture and its files out of the library.

    Raise Refused where a revision shows it: revisions are kept as they were.
    """
    image = _take(image, version)
    shown = shown_in(image)
    if shown:
        raise Refused(f"It stands in {_titles(shown)}, in its newest words or in earlier ones.")
    files = image.files
    image.delete()
    transaction.on_commit(lambda: shelf.remove(files))


def shown_in(image: Image, *, to_readers: bool = False) -> list[Article]:
    """The articles of which a revision shows it; or only those in which readers see it now."""
    revisions = Revision.objects.filter(body__contains=f"image:{image.name}")
    if to_readers:
        revisions = revisions.filter(live_of__isnull=False)
    bodies = revisions.values_list("article", "body").iterator()
    found = {article for article, body in bodies if image.is_named_in(body)}
    return list(Article.objects.for_desk().filter(pk__in=found).order_by("title", "id"))


def _take(image: Image, version: int) -> Image:
    """The row as of now, ours to change until the transaction ends."""
    taken = Image.objects.filter(pk=image.pk, version=version).update(version=F("version") + 1)
    if not taken:
        raise Refused(
            "Somebody changed this picture after you opened it, so nothing was saved. "
            "Open it again in a new tab, compare, and save once more."
        )
    return Image.objects.get(pk=image.pk)


def _titles(articles: Sequence[Article]) -> str:
    named = ", ".join(f"“{article}”" for article in articles[:_NAMED_AT_MOST])
    more = len(articles) - _NAMED_AT_MOST
    return f"{named} and {more} more" if more > 0 else named
