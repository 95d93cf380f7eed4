"""What importing posts does to articles and to the library."""

from functools import partial

import pytest

from articles.editing import writing
from articles.models import Article, Category, Reference
from articles.posts.importer import import_post
from articles.states import StepRefused
from portal.models import User
from tests.articles.posts.samples import MARKDOWN, POST
from tests.factories import make_content, make_reference

#: Allows new categories.
bring_in = partial(import_post, may_create_categories=True)


@pytest.mark.django_db
def test_an_import_is_a_draft_in_its_categories() -> None:
    Category.objects.create(name="ankles", slug="ankles")
    article, outcome = bring_in(POST.encode(), source="slippers.txt", by=None)
    assert outcome == "created"
    assert not article.is_live
    assert article.slug == "magnetic-slippers-for-tired-ankles"
    names = [category.name for category in article.categories.order_by("slug")]
    assert names == ["ankles", "Magnet Research", "Slippers"], "known ones are found again"


@pytest.mark.django_db
def test_importing_a_file_twice_changes_nothing_even_if_its_slug_changed(editor: User) -> None:
    article, _ = bring_in(POST.encode(), source="slippers.txt", by=None)
    writing.change_slug(article, slug="renamed", version=article.version, by=editor)
    again, outcome = bring_in(POST.encode(), source="slippers.txt", by=None)
    assert (again.pk, again.slug, outcome) == (article.pk, "renamed", "unchanged")
    moved, outcome = bring_in(POST.encode(), source="moved/slippers.txt", by=None)
    assert outcome == "unchanged"
    assert Article.objects.count() == 1
    moved.refresh_from_db()
    assert moved.source == "moved/slippers.txt", "there its next change is looked for"


@pytest.mark.django_db
def test_a_file_with_new_text_updates_its_untouched_draft(editor: User) -> None:
    article, _ = bring_in(POST.encode(), source="slippers.txt", by=None)
    raw = POST.replace("Tired Ankles", "Calm Ankles").encode()
    changed, outcome = bring_in(raw, source="slippers.txt", by=editor)
    assert (changed.pk, changed.title, outcome) == (
        article.pk,
        "Magnetic Slippers for Calm Ankles",
        "updated",
    )
    writing.save_revision(changed, make_content(), version=changed.version, by=editor)
    with pytest.raises(StepRefused, match="by hand"):
        bring_in(POST.encode(), source="slippers.txt", by=None)


@pytest.mark.django_db
def test_sources_join_the_library_and_known_ones_keep_their_details() -> None:
    known = make_reference(key="slippers", title="As we have it", doi="10.1000/slippers")
    raw = MARKDOWN.replace("year: 2013,", "year: 2013, doi: 10.1000/SLIPPERS,").encode()
    article, _ = bring_in(raw, source="magnets.md", by=None)
    assert set(Reference.objects.values_list("key", "title")) == {
        ("slippers", known.title),
        ("heel-2015", "Slippers again"),
    }
    assert "[@slippers]" in article.head.body
    assert "[@slippers]" in article.head.key_points


@pytest.mark.django_db
def test_a_different_source_under_a_known_key_is_refused() -> None:
    make_reference(key="sole-2013", doi="10.1000/other")
    raw = MARKDOWN.replace("year: 2013,", "year: 2013, doi: 10.1000/slippers,").encode()
    with pytest.raises(StepRefused, match=r"different source as \[@sole-2013\]"):
        bring_in(raw, source="magnets.md", by=None)
    assert not Article.objects.exists()
