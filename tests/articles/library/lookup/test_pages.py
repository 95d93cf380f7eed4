"""An editor types a number, checks what comes, and saves it: nothing else is saved."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles.admin import source_lookup
from articles.library import source_notices
from articles.library.lookup.findings import FoundNotice
from articles.models import Proposal, Reference
from portal.models import Role, User
from tests.articles.library.lookup.stand_in import (
    DOI,
    NOTICE,
    PMID,
    TRIAL,
    StandIn,
    make_record,
    make_study,
    make_work,
)
from tests.factories import make_reference, make_staff

pytestmark = pytest.mark.django_db

NUMBER = "/admin/articles/reference/number/"
ADD = "/admin/articles/reference/add/"
LIST = "/admin/articles/reference/"


@pytest.fixture
def client(editor: User) -> Client:
    client = Client()
    client.force_login(editor)
    return client


def look_up(client: Client, number: str) -> Any:
    return client.post(NUMBER, {"number": number}, follow=True)


def test_a_number_fills_in_the_form_and_saves_nothing(client: Client, there: StandIn) -> None:
    there.works[DOI] = make_work()
    answer = look_up(client, f"https://doi.org/{DOI.upper()}")
    page = answer.content.decode()
    assert answer.redirect_chain == [(f"{ADD}?number={DOI}", 302)]
    assert f"This is what Crossref says about {DOI}. Check it, then save it." in page
    assert 'value="Cells from the cord in lupus: A made-up trial"' in page
    assert not Reference.objects.exists()
    form = answer.context["adminform"].form
    typed = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    saved = client.post(f"{ADD}?number={DOI}", typed)
    assert saved.status_code == 302
    source = Reference.objects.get()
    assert (source.key, source.doi, source.year) == ("example-2014", DOI, 2014)
    assert source.added_by is not None


@pytest.mark.parametrize("number", [f"PMID: {PMID}", PMID, f"0{PMID}"])
def test_a_pmid_may_be_written_in_several_ways(client: Client, there: StandIn, number: str) -> None:
    there.records[PMID] = make_record()
    assert "This is what PubMed says" in look_up(client, number).content.decode()


def test_a_trial_is_found_by_its_registry_number(client: Client, there: StandIn) -> None:
    there.studies[TRIAL] = make_study()
    page = look_up(client, TRIAL.lower()).content.decode()
    assert "A Made-Up Trial of Cells in Lupus" in page


def test_what_became_of_it_is_said_before_it_is_saved(client: Client, there: StandIn) -> None:
    there.works[DOI] = make_work(DOI, **{"updated-by": [{"DOI": NOTICE, "type": "retraction"}]})
    page = look_up(client, DOI).content.decode()
    assert f"It has a notice: Retraction {NOTICE}." in page


def test_how_authors_were_read_is_said(client: Client, there: StandIn) -> None:
    there.works[DOI] = make_work(page="see online")
    page = look_up(client, DOI).content.decode()
    assert "“see online” isn’t a page range." in page


def test_a_source_that_the_library_has_is_not_asked_about(client: Client, there: StandIn) -> None:
    known = make_reference("gu-2014", doi=DOI)
    answer = look_up(client, DOI)
    assert answer.status_code == 422
    assert f'<a href="{LIST}{known.pk}/change/">[@gu-2014]</a>' in answer.content.decode()
    assert there.asked == []


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (DOI, f"Nobody knows {DOI}."),
        (PMID, f"Nobody knows {PMID}."),
        ("ISRCTN00000001", "Only numbers of ClinicalTrials.gov (NCT) can be looked up."),
        ("my favorite paper", "“my favorite paper” isn’t a DOI, a PubMed ID, or a registry number"),
        ("", "This field is required."),
        (f"{DOI}\n{DOI}", "isn’t a DOI"),
    ],
)
def test_what_can_not_be_found_is_said_in_words(
    client: Client, there: StandIn, number: str, said: str
) -> None:
    answer = look_up(client, number)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Other ways to add a source" in answer.content.decode()


def test_a_service_that_is_down_is_named_so(client: Client, there: StandIn) -> None:
    there.instead = lambda path: (503, {}, b"down")
    answer = look_up(client, DOI)
    assert answer.status_code == 422
    assert "answered with an error (503)" in answer.content.decode()


def test_only_one_editor_waits_in_a_process(client: Client, there: StandIn) -> None:
    """Readers need the other threads."""
    there.works[DOI] = make_work()
    with source_lookup._one_at_a_time:
        assert "Someone else is looking up a source" in look_up(client, DOI).content.decode()
    assert there.asked == []
    assert look_up(client, DOI).redirect_chain, "and the next one may"


def test_where_the_clinic_does_not_allow_it_nothing_is_asked(
    client: Client, there: StandIn, settings: Any
) -> None:
    settings.SOURCE_LOOKUP = False
    for answer in (client.get(NUMBER), look_up(client, DOI)):
        page = answer.content.decode()
        assert "Your clinic doesn’t let this site ask other services" in page
        assert "From a file of your reference manager" in page
    assert there.asked == []
    make_missing()
    assert "Sources not found" not in client.get("/admin/").content.decode()


def test_the_form_of_a_new_source_is_empty_for_another_number(
    client: Client, there: StandIn
) -> None:
    there.works[DOI] = make_work()
    look_up(client, DOI)
    assert "Cells from the cord" not in client.get(ADD).content.decode()
    assert "Cells from the cord" not in client.get(f"{ADD}?number=10.5555/b").content.decode()
    assert "Cells from the cord" in client.get(f"{ADD}?number={DOI}").content.decode()


@pytest.mark.parametrize("role", ["", Role.COORDINATOR, Role.LEAD, Role.PRIVACY])
def test_only_editors_and_reviewers_look_up(there: StandIn, role: str) -> None:
    client = Client()
    client.force_login(make_staff(role))
    source = make_reference("gu-2014", doi=DOI)
    assert look_up(client, DOI).status_code == 403
    assert client.post(f"{LIST}{source.pk}/read/").status_code == 404, "as if it weren’t there"
    assert there.asked == []


def make_missing() -> Reference:
    source = make_reference("wrong-2014", title="Mistyped", doi=DOI)
    now = timezone.now()
    source_notices.record_check(source, missing=[f"DOI {DOI}"], notices=(), now=now)
    return source


def test_sources_not_found_are_counted_and_listed(client: Client, there: StandIn) -> None:
    make_reference("right-2014", title="Right", doi="10.5555/right")
    source = make_missing()
    start = client.get("/admin/").content.decode()
    assert "Sources not found" in start
    assert f"{LIST}?lookup=missing" in start
    listed = client.get(f"{LIST}?lookup=missing").content.decode()
    assert "Mistyped" in listed
    assert "right-2014" not in listed
    page = client.get(f"{LIST}{source.pk}/change/").content.decode()
    assert f"Not found: DOI {DOI}." in page


def test_a_correction_is_shown_and_taken_off_the_list_by_who_read_it(
    client: Client, there: StandIn
) -> None:
    source = make_reference("gu-2014", title="Corrected", doi=DOI)
    found = [FoundNotice("correction", NOTICE)]
    source_notices.record_check(source, missing=(), notices=found, now=timezone.now())
    assert f"{LIST}?lookup=corrected" in client.get("/admin/").content.decode()
    assert "Corrected" in client.get(f"{LIST}?lookup=corrected").content.decode()
    page = client.get(f"{LIST}{source.pk}/change/").content.decode()
    assert f"Correction {NOTICE}" in page
    assert "I’ve read the corrections" in page
    assert client.get(f"{LIST}{source.pk}/read/").status_code == 405
    done = client.post(f"{LIST}{source.pk}/read/", follow=True).content.decode()
    assert "You’ve read the corrections of [@gu-2014]." in done
    assert f"Correction {NOTICE}" in done
    assert "I’ve read the corrections" not in done


def test_what_a_look_up_noticed_is_decided_by_a_reviewer(client: Client, there: StandIn) -> None:
    source = make_reference("gu-2014", title="Cells", doi=DOI)
    found = [FoundNotice("concern", NOTICE)]
    source_notices.record_check(source, missing=(), notices=found, now=timezone.now())
    proposal = Proposal.objects.get()
    address = f"/admin/articles/proposal/{proposal.pk}/change/"
    page = client.get(address).content.decode()
    assert "a look-up noticed this" in page
    assert f"Expression of concern {NOTICE}" in page
    assert "A look-up noticed this, so a medical reviewer has to approve it." in page
    assert "(noticed by a look-up)" in client.get("/admin/articles/article/due/").content.decode()
    assert proposal.subject in client.get("/admin/articles/proposal/").content.decode()
    reviewer = Client()
    reviewer.force_login(make_staff(Role.REVIEWER))
    seen = reviewer.get(address).context["seen"]
    assert reviewer.post(address, {"approve": "1", "seen": seen}).status_code == 302
    source.refresh_from_db()
    assert source.standing == "disputed"
