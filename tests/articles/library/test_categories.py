"""Categories are proposed first, and no two may share a name."""

import pytest
from django.test import Client

from articles import library
from articles.library import categories
from articles.models import Category, Proposal
from articles.states import StepRefused
from portal.models import User
from tests.factories import approve_waiting, make_article, make_category

pytestmark = pytest.mark.django_db


def test_a_category_has_a_unique_name_and_address(reviewer: User) -> None:
    kidneys = make_category("Kidneys")
    with pytest.raises(StepRefused) as refusal:
        library.propose_category(
            None, name="KIDNEYS", slug=kidneys.slug, description="", by=reviewer
        )
    assert refusal.value.reasons == (
        "Another category already has the name “KIDNEYS”.",
        f"Another category already has the address “{kidneys.slug}”.",
    )
    assert not Proposal.objects.exists()


def test_unchanged_text_makes_no_proposal(reviewer: User) -> None:
    category = make_category("Kidneys")
    assert not library.propose_category(category, name=" Kidneys ", description="", by=reviewer)
    assert not Proposal.objects.exists()


def test_proposing_the_same_thing_again_finds_the_pending_proposal(reviewer: User) -> None:
    category = make_category("Kidneys")
    first, again = (
        library.propose_category(category, name="Kidney", description="", by=reviewer)
        for _ in range(2)
    )
    assert first == again == Proposal.objects.get()


def test_a_name_taken_at_the_same_moment_is_refused(
    reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.propose_category(None, name="Gout", slug="gout", description="", by=reviewer)
    require_valid = categories._require_valid

    def check_and_appear(row: Category) -> None:
        monkeypatch.undo()
        require_valid(row)
        make_category("Gout")

    monkeypatch.setattr(categories, "_require_valid", check_and_appear)
    with pytest.raises(StepRefused, match="just added a category with this name"):
        approve_waiting()
    assert Proposal.objects.get().decision == "", "your decision was not saved"


def test_its_place_picture_and_first_article_wait_for_a_second_person(
    reviewer: User, client: Client
) -> None:
    lupus = make_category("Lupus")
    basics = make_article(title="What it is", categories=[lupus])
    typed = {"name": "Lupus", "description": "", "position": "1", "picture": "kidneys"}
    client.force_login(reviewer)
    client.post(
        f"/admin/articles/category/{lupus.pk}/change/", {**typed, "start_with": str(basics.pk)}
    )
    waiting = Proposal.objects.get()
    lupus.refresh_from_db()
    assert (lupus.position, lupus.picture, lupus.start_with) == (None, None, None)
    page = client.get(f"/admin/articles/proposal/{waiting.pk}/change/").text
    assert "Article to read first" in page
    assert "What it is" in page
    approve_waiting()
    lupus.refresh_from_db()
    assert (lupus.position, lupus.picture, lupus.start_with) == (1, "kidneys", basics)


def test_words_alone_leave_its_place_and_picture_as_they_are(reviewer: User) -> None:
    lupus = make_category("Lupus")
    Category.objects.filter(pk=lupus.pk).update(position=3, picture="cell")
    lupus.refresh_from_db()
    library.propose_category(lupus, name="Lupus", description="A disease.", by=reviewer)
    assert [*Proposal.objects.get().changes] == ["description"]
    approve_waiting()
    lupus.refresh_from_db()
    assert (lupus.position, lupus.picture) == (3, "cell")
