"""No one person can publish free text or remove a warning: each way is tried."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles import library
from articles.editing import publishing, writing
from articles.models import Article, Category, Proposal, Reference
from articles.rendering.library_snapshot import Standing
from articles.states import StepRefused
from portal.models import Role, User
from tests.articles.library.ways import (
    WAYS,
    WORDS,
    dispute,
    everything_read,
    make_cited_article,
    rename_category,
)
from tests.concurrency import together
from tests.factories import (
    approve,
    approve_waiting,
    make_content,
    make_draft,
    make_staff,
    publish,
    submit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    return make_cited_article()


@pytest.mark.parametrize(
    ("way", "role"),
    [(way, role) for way, (_, roles) in WAYS.items() for role in (*roles, "root")],
)
def test_nobody_can_publish_text_alone(way: str, role: str, article: Article) -> None:
    """Security 4: two-person approval has no side door, not even for superusers."""
    by = make_staff(Role.REVIEWER, is_superuser=True) if role == "root" else make_staff(role)
    WAYS[way][0](by, article)
    assert WORDS not in everything_read()
    proposal = Proposal.objects.waiting().get()
    with pytest.raises(StepRefused, match="Someone else has to approve it"):
        library.approve_proposal(proposal, by=by)
    other = make_staff(Role.EDITOR if role == Role.REVIEWER else Role.REVIEWER)
    library.approve_proposal(proposal, by=other)
    if way == "a new category":
        article.categories.add(Category.objects.get(slug=WORDS))
    assert WORDS in everything_read()
    with pytest.raises(StepRefused, match="already been decided"):
        library.approve_proposal(proposal, by=make_staff(Role.REVIEWER))


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER])
def test_one_person_can_raise_a_warning_but_two_must_withdraw_it(
    role: Role, article: Article
) -> None:
    """A warning appears at once as a fixed sentence; nobody can remove or weaken it alone."""
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


def test_a_title_that_says_retracted_marks_its_source_whoever_adds_it(
    editor: User,
) -> None:
    make_source = Reference(title="RETRACTED: Cells cure lupus").as_source
    assert library.add_reference(make_source(), by=editor).standing == Standing.RETRACTED


def test_a_title_that_may_be_anatomical_marks_no_source(editor: User) -> None:
    source = Reference(title="Retraction of the eyelid").as_source()
    assert library.add_reference(source, by=editor).standing == Standing.CURRENT


def test_notes_about_a_new_source_wait_for_a_second_person(editor: User) -> None:
    known = {"standing": Standing.DISPUTED, "standing_note": WORDS}
    added = library.add_reference(Reference(title="Slippers", **known).as_source(), by=editor)
    assert (added.standing, added.standing_note) == ("disputed", "")
    approve_waiting()
    added.refresh_from_db()
    assert added.standing_note == WORDS


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


def test_an_approved_address_is_not_changed_before_publication(editor: User) -> None:
    draft = approve(submit(make_draft(slug="kidney")))
    writing.change_slug(draft, slug=WORDS, version=draft.version, by=editor)
    assert Article.objects.get().slug == "kidney"


def test_changes_made_meanwhile_are_not_overwritten(article: Article, reviewer: User) -> None:
    rename_category(reviewer, article)
    Category.objects.update(name="Kidneys and more")
    proposal = Proposal.objects.waiting().get()
    with pytest.raises(StepRefused, match="changed after the proposal"):
        library.approve_proposal(proposal, by=make_staff(Role.EDITOR))
    proposal.refresh_from_db()
    assert proposal.decision == "", "your decision was not saved"


def test_a_proposal_is_declined_with_an_answer_or_withdrawn(article: Article, editor: User) -> None:
    dispute(editor, article)
    proposal = Proposal.objects.waiting().get()
    with pytest.raises(StepRefused, match="Give a reason"):
        library.decline_proposal(proposal, answer=" ", by=make_staff(Role.REVIEWER))
    declined = library.decline_proposal(proposal, answer="Rude.", by=make_staff(Role.REVIEWER))
    assert (declined.decision, declined.answer) == ("declined", "Rude.")
    dispute(editor, article)
    back = library.decline_proposal(Proposal.objects.waiting().get(), answer="", by=editor)
    assert back.decision == "taken_back"
    assert WORDS not in everything_read()
    with pytest.raises(StepRefused, match="already been decided"):
        library.decline_proposal(back, answer="No.", by=make_staff(Role.REVIEWER))


def test_republishing_drops_the_reason_of_a_planned_retirement(
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


def test_the_database_enforces_it_too(article: Article, editor: User) -> None:
    dispute(editor, article)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.update(
            decision="approved", decided_by=editor, decided_at="2026-01-01T00:00Z"
        )


@pytest.mark.django_db(transaction=True)
def test_simultaneous_approvals_count_once() -> None:
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
