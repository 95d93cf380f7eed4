"""What Crossref, PubMed, and ClinicalTrials.gov say becomes a source, and is never guessed."""

import time
from contextlib import suppress
from typing import Any

import pytest

from articles.library.lookup import Finding, LookupFailed, NotFound, Unsupported, look_up
from articles.library.lookup.findings import FoundNotice
from articles.rendering.library_snapshot import Standing, StudyDesign
from tests.articles.library.lookup.stand_in import (
    DOI,
    NOTICE,
    PMID,
    TRIAL,
    StandIn,
    as_json,
    make_record,
    make_study,
    make_work,
)


def find(kind: str, number: str) -> Finding:
    return look_up(kind, number, until=time.monotonic() + 10)


def test_a_doi_becomes_a_source(there: StandIn) -> None:
    there.works[DOI] = make_work()
    source = find("doi", DOI).source
    assert source.title == "Cells from the cord in lupus: A made-up trial"
    assert source.authors == "Example A, Sample BC, The Made-Up Group"
    assert (source.journal, source.year) == ("Journal of Examples", 2014)
    assert (source.volume, source.issue, source.pages) == ("33", "11", "1611-1619")
    assert (source.doi, source.standing) == (DOI, Standing.CURRENT)


def test_a_pmid_becomes_the_same_source_as_from_a_file(there: StandIn) -> None:
    there.records[PMID] = make_record()
    source = find("pmid", PMID).source
    assert source.title == "Cells from the cord in lupus: A made-up trial"
    assert (source.authors, source.journal) == ("Example A, Sample BC", "J Examples")
    assert (source.doi, source.pmid, source.year) == (DOI, PMID, 2014)
    assert source.design == StudyDesign.RANDOMISED


def test_a_registered_trial_becomes_a_source_whose_design_stays_open(there: StandIn) -> None:
    there.studies[TRIAL] = make_study()
    source = find("registry_id", TRIAL).source
    assert source.title == "A Made-Up Trial of Cells in Lupus"
    assert (source.authors, source.year) == ("Example University Inc.", 2008)
    assert (source.registry_id, source.design) == (TRIAL, StudyDesign.OTHER)
    assert source.url == f"https://clinicaltrials.gov/study/{TRIAL}"


def test_only_the_number_and_whom_to_write_to_leave_the_site(there: StandIn, settings: Any) -> None:
    """Security 6: a look-up tells strangers nothing about a reader or an editor."""
    settings.PORTAL_URL = "https://portal.example"
    there.works[DOI], there.records[PMID] = make_work(), make_record()
    find("doi", DOI)
    find("pmid", PMID)
    assert there.asked == [
        "/works/10.5555%2Fcells.1",
        "/works?filter=updates:10.5555%2Fcells.1&rows=50&select=DOI,update-to",
        (
            "/entrez/eutils/efetch.fcgi?db=pubmed&tool=careportal&email=library%40clinic.example"
            f"&id={PMID}&rettype=medline&retmode=text"
        ),
    ]
    said = "CarePortal (https://portal.example; mailto:library@clinic.example)"
    assert there.headers["User-Agent"] == said
    assert {*there.headers} == {
        *("Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"),
    }


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("retraction", "retraction"),
        ("withdrawal", "retraction"),
        ("removal", "retraction"),
        ("expression_of_concern", "concern"),
        ("Expression of concern", "concern"),
        ("partial_retraction", "concern"),
        ("corrigendum", "correction"),
        ("erratum", "correction"),
        ("new_version", ""),
    ],
)
def test_crossref_names_what_became_of_a_source(there: StandIn, written: str, kind: str) -> None:
    """In its own record, or in that of the notice; the same notice counts once."""
    update = {"type": written, "label": "x", "source": "publisher"}
    there.works[DOI] = make_work(DOI, **{"updated-by": [{"DOI": NOTICE.upper(), **update}]})
    there.updates = [{"DOI": NOTICE, "update-to": [{"DOI": DOI, **update}]}]
    wanted = (FoundNotice(kind, NOTICE),) if kind else ()
    assert find("doi", DOI).notices == wanted
    there.works[DOI] = make_work()
    assert find("doi", DOI).notices == wanted
    there.updates = [{"DOI": NOTICE, "update-to": [{"DOI": "not a DOI", **update}]}]
    assert find("doi", DOI).notices == ()
    there.updates = [{"DOI": NOTICE, "update-to": [{"DOI": "10.5555/other", **update}]}]
    assert find("doi", DOI).notices == ()


def test_a_title_that_says_retracted_is_a_notice_without_a_number(there: StandIn) -> None:
    there.works[DOI] = make_work(title=["RETRACTED: Cells"], subtitle=[])
    assert find("doi", DOI).notices == (FoundNotice("retraction"),)
    there.works[DOI]["updated-by"] = [{"DOI": NOTICE, "type": "retraction"}]
    assert find("doi", DOI).notices == (FoundNotice("retraction", NOTICE),), "the better one"


