"""The library in the admin, and the glossary that readers see."""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape

from articles import library
from articles.models import Reference, Term
from articles.rendering.library_snapshot import Standing
from portal.models import Role, User
from tests.articles.bibliography.samples import BIBTEX, HOSTILE, RIS
from tests.factories import approve_waiting, make_article, make_reference, make_staff, make_term

pytestmark = pytest.mark.django_db

REFERENCES = "/admin/articles/reference/"
IMPORT = f"{REFERENCES}import/"
TERMS = "/admin/articles/term/"


def form(**fields: Any) -> dict[str, Any]:
    names = ("key", "authors", "journal", "volume", "issue", "pages", "doi", "pmid", "registry_id")
    words = dict.fromkeys((*names, "url", "year"), "")
    return {**words, "title": "Slippers", "design": "other", "opened_version": 0, **fields}


def standing_of(reference: Reference) -> str:
    return f"{REFERENCES}{reference.pk}/standing/"


# --- Sources --------------------------------------------------------------------------------------


def test_an_editor_adds_a_source(client: Client, editor: User) -> None:
    client.force_login(editor)
    typed = form(authors="Sole A", year="2013", doi="https://doi.org/10.1007/X", pages="1611–9")
    assert client.post(f"{REFERENCES}add/", typed).status_code == 302
    reference = Reference.objects.get()
    assert (reference.key, reference.doi, reference.pages) == ("sole-2013", "10.1007/x", "1611-9")
    assert reference.added_by == editor
    assert LogEntry.objects.get().object_id == str(reference.pk)
    for query in ("sole", "slippers", "10.1007/x", "nothing-of-it"):
        found = client.get(REFERENCES, {"q": query}).text
        assert (f"{REFERENCES}{reference.pk}/change/" in found) == (query != "nothing-of-it")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"doi": "nonsense"}, "“nonsense” isn’t a DOI"),
        ({"doi": "10.1007/KNOWN"}, "already has this, as [@known]"),
        ({"year": "12"}, "isn’t a year"),
        ({"key": "Not a key"}, "A key starts with"),
        ({"title": ""}, "This field is required"),
        ({"url": "ftp://a.example"}, "isn’t a web address"),
        ({"pages": "x" * 5000}, "isn’t a page range"),
    ],
)
def test_refused_input_stays_in_the_form(
    fields: dict[str, str], reason: str, client: Client, editor: User
) -> None:
    make_reference("known", doi="10.1007/known")
    client.force_login(editor)
    response = client.post(f"{REFERENCES}add/", form(journal="Of <Footwear>", **fields))
    assert escape(reason) in response.text
    assert 'value="Of &lt;Footwear&gt;"' in response.text
    assert Reference.objects.count() == 1


def test_a_source_changed_meanwhile_is_not_overwritten(client: Client, editor: User) -> None:
    reference = make_reference("sole-2013", authors="")
    client.force_login(editor)
    page = f"{REFERENCES}{reference.pk}/change/"
    typed = form(title="First", opened_version=1)
    assert client.post(page, typed).status_code == 302
    response = client.post(page, typed | {"title": "Second"})
    assert "Someone changed this reference after you opened it" in response.text
    assert 'value="Second"' in response.text
    assert Reference.objects.get().title == "First"


def test_only_reviewers_change_details_that_readers_rely_on(
    client: Client, editor: User, reviewer: User
) -> None:
    article = make_article()
    page = f"{REFERENCES}{article.page.sources.get().pk}/change/"
    client.force_login(editor)
    shown = client.get(page).text
    assert "only a medical reviewer can change" in shown
    assert 'name="title"' not in shown
    assert "Only a medical reviewer can change" in client.post(page, form(opened_version=1)).text
    client.force_login(reviewer)
    assert 'name="title"' in client.get(page).text
    assert client.post(page, form(title="Better", opened_version=1)).status_code == 302
    assert Reference.objects.get().title == "A made-up source"
    assert "is waiting for a second person" in client.get(page).text
    approve_waiting()
    assert Reference.objects.get().title == "Better"


# --- Standing -------------------------------------------------------------------------------------


