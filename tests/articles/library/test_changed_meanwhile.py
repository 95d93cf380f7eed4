"""A stale proposal or form never overwrites a change made after it was opened."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from articles import library
from articles.editing import proposals, publishing, writing
from articles.library import second_person
from articles.models import Article, Category, Proposal, Reference
from articles.rendering.library_snapshot import Standing
from articles.states import StepRefused
from portal.models import Role, User
from tests.articles.library.ways import WORDS, change_details, dispute, make_cited_article, retire
from tests.factories import approve_waiting, make_category, make_content, make_staff, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    return make_cited_article()


@pytest.fixture
def while_it_is_approved(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Run something between the second person's click and the change that it makes."""
    find_blockers = second_person.approval_blockers

    def arrange(act: Callable[[], object]) -> None:
        def check_and_act(proposal: Proposal, by: User) -> list[str]:
            monkeypatch.undo()
            blockers = find_blockers(proposal, by)
            act()
            return blockers

        monkeypatch.setattr(second_person, "approval_blockers", check_and_act)

    return arrange


def set_standing(standing: Standing, *, by: User, version: int | None = None) -> Reference:
    source = Reference.objects.get(key="sole-2013")
    version = source.version if version is None else version
    return library.set_standing(source, standing=standing, note="x", version=version, by=by)


def test_source_details_edited_meanwhile_must_be_proposed_again(
    article: Article, editor: User, reviewer: User
) -> None:
    change_details(reviewer, article)
    publishing.retire(article, because="Old.", version=article.version, by=editor)
    source = Reference.objects.get(key="sole-2013")
    words = replace(source.as_source(), title="Slippers")
    library.edit_reference(source, words, version=source.version, by=editor)
    proposal = Proposal.objects.get(kind=Proposal.Kind.SOURCE)
    with pytest.raises(StepRefused, match="changed after the proposal"):
        library.approve_proposal(proposal, by=editor)
    source.refresh_from_db()
    assert source.title == "Slippers"


def test_a_warning_raised_after_the_page_was_opened_is_not_withdrawn(editor: User) -> None:
    make_cited_article()
    opened = Reference.objects.get(key="sole-2013")
    set_standing(Standing.RETRACTED, by=editor)
    with pytest.raises(StepRefused, match="Someone changed this"):
        set_standing(Standing.DISPUTED, version=opened.version, by=editor)
    assert [each.after["standing_note"] for each in Proposal.objects.waiting()] == ["x"]


def test_a_warning_that_worsens_while_its_removal_is_approved_stays(
    article: Article, editor: User, while_it_is_approved: Callable[[Callable[[], object]], None]
) -> None:
    dispute(editor, article)
    approve_waiting()
    set_standing(Standing.CURRENT, by=editor)
    while_it_is_approved(lambda: set_standing(Standing.RETRACTED, by=editor))
    with pytest.raises(StepRefused, match="changed after the proposal"):
        approve_waiting()
    source = Reference.objects.get(key="sole-2013")
    assert (source.standing != Standing.CURRENT, source.standing_note) == (True, WORDS)


def test_a_republished_article_gets_no_retirement_reason(
    article: Article, editor: User, while_it_is_approved: Callable[[Callable[[], object]], None]
) -> None:
    retire(editor, article)
    article.refresh_from_db()
    draft = writing.save_revision(
        article, make_content(), interests="None", version=article.version, by=editor
    )
    while_it_is_approved(lambda: publish(draft))
    with pytest.raises(StepRefused, match="This article is live again"):
        approve_waiting()
    article.refresh_from_db()
    assert article.retired_because == ""


def test_simultaneous_proposals_for_one_row_do_not_replace_each_other(
    reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    category, other = make_category("Kidneys"), make_staff(Role.REVIEWER)
    close_proposals = proposals.close_proposals

    def close_and_propose(*row: object) -> None:
        monkeypatch.undo()
        close_proposals(*row)  # type: ignore[arg-type]
        library.propose_category(category, name="Kidney", description="", by=other)

    monkeypatch.setattr(proposals, "close_proposals", close_and_propose)
    with pytest.raises(StepRefused, match="just proposed a change to this"):
        library.propose_category(category, name=WORDS, description="", by=reviewer)
    assert Category.objects.get().name == "Kidneys"
