"""Nothing reaches readers without a second pair of eyes, and nothing changes behind their backs."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from articles import publishing
from articles.models import Article, Category, SearchEntry
from articles.publishing import Refused
from portal.models import Role, User
from tests.factories import make_article, make_category, make_content, make_draft, make_staff

pytestmark = pytest.mark.django_db


def test_a_draft_keeps_what_was_written_and_its_rendered_body(editor: User) -> None:
    lupus = make_category("Lupus")
    draft = publishing.draft(
        make_content(title="Kidney tests", body="## Protein\r\n\r\nFoamy *urine*."),
        categories=[lupus],
        by=editor,
    )
    stored = Article.objects.get()
    assert stored == draft
    assert stored.title == "Kidney tests"
    assert stored.body == "## Protein\n\nFoamy *urine*."
    assert stored.body_html == "<h2>Protein</h2>\n<p>Foamy <em>urine</em>.</p>\n"
    assert list(stored.categories.all()) == [lupus]
    assert (stored.written_by, stored.state) == (editor, Article.State.DRAFT)


def test_an_address_is_made_from_the_title_and_never_taken_twice(editor: User) -> None:
    addresses = [make_draft(title="Foamy urine?", slug="", by=editor).slug for _ in range(3)]
    assert addresses == ["foamy-urine", "foamy-urine-2", "foamy-urine-3"]
    assert make_draft(title="¿?", slug="", by=editor).slug == "article"
    with pytest.raises(Refused, match="already has the address “foamy-urine”"):
        make_draft(slug="foamy-urine", by=editor)


def test_publishing_puts_a_draft_before_readers_and_into_the_search(reviewer: User) -> None:
    draft = make_draft()
    published = publishing.publish(draft, version=draft.version, by=reviewer)
    assert list(Article.objects.published()) == [published]
    assert published.reviewed_by == reviewer
    assert published.reviewed_at == published.published_at
    entry = SearchEntry.objects.get()
    assert entry.words == "Protein A urine test can show protein ."


def _reasons(draft: Article, by: User) -> tuple[str, ...]:
    with pytest.raises(Refused) as refusal:
        publishing.publish(draft, version=draft.version, by=by)
    draft.refresh_from_db()
    assert not draft.is_published
    assert not SearchEntry.objects.exists()
    return refusal.value.reasons


def test_the_author_cannot_publish_her_own_words() -> None:
    both = make_staff(Role.REVIEWER)
    assert _reasons(make_draft(by=both), both) == (
        "You wrote it. Somebody else has to review and publish it.",
    )


def test_not_even_a_superuser_can() -> None:
    root = make_staff(is_superuser=True)
    assert _reasons(make_draft(by=root), root) == (
        "You wrote it. Somebody else has to review and publish it.",
    )


def test_saving_without_a_change_makes_nobody_an_author(editor: User) -> None:
    both = make_staff(is_superuser=True)
    content = make_content()
    draft = publishing.draft(content, categories=[make_category()], by=both)
    same = publishing.revise(
        draft, content, categories=draft.categories.all(), version=draft.version, by=editor
    )
    assert same.written_by == both
    with pytest.raises(Refused, match="You wrote it"):
        publishing.publish(same, version=same.version, by=both)


def test_control_characters_become_spaces_and_a_flood_of_words_is_refused(editor: User) -> None:
    draft = make_draft(title="Kidney\x0btests", summary="a\x00b", body="Line one.\nLine two.")
    assert (draft.title, draft.summary, draft.body) == (
        "Kidney tests",
        "a b",
        "Line one.\nLine two.",
    )
    with pytest.raises(Refused, match=r"200,001 characters\. 200,000 are the most"):
        make_draft(body="x" * 200_001)


@pytest.mark.parametrize("role", ["", Role.EDITOR, Role.COORDINATOR, Role.LEAD, Role.PRIVACY])
def test_only_a_reviewer_publishes(role: Role) -> None:
    assert _reasons(make_draft(), make_staff(role)) == (
        "Only a medical reviewer can publish an article.",
    )


def test_an_incomplete_page_is_refused_with_every_reason_at_once(reviewer: User) -> None:
    draft = publishing.draft(make_content(summary=" ", references="\n"), categories=[], by=None)
    assert _reasons(draft, reviewer) == (
        "It has no author: an editor has to read it and save it first.",
        "It has no summary.",
        "It is filed under no category.",
        "It names no reference.",
    )


def test_a_published_article_is_not_published_again(reviewer: User) -> None:
    article = make_article()
    with pytest.raises(Refused, match="published already"):
        publishing.publish(article, version=article.version, by=reviewer)


def test_a_published_article_cannot_be_changed(editor: User) -> None:
    article = make_article()
    with pytest.raises(Refused, match="Withdraw it before"):
        publishing.revise(
            article, make_content(), categories=[], version=article.version, by=editor
        )


def test_a_revision_voids_the_review_and_makes_its_editor_the_author(
    editor: User, reviewer: User
) -> None:
    article = make_article(reviewer=reviewer)
    draft = publishing.withdraw(article, version=article.version, by=reviewer)
    revised = publishing.revise(
        draft,
        make_content(title="New title"),
        categories=[make_category()],
        version=draft.version,
        by=editor,
    )
    assert (revised.title, revised.written_by, revised.reviewed_by) == ("New title", editor, None)
    first = article.published_at
    again = publishing.publish(revised, version=revised.version, by=reviewer)
    assert again.published_at == first, "its place among the newest stays"
    assert again.reviewed_at != article.reviewed_at


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER])
def test_an_editor_or_a_reviewer_withdraws_an_article_at_once(role: Role) -> None:
    article = make_article()
    publishing.withdraw(article, version=article.version, by=make_staff(role))
    assert not Article.objects.published().exists()
    assert not SearchEntry.objects.exists()


@pytest.mark.parametrize("role", ["", Role.COORDINATOR, Role.LEAD, Role.PRIVACY])
def test_nobody_else_withdraws(role: Role) -> None:
    article = make_article()
    with pytest.raises(Refused, match="Only an editor or a medical reviewer"):
        publishing.withdraw(article, version=article.version, by=make_staff(role))


def test_a_draft_is_not_withdrawn(editor: User) -> None:
    draft = make_draft()
    with pytest.raises(Refused, match="is not published"):
        publishing.withdraw(draft, version=draft.version, by=editor)


def test_what_changed_since_it_was_opened_is_not_overwritten(editor: User, reviewer: User) -> None:
    draft = make_draft(title="Old")
    opened_at = draft.version
    newer = publishing.revise(
        draft, make_content(title="New"), categories=[], version=opened_at, by=editor
    )
    with pytest.raises(Refused, match="changed this article after you opened it"):
        publishing.revise(
            draft, make_content(title="Mine"), categories=[], version=opened_at, by=editor
        )
    with pytest.raises(Refused, match="changed this article after you opened it"):
        publishing.publish(draft, version=opened_at, by=reviewer)
    newer.refresh_from_db()
    assert newer.title == "New"


@pytest.mark.parametrize(
    "fields",
    [
        {"title": ""},
        {"slug": ""},
        {"body": ""},
        {"summary": ""},
        {"state": "secret"},
        {"reviewed_by": None},
        {"reviewed_at": None},
        {"published_at": None},
        {"reviewed_by": F("written_by")},
    ],
    ids=str,
)
def test_the_database_itself_refuses_an_article_that_cannot_be(fields: dict[str, object]) -> None:
    article = make_article()
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(**fields)


@pytest.mark.parametrize("fields", [{"name": ""}, {"slug": ""}], ids=str)
def test_a_category_has_a_name_and_an_address(fields: dict[str, str]) -> None:
    make_category()
    with pytest.raises(IntegrityError), transaction.atomic():
        Category.objects.update(**fields)


def test_an_author_cannot_be_deleted(editor: User) -> None:
    make_draft(by=editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        editor.delete()