def test_a_standing_is_set_after_its_impact_is_shown(client: Client, editor: User) -> None:
    article, reference = make_article(), Reference.objects.get()
    client.force_login(editor)
    shown = client.get(standing_of(reference)).text
    assert f"/admin/articles/article/{article.pk}/change/" in shown
    said = {"version": 1, "standing": "retracted", "note": "Made up.", "by_source": ""}
    for wrong, reason in (
        ({"note": ""}, "Give a reason, in a sentence for readers."),
        ({"by_source": "[@nobody]"}, "no source with the key “nobody”"),
        ({"by_source": reference.key}, "can’t dispute or replace itself"),
        ({"standing": "wonderful"}, "Select a valid choice"),
        ({"version": 9}, "Someone changed this"),
    ):
        response = client.post(standing_of(reference), said | wrong)
        assert response.status_code in {409, 422}
        assert reason in response.text
    assert client.post(standing_of(reference), said).status_code == 302
    reference.refresh_from_db()
    assert (reference.standing, reference.standing_note) == (Standing.RETRACTED, "")
    approve_waiting()
    reference.refresh_from_db()
    assert reference.standing_note == "Made up."
    assert LogEntry.objects.get().get_change_message() == "Changed status to “Retracted”."
    assert "Made up." in client.get(standing_of(reference)).text


# --- Importing ------------------------------------------------------------------------------------


def test_an_import_first_shows_what_it_would_add(client: Client, editor: User) -> None:
    known = make_reference("known", doi="10.1007/x")
    client.force_login(editor)
    page = client.post(IMPORT, {"text": RIS})
    soup = BeautifulSoup(page.text, "html.parser")
    assert Reference.objects.count() == 1
    assert [box["value"] for box in soup.select("[name=chosen]")] == ["1"]
    assert f"{REFERENCES}{known.pk}/change/" in page.text
    assert "“nonsense” isn’t a DOI" in page.text
    kept = soup.select_one("[name=text]")
    assert kept
    assert kept.text.strip() == RIS.strip()

    added = client.post(IMPORT, {"text": kept.text, "chosen": ["0", "1", "77"], "add": "1"})
    assert added.status_code == 302
    reference = Reference.objects.get(key="fda-2020")
    assert (reference.title, reference.added_by) == ("About slippers", editor)
    assert Reference.objects.count() == 2
    again = client.post(IMPORT, {"text": RIS}).text
    assert f"{REFERENCES}{reference.pk}/change/" in again
    assert "Add selected" not in again


def test_bibtex_is_imported_too_with_unused_keys(client: Client, editor: User) -> None:
    make_reference("sole-2013")
    client.force_login(editor)
    client.post(IMPORT, {"text": BIBTEX, "chosen": ["0"], "add": "1"})
    assert Reference.objects.get(doi="10.1007/x_1").key == "sole-2013-2"


def test_nothing_is_added_if_nothing_is_chosen(client: Client, editor: User) -> None:
    client.force_login(editor)
    page = client.post(IMPORT, {"text": RIS, "add": "1"})
    assert "Choose at least one" in page.text
    assert page.status_code == 422
    assert not Reference.objects.exists()


@pytest.mark.parametrize("name", ["deep parts", "a string of itself", "files", "many links"])
def test_a_hostile_import_is_handled(name: str, client: Client, editor: User) -> None:
    client.force_login(editor)
    page = client.post(IMPORT, {"text": HOSTILE[name]})
    assert page.status_code == 200
    assert "root:" not in page.text


def test_imported_html_is_never_live(client: Client, editor: User) -> None:
    client.force_login(editor)
    evil = "<script>alert(1)</script>"
    text = (
        f"TY  - JOUR\nTI  - {evil}\nAU  - {evil}\nUR  - javascript:alert(1)\nDO  - {evil}\nER  - \n"
    )
    page = client.post(IMPORT, {"text": text}).text
    assert evil not in page
    assert 'href="javascript:' not in page
    client.post(IMPORT, {"text": text, "chosen": ["0"], "add": "1"})
    reference = Reference.objects.get()
    for address in (REFERENCES, f"{REFERENCES}{reference.pk}/change/", standing_of(reference)):
        assert evil not in client.get(address).text


def test_an_oversized_import_is_refused(client: Client, editor: User) -> None:
    client.force_login(editor)
    page = client.post(IMPORT, {"text": "é" * 700_000})
    assert "1,400,000 bytes. The limit is 1,000,000" in page.text


# --- Terms ----------------------------------------------------------------------------------------


