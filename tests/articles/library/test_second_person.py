"""No one person puts free words before readers, or takes a warning from them: tried each way."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from articles import library
from articles.editing import publishing, writing
from articles.library import images as library_pictures
from articles.models import Article, Category, Image, Proposal, Reference
from articles.rendering.library_snapshot import GlossaryEntry, Standing
from articles.states import StepRefused
from portal.models import Role, User
from tests.concurrency import together
from tests.factories import (
    approve,
    approve_waiting,
    make_article,
    make_category,
    make_content,
    make_draft,
    make_image,
    make_reference,
    make_staff,
    make_term,
    publish,
    submit,
)

pytestmark = pytest.mark.django_db

WORDS = "buy-our-cells"
PROPOSALS = "/admin/articles/proposal/"


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


#: Each way to words before readers, and who can go it at all.
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


@pytest.fixture
def article() -> Article:
    make_reference("sole-2013")
    make_image("filter")
    body = "A urine test can show protein. [@sole-2013]\n\n![A filter](image:filter)"
    return make_article(slug="kidney", body=body, categories=[make_category("Kidneys")])


def everything_read() -> str:
    client = Client()
    pages = ["/", "/glossary/", "/categories/", "/articles/", "/feed/", "/sitemap-articles.xml"]
    pages += [each.get_absolute_url() for each in Category.objects.all()]
    pages += [f"/articles/{slug}/" for slug in ("kidney", *Article.objects.values_list("slug"))]
    return " ".join(client.get(page, follow=True).text for page in pages)


@pytest.mark.parametrize(
    ("way", "role"),
    [(way, role) for way, (_, roles) in WAYS.items() for role in (*roles, "root")],
)
def test_nobody_alone_puts_words_before_readers(way: str, role: str, article: Article) -> None:
    """Security 4: four eyes have no side door, for superusers neither."""
    by = make_staff(Role.REVIEWER, is_superuser=True) if role == "root" else make_staff(role)
    WAYS[way][0](by, article)
    assert WORDS not in everything_read()
    proposal = Proposal.objects.waiting().get()
    with pytest.raises(StepRefused, match="somebody else has to look at it"):
        library.approve_proposal(proposal, by=by)
    other = make_staff(Role.EDITOR if role == Role.REVIEWER else Role.REVIEWER)
    library.approve_proposal(proposal, by=other)
    if way == "a new category":
        article.categories.add(Category.objects.get(slug=WORDS))
    assert WORDS in everything_read()
    with pytest.raises(StepRefused, match="decided on already"):
        library.approve_proposal(proposal, by=make_staff(Role.REVIEWER))


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER])
def test_a_warning_is_raised_by_one_and_taken_back_by_two(role: Role, article: Article) -> None:
    """An alarm is instant and shows a fixed sentence; nobody alone makes it vanish or weaker."""
    by, reference = make_staff(role), Reference.objects.get(key="sole-2013")
    said: dict[str, Any] = {"standing": Standing.RETRACTED, "note": "Made up.", "by": by}
    library.set_standing(reference, version=reference.version, **said)
    assert "This source was retracted. Do not rely on it." in everything_read()
    approve_waiting()
    assert "Made up." in everything_read()
    for weaker in (Standing.DISPUTED, Standing.SUPERSEDED, Standing.CURRENT):
        reference.refresh_from_db()
        library.set_standing(
            reference, standing=weaker, note=WORDS, version=reference.version, by=by
        )
        assert "Made up." in everything_read()
        assert WORDS not in everything_read()
    assert Proposal.objects.waiting().count() == 1, "the latest replaces the others"
    approve_waiting()
    assert "Made up." not in everything_read()


def test_a_source_whose_title_says_that_it_was_retracted_is_marked_whoever_adds_it(
    editor: User,
) -> None:
    make_source = Reference(title="RETRACTED: Cells cure lupus").as_source
    assert library.add_reference(make_source(), by=editor).standing == Standing.RETRACTED


def test_one_of_the_two_is_a_medical_reviewer(article: Article, editor: User) -> None:
    dispute(editor, article)
    proposal = Proposal.objects.waiting().get()
    with pytest.raises(StepRefused, match="has to be a medical reviewer"):
        library.approve_proposal(proposal, by=make_staff(Role.EDITOR))
    for role in ("", Role.COORDINATOR, Role.LEAD, Role.PRIVACY):
        with pytest.raises(StepRefused, match="Only editors and medical reviewers"):
            library.approve_proposal(proposal, by=make_staff(role))
        with pytest.raises(StepRefused, match="Only editors and medical reviewers"):
            library.decline_proposal(proposal, answer="No.", by=make_staff(role))


def test_an_approved_address_is_not_changed_before_it_appears(editor: User) -> None:
    draft = approve(submit(make_draft(slug="kidney")))
    writing.change_slug(draft, slug=WORDS, version=draft.version, by=editor)
    assert Article.objects.get().slug == "kidney"


def test_what_changed_meanwhile_is_not_written_over(article: Article, reviewer: User) -> None:
    rename_category(reviewer, article)
    Category.objects.update(name="Kidneys and more")
    proposal = Proposal.objects.waiting().get()
    with pytest.raises(StepRefused, match="changed since this was proposed"):
        library.approve_proposal(proposal, by=make_staff(Role.EDITOR))
    proposal.refresh_from_db()
    assert proposal.decision == "", "nothing was decided"


def test_it_is_declined_with_an_answer_or_taken_back(article: Article, editor: User) -> None:
    dispute(editor, article)
    proposal = Proposal.objects.waiting().get()
    with pytest.raises(StepRefused, match="Say why"):
        library.decline_proposal(proposal, answer=" ", by=make_staff(Role.REVIEWER))
    declined = library.decline_proposal(proposal, answer="Rude.", by=make_staff(Role.REVIEWER))
    assert (declined.decision, declined.answer) == ("declined", "Rude.")
    dispute(editor, article)
    back = library.decline_proposal(Proposal.objects.waiting().get(), answer="", by=editor)
    assert back.decision == "taken_back"
    assert WORDS not in everything_read()


def test_publishing_anew_drops_the_sentence_of_a_planned_retirement(
    article: Article, editor: User
) -> None:
    at = timezone.now() + timedelta(days=1)
    planned = publishing.plan_retirement(
        article, at=at, because=WORDS, version=article.version, by=editor
    )
    publish(
        writing.save_revision(
            planned, make_content(), interests="None", version=planned.version, by=editor
        )
    )
    assert not Proposal.objects.waiting().exists()


def test_the_database_holds_it_too(article: Article, editor: User) -> None:
    dispute(editor, article)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.update(
            decision="approved", decided_by=editor, decided_at="2026-01-01T00:00Z"
        )


@pytest.mark.django_db(transaction=True)
def test_two_who_approve_at_once_approve_once() -> None:
    reviewer = make_staff(Role.REVIEWER)
    library.propose_category(None, name="Gout", slug="gout", description="", by=reviewer)
    proposal = Proposal.objects.get()
    others = [make_staff(Role.EDITOR) for _ in range(3)]
    done: list[int] = []

    def act(number: int) -> None:
        try:
            library.approve_proposal(proposal, by=others[number])
            done.append(number)
        except StepRefused:
            pass

    together(3, act)
    assert len(done) == 1
    assert Category.objects.filter(slug="gout").count() == 1


# --- The pages ------------------------------------------------------------------------------------


def test_the_second_person_finds_reads_and_approves_it(
    client: Client, article: Article, editor: User, reviewer: User
) -> None:
    dispute(editor, article)
    proposal = Proposal.objects.get()
    page = f"{PROPOSALS}{proposal.pk}/change/"
    client.force_login(reviewer)
    for found in ("/admin/articles/article/due/", PROPOSALS):
        assert page in client.get(found).text
    reference = f"/admin/articles/reference/{proposal.target}/change/"
    assert page in client.get(reference).text
    assert PROPOSALS in client.get("/admin/").text
    shown = client.get(page).text
    for words in (WORDS, "Live pages that it reaches", article.title, "Approve: let readers see"):
        assert words in shown
    refused = client.post(page, {"decline": "1", "answer": ""})
    assert (refused.status_code, "Say why" in refused.text) == (409, True)
    assert client.post(page, {"approve": "1"}).status_code == 302
    assert page not in client.get(PROPOSALS).text
    assert page in client.get(PROPOSALS, {"decision": "approved"}).text
    assert WORDS in everything_read()
    assert client.post(page, {"approve": "1"}).status_code == 409


def test_who_proposed_it_sees_no_way_to_approve_it(
    client: Client, article: Article, editor: User
) -> None:
    dispute(editor, article)
    page = f"{PROPOSALS}{Proposal.objects.get().pk}/change/"
    client.force_login(editor)
    shown = client.get(page).text
    assert "somebody else has to look at it" in shown
    assert "Approve: let readers see" not in shown
    assert "Take it back" in shown
    assert client.post(page, {"approve": "1"}).status_code == 409
    assert WORDS not in everything_read()


@pytest.mark.parametrize("role", ["", Role.COORDINATOR, Role.LEAD, Role.PRIVACY])
def test_nobody_else_sees_what_waits(
    role: str, client: Client, article: Article, editor: User
) -> None:
    dispute(editor, article)
    client.force_login(make_staff(role))
    for page in (PROPOSALS, f"{PROPOSALS}{Proposal.objects.get().pk}/change/"):
        assert client.get(page).status_code in {403, 404}
