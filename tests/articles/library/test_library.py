"""What sources and terms say, who may change it, and that every page picks up the change."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles import library
from articles.editing import publishing
from articles.models import Article, Event, Reference, Term
from articles.reading import pages
from articles.rendering.library_snapshot import GlossaryEntry as Words
from articles.rendering.library_snapshot import Source, Standing
from articles.states import StepRefused
from portal.models import Role, User
from tests.concurrency import together
from tests.factories import (
    approve,
    approve_waiting,
    make_article,
    make_draft,
    make_reference,
    make_staff,
    make_term,
    submit,
)

pytestmark = pytest.mark.django_db


def make_source(**fields: Any) -> Source:
    words = {"key": "", "authors": "Sole A", "title": "Slippers", "year": 2013, **fields}
    return Source(**words)


def make_citing(reference: Reference, count: int = 1) -> list[Article]:
    body = f"A test can show protein. [@{reference.key}]"
    return [make_article(body=body) for _ in range(count)]


def retract(reference: Reference, by: User, **said: Any) -> Reference:
    words = {"standing": Standing.RETRACTED, "note": "Its numbers were made up.", **said}
    return library.set_standing(reference, version=reference.version, by=by, **words)


def read(article: Article) -> str:
    return Client().get(article.get_absolute_url()).text


# --- Sources --------------------------------------------------------------------------------------


def test_a_source_is_normalized_when_stored(editor: User) -> None:
    written = make_source(doi="https://doi.org/10.1007/X", pages="1611–9", title=" Slippers ")
    added = library.add_reference(written, by=editor)
    again = library.add_reference(make_source(), by=editor)
    assert (added.key, added.doi, added.pages) == ("sole-2013", "10.1007/x", "1611-9")
    assert (added.title, added.added_by, again.key) == ("Slippers", editor, "sole-2013-2")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"doi": "10.1007/KNOWN"}, "already has this, as [@known]"),
        ({"pmid": "PMID: 123"}, "already has this, as [@known]"),
        ({"key": "known"}, "already has this, as [@known]"),
        ({"doi": "nonsense"}, "isn’t a DOI"),
        ({"key": "Not A Key"}, "A key starts with"),
        ({"title": ""}, "Title: This field cannot be blank"),
        ({"title": "x" * 501}, "at most 500 characters"),
        ({"authors": "a\x00b"}, "invisible character"),
        ({"year": 1200}, "isn’t a year"),
        ({"url": "javascript:alert(1)"}, "isn’t a web address"),
    ],
)
def test_a_source_that_cannot_be_stored_is_refused(
    fields: dict[str, Any], reason: str, editor: User
) -> None:
    make_reference("known", doi="10.1007/known", pmid="123")
    with pytest.raises(StepRefused, match=reason.replace("[", r"\[")):
        library.add_reference(make_source(**fields), by=editor)
    assert Reference.objects.count() == 1


def test_an_import_may_have_no_user() -> None:
    assert library.add_reference(make_source(), by=None).added_by is None


def test_all_sources_are_added_or_none(editor: User) -> None:
    with pytest.raises(StepRefused, match=r"“Bad”: .*isn’t a DOI"):
        library.add_references([make_source(), make_source(title="Bad", doi="x")], by=editor)
    assert not Reference.objects.exists()


def test_only_reviewers_change_sources_that_readers_see(editor: User, reviewer: User) -> None:
    reference = make_reference("sole-2013")
    reference = library.edit_reference(reference, make_source(), version=1, by=editor)
    [article] = make_citing(reference)
    other = make_source(title="Slippers, corrected", key="another")
    with pytest.raises(StepRefused, match="Only a medical reviewer can change its details"):
        library.edit_reference(reference, other, version=2, by=editor)
    with pytest.raises(StepRefused, match="its key can’t change"):
        library.edit_reference(reference, other, version=2, by=reviewer)
    other = make_source(title="Slippers, corrected")
    changed = library.edit_reference(reference, other, version=2, by=reviewer)
    assert "Slippers, corrected" not in read(article), "until a second person has approved it"
    approve_waiting(editor)
    changed.refresh_from_db()
    assert (changed.title, changed.key) == ("Slippers, corrected", "sole-2013")
    assert "Slippers, corrected" in read(article)


def test_only_reviewers_change_sources_of_approved_articles(editor: User) -> None:
    reference = make_reference("sole-2013")
    approve(make_draft(body="A test can show protein. [@sole-2013]"))
    with pytest.raises(StepRefused, match="Only a medical reviewer can change its details"):
        library.edit_reference(reference, make_source(), version=1, by=editor)


@pytest.mark.parametrize("role", ["", Role.COORDINATOR, Role.LEAD, Role.PRIVACY])
def test_other_roles_cannot_change_the_library(role: str) -> None:
    reference, stranger = make_reference(), make_staff(role)
    words = Words(slug="", name="protein", definition="What muscles are made of.")
    for refused in (
        lambda: library.add_reference(make_source(), by=stranger),
        lambda: library.edit_reference(reference, make_source(), version=1, by=stranger),
        lambda: retract(reference, stranger),
        lambda: library.propose_term(None, words, by=stranger),
    ):
        with pytest.raises(StepRefused):
            refused()


def test_newer_changes_are_not_overwritten(editor: User) -> None:
    reference = make_reference()
    library.edit_reference(reference, make_source(title="First"), version=1, by=editor)
    with pytest.raises(StepRefused, match="Someone changed this"):
        library.edit_reference(reference, make_source(title="Second"), version=1, by=editor)
    with pytest.raises(StepRefused, match="Someone changed this"):
        retract(reference, editor)
    assert Reference.objects.get().title == "First"


# --- Standing -------------------------------------------------------------------------------------


def test_a_standing_reaches_every_live_page_that_cites_the_source(editor: User) -> None:
    reference = make_reference("sole-2013")
    citing = make_citing(reference, 2)
    other, draft = make_article(), make_draft(body="Protein. [@sole-2013]")
    retract(reference, editor)
    for article in citing:
        assert "This source was retracted. Do not rely on it." in read(article)
        assert "Its numbers were made up." not in read(article)
        event = article.events.get(kind=Event.Kind.DUE)
        assert event.words == "[@sole-2013] is now marked as retracted: Its numbers were made up."
        assert (event.by, event.revision) == (editor, article.live)
    approve_waiting()
    assert all("Its numbers were made up." in read(article) for article in citing)
    assert "made up" not in read(other)
    due = Article.objects.due_for_review(timezone.now())
    assert {article.pk for article in due} == {article.pk for article in citing}
    assert not draft.events.filter(kind=Event.Kind.DUE).exists()


def test_a_page_shows_that_a_source_is_current_again(editor: User) -> None:
    reference = make_reference("sole-2013")
    [article] = make_citing(reference)
    reference = retract(reference, editor)
    approve_waiting()
    reference.refresh_from_db()
    reference = retract(reference, editor, standing=Standing.CURRENT)
    assert reference.standing == "retracted", "until a second person has approved it"
    assert "made up" in read(article)
    approve_waiting()
    reference.refresh_from_db()
    assert (reference.standing, reference.standing_note) == ("current", "")
    assert "made up" not in read(article)
    assert article.events.filter(kind=Event.Kind.DUE).count() == 3


def test_setting_the_same_standing_again_changes_nothing(editor: User) -> None:
    reference = make_reference("sole-2013")
    [article] = make_citing(reference)
    first = retract(reference, editor)
    approve_waiting()
    first.refresh_from_db()
    again = retract(reference, editor)  # the version that was opened before
    assert (first.version, again.version) == (3, 3)
    assert article.events.filter(kind=Event.Kind.DUE).count() == 2


def test_an_already_overdue_review_keeps_its_earlier_date(editor: User) -> None:
    reference = make_reference("sole-2013")
    [article] = make_citing(reference)
    long_ago = timezone.now() - timedelta(days=30)
    Article.objects.filter(pk=article.pk).update(review_due_at=long_ago)
    retract(reference, editor)
    assert Article.objects.get(pk=article.pk).review_due_at == long_ago


def test_the_superseding_source_is_named(editor: User) -> None:
    newer = make_reference("heel-2015", authors="Heel B", title="Slippers again", year=2015)
    reference = make_reference("sole-2013")
    [article] = make_citing(reference)
    said = {"standing": Standing.SUPERSEDED, "note": "A newer one is larger."}
    retract(reference, editor, by_source=newer, **said)
    assert "Slippers again" not in read(article), "its title is words, too"
    approve_waiting()
    assert "Slippers again" in read(article)


def test_a_standing_needs_a_reason(editor: User) -> None:
    reference = make_reference()
    with pytest.raises(StepRefused, match="Give a reason"):
        retract(reference, editor, note=" ")
    with pytest.raises(StepRefused, match="can’t dispute or replace itself"):
        retract(reference, editor, by_source=reference)


def test_a_draft_in_progress_can_still_be_saved(editor: User) -> None:
    """A change of standing is not a change of the article, so no editor's version becomes stale."""
    reference = make_reference("sole-2013")
    [article] = make_citing(reference)
    retract(reference, editor)
    assert Article.objects.get(pk=article.pk).version == article.version