def test_a_reviewer_defines_a_term(client: Client, editor: User, reviewer: User) -> None:
    typed = {"name": "Protein", "definition": "First.", "forms": "proteins\n\n"}
    typed |= {"opened_version": "0"}
    client.force_login(editor)
    assert client.post(f"{TERMS}add/", typed).status_code == 403
    client.force_login(reviewer)
    assert client.post(f"{TERMS}add/", typed).status_code == 302
    assert not Term.objects.exists()
    approve_waiting(editor)
    term = Term.objects.get()
    assert (term.slug, term.forms) == ("protein", "proteins")
    assert "under “Protein”" in client.post(f"{TERMS}add/", typed).text
    page = f"{TERMS}{term.pk}/change/"
    assert (
        client.post(page, typed | {"definition": "Second.", "opened_version": "1"}).status_code
        == 302
    )
    approve_waiting(editor)
    stale = client.post(page, typed | {"definition": "Third.", "opened_version": "1"})
    assert "changed this term" in stale.text
    assert "Third." in stale.text
    assert Term.objects.get().definition == "Second."
    client.force_login(editor)
    shown = client.get(page).text
    assert "Second." in shown
    assert 'name="definition"' not in shown


@pytest.mark.parametrize("role", ["", Role.COORDINATOR, Role.LEAD, Role.PRIVACY])
def test_nobody_else_sees_the_library(role: str, client: Client) -> None:
    client.force_login(make_staff(role))
    for address in (REFERENCES, IMPORT, f"{REFERENCES}add/", TERMS, f"{TERMS}add/"):
        assert client.get(address).status_code == 403
    assert client.get(standing_of(make_reference())).status_code in {403, 404}


# --- What readers see -----------------------------------------------------------------------------


def test_the_glossary_lists_all_terms_by_letter(
    client: Client, django_assert_num_queries: Any
) -> None:
    make_term("urine protein")
    make_term("Ödema", definition="Swelling <b>of</b> the legs.")
    make_term("oedema")
    make_term("5-HT")
    with django_assert_num_queries(1):
        page = client.get("/glossary/")
    soup = BeautifulSoup(page.text, "html.parser")
    assert [heading.text for heading in soup.select("main h2")] == ["0–9", "O", "U"]
    assert [word.text for word in soup.select("dt")] == ["5-HT", "Ödema", "oedema", "urine protein"]
    assert "Swelling &lt;b&gt;of&lt;/b&gt;" in page.text
    targets = {str(element["id"]) for element in soup.select("[id]")}
    links = re.findall(r'href="#([^"]+)"', page.text)
    assert set(links) <= targets
    assert len(targets) == len(soup.select("[id]"))
    assert "public" in page["Cache-Control"]
    assert not page.cookies
    assert "/glossary/" in client.get("/").text
    assert "/glossary/" in client.get("/sitemap-pages.xml").text


def test_an_empty_glossary_says_so(client: Client) -> None:
    assert "No words yet" in client.get("/glossary/").text


def test_a_retracted_source_shows_in_the_list(client: Client, editor: User) -> None:
    reference = make_reference()
    library.set_standing(
        reference, standing=Standing.RETRACTED, note="Made up.", version=1, by=editor
    )
    client.force_login(editor)
    assert "Retracted" in client.get(REFERENCES, {"standing__exact": "retracted"}).text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_file_of_references_is_read_like_pasted_text(
    client: Client, editor: User, encoding: str
) -> None:
    client.force_login(editor)
    sent = SimpleUploadedFile("mine.ris", RIS.encode(encoding))
    page = BeautifulSoup(client.post(IMPORT, {"file": sent}).text, "html.parser")
    kept = page.select_one("textarea[name=text]")
    assert kept
    client.post(IMPORT, {"text": kept.text, "chosen": ["0"], "add": "1"})
    assert Reference.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"file": b"x" * 1_000_001}, "1,000,001 bytes. The limit is 1,000,000"),
        ({"file": b"caf\xe9\x00\x01"}, "This isn’t text"),
        ({"file": b"%0 Journal Article\n%T Slippers"}, "No references were found"),
        ({"file": RIS.encode(), "text": RIS}, "but not both"),
        ({"text": ""}, "Choose a file, or paste"),
    ],
)
def test_an_unusable_file_is_refused_by_name(
    client: Client, editor: User, sent: dict[str, Any], words: str
) -> None:
    client.force_login(editor)
    if "file" in sent:
        sent = {**sent, "file": SimpleUploadedFile("mine.ris", sent["file"])}
    assert words in client.post(IMPORT, sent).text
    assert not Reference.objects.exists()


def test_people_who_cannot_add_references_cannot_upload_a_file(client: Client) -> None:
    client.force_login(make_staff(Role.COORDINATOR))
    sent = SimpleUploadedFile("mine.ris", RIS.encode())
    assert client.post(IMPORT, {"file": sent}).status_code == 403