def test_pubmed_names_notices_by_doi_or_else_by_pmid(there: StandIn) -> None:
    there.records[PMID] = make_record(
        PMID,
        "RIN - J Examples. 2015 Mar;34(3):600. doi:",
        f"      {NOTICE}. PMID: 25000001",
        "ECI - J Examples. 2015 Jan;34(1):1. PMID: 25000002",
        "EIN - J Examples. 2014 Dec;33(12):2. doi: 10.x. PMID: 25000003",
        "CIN - J Examples. 2014 Dec;33(12):3. PMID: 25000004",
    )
    assert find("pmid", PMID).notices == (
        FoundNotice("concern", "25000002"),
        FoundNotice("correction", "25000003"),
        FoundNotice("retraction", NOTICE),
    )
    there.records[PMID] = make_record(PMID, "PT  - Retracted Publication")
    assert find("pmid", PMID).notices == (FoundNotice("retraction"),)


@pytest.mark.parametrize(("kind", "number"), [("doi", DOI), ("pmid", PMID), ("registry_id", TRIAL)])
def test_a_number_that_nobody_knows_is_not_found(there: StandIn, kind: str, number: str) -> None:
    with pytest.raises(NotFound):
        find(kind, number)


def test_a_doi_of_another_agency_is_not_called_unknown(there: StandIn) -> None:
    """Promise 3: an existing source must not be listed as one that doesn't exist."""
    there.agencies[DOI] = "DataCite"
    with pytest.raises(Unsupported, match="registered with DataCite"):
        find("doi", DOI)
    there.agencies[DOI] = "Crossref"
    with pytest.raises(NotFound):
        find("doi", DOI)


def test_a_number_of_another_registry_is_not_sent_anywhere(there: StandIn) -> None:
    with pytest.raises(Unsupported, match="Only numbers of ClinicalTrials"):
        find("registry_id", "ISRCTN00000001")
    assert there.asked == []


def test_pubmed_without_a_clear_no_is_a_failure(there: StandIn) -> None:
    there.instead = lambda path: as_json({"result": {"uids": [PMID], PMID: {"uid": PMID}}})
    with pytest.raises(LookupFailed, match="couldn’t be read"):
        find("pmid", PMID)
    there.instead = lambda path: as_json({"error": "API rate limit exceeded"})
    with pytest.raises(LookupFailed, match="couldn’t be read"):
        find("pmid", PMID)
    there.instead = lambda path: (
        (400, {}, b"bad") if "efetch" in path else as_json({"result": {"uids": []}})
    )
    with pytest.raises(LookupFailed, match=r"error \(400\)"):
        find("pmid", PMID)
    there.instead = lambda path: (
        (404, {}, b"") if "efetch" in path else as_json({"result": {"uids": []}})
    )
    with pytest.raises(NotFound):
        find("pmid", PMID)


@pytest.mark.parametrize(("kind", "number"), [("doi", DOI), ("pmid", PMID), ("registry_id", TRIAL)])
def test_an_answer_about_another_number_is_refused(there: StandIn, kind: str, number: str) -> None:
    """Promise 3: no source is filled in that isn't the one that was asked for."""
    there.works[DOI] = make_work("10.5555/other")
    there.records[PMID] = make_record("24000002")
    there.studies[TRIAL] = make_study("NCT00000002")
    with pytest.raises(LookupFailed, match="about another number"):
        find(kind, number)


def test_an_answer_without_a_title_is_refused(there: StandIn) -> None:
    there.works[DOI] = {"DOI": DOI}
    with pytest.raises(LookupFailed, match="has no title"):
        find("doi", DOI)
    there.works[DOI] = {"DOI": DOI, "title": [], "subtitle": [7]}
    with pytest.raises(LookupFailed, match="has no title"):
        find("doi", DOI)


ODD: list[Any] = [None, 7, "x", [], {}, [None], [7], [[]], [{}], {"a": [{}]}, [{"DOI": 7}], "\x00"]


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_values_of_any_shape_break_nothing(there: StandIn, odd: Any) -> None:
    """Whatever comes is a source, or a refusal in words."""
    for name in ("author", "issued", "container-title", "page", "updated-by", "subtitle", "title"):
        there.works[DOI] = make_work(**{name: odd})
        with suppress(LookupFailed):
            assert find("doi", DOI).source.doi == DOI
    there.works[DOI] = make_work()
    for updates in (odd, [odd], [{"DOI": odd, "update-to": odd}]):
        there.updates = updates
        assert find("doi", DOI).notices == ()
    there.studies[TRIAL] = {"protocolSection": odd}
    with pytest.raises((LookupFailed, NotFound)):
        find("registry_id", TRIAL)


def test_a_doi_with_a_comma_is_not_used_in_a_filter(there: StandIn) -> None:
    doi = "10.5555/a,b"
    there.works[doi] = make_work(doi)
    assert find("doi", doi).source.doi == doi
    assert there.asked == ["/works/10.5555%2Fa%2Cb"]
