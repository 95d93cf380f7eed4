"""The ways in which one person could publish words, and everything that readers can read."""

from collections.abc import Callable

from django.test import Client

from articles import library
from articles.editing import publishing, writing
from articles.library import images as library_pictures
from articles.models import Article, Category, Image, Reference
from articles.rendering.library_snapshot import GlossaryEntry, Standing
from portal.models import Role, User
from tests.factories import (
    make_article,
    make_category,
    make_image,
    make_reference,
    make_term,
)

WORDS = "buy-our-cells"
PROPOSALS = "/admin/articles/proposal/"


def make_cited_article() -> Article:
    """Publish an article with every element in which free text could appear."""
    make_reference("sole-2013")
    make_image("filter")
    body = "A urine test can show protein. [@sole-2013]\n\n![A filter](image:filter)"
    return make_article(slug="kidney", body=body, categories=[make_category("Kidneys")])


def dispute(by: User, article: Article) -> None:
    reference = Reference.objects.get(key="sole-2013")
    library.set_standing(
        reference, standing=Standing.DISPUTED, note=WORDS, version=reference.version, by=by
    )


def name_another_source(by: User, article: Article) -> None:
    other = make_reference("other-2020", title=WORDS)
    reference = Reference.objects.get(key="sole-2013")
    library.set_standing(
        reference,
        standing=Standing.SUPERSEDED,
        note="Newer.",
        by_source=other,
        version=reference.version,
        by=by,
    )


def define(by: User, article: Article) -> None:
    words = GlossaryEntry(slug="", name="urine", definition=WORDS)
    library.propose_term(None, words, by=by)


def redefine(by: User, article: Article) -> None:
    term = make_term("protein")
    words = GlossaryEntry(slug="", name="protein", definition=WORDS)
    library.propose_term(term, words, version=1, by=by)


def rename_category(by: User, article: Article) -> None:
    category = article.categories.get()
    library.propose_category(category, name=WORDS, description=WORDS, by=by)


def add_category(by: User, article: Article) -> None:
    library.propose_category(None, name=WORDS, slug=WORDS, description="", by=by)
    for category in Category.objects.filter(slug=WORDS):
        article.categories.add(category)


def change_details(by: User, article: Article) -> None:
    reference = Reference.objects.get(key="sole-2013")
    source = reference.as_source().__class__(key="sole-2013", title=WORDS)
    library.edit_reference(reference, source, version=reference.version, by=by)


def change_credit(by: User, article: Article) -> None:
    image = Image.objects.get(name="filter")
    library_pictures.describe_image(
        image, alt=image.alt, credit=WORDS, version=image.version, by=by
    )


def retire(by: User, article: Article) -> None:
    publishing.retire(article, because=WORDS, version=article.version, by=by)


def move(by: User, article: Article) -> None:
    writing.change_slug(article, slug=WORDS, version=article.version, by=by)


#: Each way to publish words, and the roles that can start on it.
WAYS: dict[str, tuple[Callable[[User, Article], None], tuple[Role, ...]]] = {
    "the note of a disputed source": (dispute, (Role.EDITOR, Role.REVIEWER)),
    "the title of what supersedes it": (name_another_source, (Role.EDITOR, Role.REVIEWER)),
    "a new word of the glossary": (define, (Role.REVIEWER,)),
    "another definition": (redefine, (Role.REVIEWER,)),
    "the words of a category": (rename_category, (Role.REVIEWER,)),
    "a new category": (add_category, (Role.REVIEWER,)),
    "the details of a source": (change_details, (Role.REVIEWER,)),
    "the credit of a picture": (change_credit, (Role.REVIEWER,)),
    "why it was taken down": (retire, (Role.EDITOR, Role.REVIEWER)),
    "the address": (move, (Role.EDITOR, Role.REVIEWER)),
}


def everything_read() -> str:
    client = Client()
    pages = ["/", "/glossary/", "/categories/", "/articles/", "/feed/", "/sitemap-articles.xml"]
    pages += [each.get_absolute_url() for each in Category.objects.all()]
    pages += [f"/articles/{slug}/" for slug in ("kidney", *Article.objects.values_list("slug"))]
    return " ".join(client.get(page, follow=True).text for page in pages)
