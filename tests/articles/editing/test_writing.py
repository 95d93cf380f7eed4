"""Text is never overwritten: each save is a revision, and the author of a part stays its author."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from articles.content import MAX_BODY_LENGTH
from articles.editing import addresses, publishing, writing
from articles.models import Article, Category, OldAddress
from articles.states import StepRefused
from portal.models import User
from tests.factories import (
    approve,
    approve_waiting,
    make_article,
    make_category,
    make_content,
    make_draft,
    make_staff,
    publish,
    submit,
)

pytestmark = pytest.mark.django_db


def _authors(article: Article) -> dict[str, str]:
    return {str(each.author): each.interests for each in article.head.authorships.all()}


def _revise(article: Article, by: User, interests: str = "None", **content: object) -> Article:
    words = {**vars(article.head.content), **content}
    return writing.save_revision(
        article,
        make_content(**words),
        interests=interests,
        version=article.version,
        by=by,
    )


def test_a_draft_keeps_its_text_and_its_author(editor: User) -> None:
    lupus = make_category("Lupus")
    draft = writing.create_draft(
        make_content(title=" Kidney tests ", body="## Protein\r\n\r\nFoamy\x00 *urine*."),
        categories=[lupus],
        interests="I hold  shares.",
        by=editor,
    )
    stored = Article.objects.get()
    assert (stored, stored.title, stored.state) == (draft, "Kidney tests", "draft")
    assert stored.head.number == 1
    assert stored.head.body == "## Protein\n\nFoamy  *urine*."
    assert _authors(stored) == {str(editor): "I hold shares."}
    assert list(stored.categories.all()) == [lupus]
    assert not stored.is_live


def test_an_address_is_made_from_the_title_and_never_used_twice(editor: User) -> None:
    addresses = [make_draft(title="Foamy urine?", by=editor).slug for _ in range(3)]
    assert addresses == ["foamy-urine", "foamy-urine-2", "foamy-urine-3"]
    assert make_draft(title="¿?", by=editor).slug == "article"
    with pytest.raises(StepRefused, match="already has the address “foamy-urine”"):
        make_draft(slug="foamy-urine", by=editor)


def test_a_body_over_the_size_limit_is_refused(editor: User) -> None:
    with pytest.raises(StepRefused, match=r"has 200,001 characters\. The limit is 200,000"):
        make_draft(body="x" * (MAX_BODY_LENGTH + 1), by=editor)
    assert not Article.objects.exists()


def test_each_save_makes_a_revision_with_all_authors_so_far(editor: User) -> None:
    other = make_staff("editor")
    draft = make_draft(by=editor)
    second = _revise(draft, other, "My sister works there.", body="Other words.")
    assert (second.head.number, second.head.made_from, second.head.made_by) == (
        2,
        draft.head,
        other,
    )
    assert _authors(second) == {str(editor): "None", str(other): "My sister works there."}
    assert draft.revisions.get(number=1).body == draft.head.body


def test_saving_unchanged_text_adds_no_revision_and_no_author(editor: User) -> None:
    draft = make_draft(by=editor)
    again = _revise(draft, make_staff("editor"), "")
    assert again.head == draft.head
    assert _authors(again) == {str(editor): "None"}


def test_changing_only_interests_makes_a_revision(editor: User) -> None:
    draft = make_draft(by=editor)
    again = _revise(draft, editor, "I hold shares.")
    assert (again.head.number, again.head.digest) == (2, draft.head.digest)
    assert _authors(again) == {str(editor): "I hold shares."}


def test_a_text_without_an_author_gets_one_when_saved(editor: User) -> None:
    draft = writing.create_draft(make_content(), categories=[make_category()], by=None)
    assert _authors(draft) == {}
    assert _authors(_revise(draft, editor)) == {str(editor): "None"}


def test_changes_made_since_it_was_opened_are_not_overwritten(editor: User) -> None:
    draft = make_draft(title="Old")
    newer = _revise(draft, editor, title="New")
    with pytest.raises(StepRefused, match="changed this article after you opened it"):
        _revise(draft, editor, title="Mine")
    newer.refresh_from_db()
    assert newer.head.title == "New"
    assert newer.revisions.count() == 2


@pytest.mark.parametrize("stand", [submit, approve, publish])
def test_any_edit_makes_a_draft(editor: User, stand: object) -> None:
    article = stand(make_draft())  # type: ignore[operator]
    edited = _revise(article, editor, body="Other words.")
    assert edited.state == "draft"
    assert not edited.head.approvals.exists()
    assert edited.live == article.live, "readers see what they saw"


def test_an_earlier_revision_is_restored_as_a_draft_with_its_authors(editor: User) -> None:
    other, third = make_staff("editor"), make_staff("editor")
    draft = make_draft(by=editor, title="First")
    second = _revise(draft, other, title="Second")
    back = writing.restore_revision(second, number=1, version=second.version, by=third)
    assert (back.head.number, back.head.title, back.head.made_from) == (3, "First", draft.head)
    assert set(_authors(back)) == {str(editor), str(third)}
    assert [event.kind for event in back.events.all()] == ["drafted", "revised", "restored"]
    for number, reason in ((9, "no revision 9"), (3, "already the latest version")):
        with pytest.raises(StepRefused, match=reason):
            writing.restore_revision(back, number=number, version=back.version, by=third)


def test_a_retired_article_with_unchanged_text_still_goes_through_review(
    editor: User, client: Client
) -> None:
    article = make_article(title="Kidney tests")
    by = article.approval.by if article.approval else None
    assert by
    retired = publishing.retire(article, because="A mistake.", version=article.version, by=by)
    client.force_login(editor)
    page = client.get(f"/admin/articles/article/{article.pk}/change/").text
    assert "Restore" in page
    there = f"/admin/articles/article/{article.pk}/revisions/{retired.head.number}/"
    assert there in page
    assert client.post(there, {"version": retired.version}).status_code == 302
    back = Article.objects.for_staff().get(pk=article.pk)
    assert (back.state, back.live, back.head.number) == ("draft", None, retired.head.number + 1)
    assert back.head.digest == retired.head.digest
    assert not back.head.approvals.exists(), "the approval of before does not hold for it"
    with pytest.raises(StepRefused, match="in this state"):
        publishing.publish(back, version=back.version, by=by)
    assert publish(_revise(back, editor)).is_live


def _moved(article: Article, slug: str, *, by: User) -> Article:
    """Change the slug, and let a second person approve it."""
    writing.change_slug(article, slug=slug, version=article.version, by=by)
    approve_waiting()
    return Article.objects.for_staff().get(pk=article.pk)


def test_old_addresses_redirect_to_the_new_one_even_after_several_moves(editor: User) -> None:
    article = make_article(slug="one")
    for slug in ("two", "three"):
        article = _moved(article, slug, by=editor)
    assert set(OldAddress.objects.values_list("slug", "article__slug")) == {
        ("one", "three"),
        ("two", "three"),
    }
    article = _moved(article, "one", by=editor)
    assert set(OldAddress.objects.values_list("slug", flat=True)) == {"two", "three"}
    assert writing.change_slug(article, slug="one", version=article.version, by=editor) == article
    with pytest.raises(StepRefused, match="another article that used it before"):
        make_draft(slug="two")
    assert make_draft(title="Two").slug == "two-2"


def test_an_unpublished_draft_leaves_no_old_address(editor: User) -> None:
    draft = make_draft(slug="one")
    writing.change_slug(draft, slug="two", version=draft.version, by=editor)
    assert not OldAddress.objects.exists()
    make_draft(slug="three")
    with pytest.raises(StepRefused, match="already has the address “three”"):
        writing.change_slug(
            Article.objects.get(slug="two"), slug="three", version=draft.version + 1, by=editor
        )


def test_an_address_proposed_before_the_draft_moved_is_refused(editor: User) -> None:
    article = submit(make_draft(slug="one"))
    writing.change_slug(article, slug="two", version=article.version, by=editor)
    article.refresh_from_db()
    draft = _revise(article, editor, body="Other words.")
    writing.change_slug(draft, slug="three", version=draft.version, by=editor)
    with pytest.raises(StepRefused, match="changed after the proposal"):
        approve_waiting()
    assert Article.objects.get().slug == "three"


def test_an_address_taken_at_the_same_moment_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refuse_taken = addresses.refuse_taken_slug

    def check_and_take(article: Article, slug: str) -> None:
        monkeypatch.undo()
        refuse_taken(article, slug)
        make_draft(slug=slug)

    monkeypatch.setattr(writing, "refuse_taken_slug", check_and_take)
    with pytest.raises(StepRefused, match="already has the address “kidney”"):
        make_draft(slug="kidney")


def test_a_live_article_always_has_a_category(editor: User) -> None:
    article, other = make_article(), make_category("Other")
    with pytest.raises(StepRefused, match="needs at least one category"):
        writing.set_categories(article, categories=[], version=article.version, by=editor)
    filed = writing.set_categories(article, categories=[other], version=article.version, by=editor)
    assert list(filed.categories.all()) == [other]
    again = writing.set_categories(filed, categories=[other], version=filed.version, by=editor)
    assert again.version == filed.version


@pytest.mark.parametrize("fields", [{"name": ""}, {"slug": ""}], ids=str)
def test_a_category_has_a_name_and_an_address(fields: dict[str, str]) -> None:
    make_category()
    with pytest.raises(IntegrityError), transaction.atomic():
        Category.objects.update(**fields)


def test_an_author_cannot_be_deleted(editor: User) -> None:
    make_draft(by=editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        editor.delete()


def test_our_own_errors_are_not_reported_as_a_taken_address() -> None:
    article = make_draft()
    article.title = ""
    with pytest.raises(IntegrityError, match="article_has_a_title"):
        writing._save(article)