def test_a_page_published_at_the_same_moment_is_not_missed(
    editor: User, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = make_reference("sole-2013")
    article = approve(submit(make_draft(body="Protein. [@sole-2013]")))

    def hold_after_it_appeared() -> None:
        monkeypatch.undo()
        publishing.publish(article, version=article.version, by=reviewer)

    monkeypatch.setattr(pages, "lock_library", hold_after_it_appeared)
    with pytest.raises(StepRefused, match=r"just published\. Try again\."):
        retract(reference, editor)
    assert Reference.objects.get(key="sole-2013").standing == Standing.CURRENT


@pytest.mark.django_db(transaction=True)
def test_pages_published_meanwhile_are_not_missed() -> None:
    reference, editor = make_reference("sole-2013"), make_staff(Role.EDITOR)
    reviewer = make_staff(Role.REVIEWER)
    approved = [approve(submit(make_draft(body="Protein. [@sole-2013]"))) for _ in range(3)]

    def act(number: int) -> None:
        try:
            if number == 3:
                retract(reference, editor)
            else:
                each = approved[number]
                publishing.publish(each, version=each.version, by=reviewer)
        except StepRefused:
            pass  # Either a check stopped it first, or the editor has to save once more.

    together(4, act)
    reference.refresh_from_db()
    if reference.standing == Standing.CURRENT:
        retract(reference, editor)
    approve_waiting()
    for page in reference.live_pages.select_related("article"):
        assert "Its numbers were made up." in read(page.article)


# --- Terms ----------------------------------------------------------------------------------------


def define(by: User, name: str = "protein", **words: Any) -> Term:
    fields = {"slug": "", "definition": "What muscles are made of.", **words}
    library.propose_term(None, Words(name=name, **fields), by=by)
    approve_waiting()
    return Term.objects.order_by("-pk").get(name__iexact=" ".join(name.split()))


def test_a_new_term_is_marked_on_the_pages_that_use_it(editor: User, reviewer: User) -> None:
    article = make_article(body="A test can show\nurine\nprotein.")
    other = make_article()
    with pytest.raises(StepRefused, match="Only a medical reviewer can propose"):
        define(editor)
    term = define(reviewer, "Urine  protein", forms=("urine proteins", " "))
    assert (term.name, term.slug, term.forms) == (
        "Urine protein",
        "urine-protein",
        "urine proteins",
    )
    assert "What muscles are made of." in read(article)
    assert "What muscles are made of." not in read(other)
    words = Words(slug="x", name="Urine protein", definition="Protein that kidneys let through.")
    library.propose_term(term, words, version=1, by=reviewer)
    approve_waiting(editor)
    term.refresh_from_db()
    assert term.slug == "urine-protein"
    assert "Protein that kidneys let through." in read(article)
    assert "What muscles are made of." not in read(article)


def test_a_word_has_one_definition(reviewer: User) -> None:
    define(reviewer, forms=("proteins",))
    for name, forms in (("Protein", ()), ("albumin", ("PROTEINS",)), ("pro-tein", ("protein",))):
        with pytest.raises(StepRefused, match="already has this, under “protein”"):
            define(reviewer, name, forms=forms)
    with pytest.raises(StepRefused, match="Definition: This field cannot be blank"):
        define(reviewer, "albumin", definition=" ")


def test_a_term_changed_meanwhile_is_not_overwritten(reviewer: User) -> None:
    term = make_term("protein")
    words = Words(slug="", name="protein", definition="First.")
    library.propose_term(term, words, version=1, by=reviewer)
    approve_waiting()
    with pytest.raises(StepRefused, match="changed this term"):
        library.propose_term(term, words, version=1, by=reviewer)
