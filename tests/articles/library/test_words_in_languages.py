"""Spanish names for categories and glossary terms are proposed, approved and shown."""

import pytest
from django.test import Client
from django.utils import translation

from articles import library
from articles.models import Category, Proposal, Term
from articles.rendering.library_snapshot import GlossaryEntry
from articles.states import StepRefused
from portal.models import User
from tests.factories import (
    approve_waiting,
    make_article,
    make_category,
    make_term,
    make_translation,
)

pytestmark = pytest.mark.django_db

SPANISH = {"es": {"name": " Los  riñones ", "description": "Sobre los riñones."}}


def propose(category: Category | None, by: User, **words: dict[str, str]) -> Proposal | None:
    return library.propose_category(
        category,
        name=category.name if category else "Kidneys",
        slug="" if category else "kidneys",
        description=category.description if category else "",
        translations=words or SPANISH,
        by=by,
    )


def test_readers_see_it_once_a_second_person_has_approved_it(
    client: Client, reviewer: User
) -> None:
    category = make_category("Kidneys")
    make_article(categories=[category])
    proposal = propose(category, reviewer)
    assert proposal
    assert proposal.changes == {
        "name_es": ["", "Los riñones"],
        "description_es": ["", "Sobre los riñones."],
    }
    before = client.get("/es/categories/").text
    assert '<a\n    href="/es/categories/' in before
    assert 'lang="en"\n' in before
    approve_waiting()
    after = client.get("/es/categories/").text
    assert "Los riñones" in after
    assert "Sobre los riñones." in after
    assert "Kidneys" not in after
    assert "Kidneys" in client.get("/categories/").text
    assert propose(category, reviewer) is None, "nothing would change"


def test_a_new_category_can_come_with_its_spanish_name(reviewer: User) -> None:
    propose(None, reviewer)
    approve_waiting()
    category = Category.objects.get(slug="kidneys")
    with translation.override("es"):
        assert str(category.words) == "Los riñones"
    assert str(category.words) == "Kidneys"


def test_an_empty_name_removes_a_translation_and_an_omitted_language_stays(reviewer: User) -> None:
    category = make_category("Kidneys")
    propose(category, reviewer)
    approve_waiting()
    library.propose_category(category, name="Kidney", description="", by=reviewer)
    approve_waiting()
    assert category.translations.get().name == "Los riñones"
    propose(category, reviewer, es={"name": "", "description": ""})
    approve_waiting()
    assert not category.translations.exists()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({"name": "", "description": "Sin nombre."}, r"Name \(Español\): This field cannot"),
        ({"name": "LUPUS", "description": ""}, "“LUPUS” is already used in Español"),
        ({"name": "x" * 81, "description": ""}, r"Name \(Español\): Ensure"),
    ],
)
def test_invalid_words_are_refused(reviewer: User, words: dict[str, str], reason: str) -> None:
    make_category().translations.create(language="es", name="Lupus")
    with pytest.raises(StepRefused, match=reason):
        propose(make_category(), reviewer, es=words)


def test_changes_made_meanwhile_are_not_overwritten(reviewer: User) -> None:
    category = make_category("Kidneys")
    propose(category, reviewer)
    category.translations.create(language="es", name="Otro nombre")
    with pytest.raises(StepRefused, match="needs a new proposal"):
        approve_waiting()
    assert category.translations.get().name == "Otro nombre"


def test_a_term_is_marked_on_spanish_pages_once_approved(client: Client, reviewer: User) -> None:
    term = make_term("flare", definition="Active again.")
    twin = make_translation(make_article(title="Flares", body="A flare."), body="Dos brotes.")
    address = f"/es/articles/{twin.slug}/"
    assert "word-flare" not in client.get(address).text
    spanish = {"name": "brote", "definition": "Activa de nuevo.", "forms": "brotes\n brotes \n"}
    library.propose_term(
        term,
        GlossaryEntry(slug="", name=term.name, definition=term.definition),
        version=term.version,
        translations={"es": spanish},
        by=reviewer,
    )
    approve_waiting()
    page = client.get(address).text
    assert 'popovertarget="word-flare">brotes</button>' in page
    assert "Activa de nuevo." in page
    assert "Active again." not in page
    assert Term.objects.get().translations.get().forms == "brotes"


def test_a_reviewer_fills_in_both_languages_on_one_form(client: Client, reviewer: User) -> None:
    category = make_category("Kidneys")
    client.force_login(reviewer)
    address = f"/admin/articles/category/{category.pk}/change/"
    page = client.get(address)
    assert "Name (Spanish)" in page.text
    form = page.context["adminform"].form
    assert {"name_es", "description_es"} <= set(form.fields)
    data = {"name": "Kidneys", "description": "", "name_es": "Los riñones", "description_es": ""}
    assert client.post(address, data).status_code == 302
    proposal = Proposal.objects.get()
    assert proposal.changes == {"name_es": ["", "Los riñones"]}
    shown = client.get(f"/admin/articles/proposal/{proposal.pk}/change/").text
    assert "Name (Spanish)" in shown
    approve_waiting()
    assert "Los riñones" in client.get("/admin/articles/category/").text


def test_an_editor_sees_the_glossary_without_the_form(client: Client, editor: User) -> None:
    term = make_term("flare", definition="Active again.")
    term.translations.create(language="es", name="brote", definition="Activa de nuevo.")
    client.force_login(editor)
    assert "brote" in client.get("/admin/articles/term/").text
    assert client.get(f"/admin/articles/term/{term.pk}/change/").status_code == 200
