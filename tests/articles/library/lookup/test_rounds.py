"""The worker asks about each source again, and proposes what it hears. It sets nothing itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles import library
from articles.library import source_notices
from articles.library.lookup.rounds import look_up_due_sources
from articles.models import Proposal, Reference, SourceNotice
from articles.rendering.library_snapshot import Standing
from articles.states import StepRefused
from portal.models import Role
from tests.articles.library.lookup.stand_in import (
    DOI,
    NOTICE,
    PMID,
    StandIn,
    as_json,
    make_record,
    make_work,
)
from tests.articles.library.ways import everything_read
from tests.factories import make_article, make_category, make_reference, make_staff

pytestmark = pytest.mark.django_db

RETRACTED = "This source was retracted. Do not rely on it."


@pytest.fixture
def source() -> Reference:
    return make_reference("gu-2014", title="Cells", doi=DOI)


@pytest.fixture
def retracted(there: StandIn) -> StandIn:
    there.works[DOI] = make_work(DOI, **{"updated-by": [{"DOI": NOTICE, "type": "retraction"}]})
    return there


def make_due() -> None:
    Reference.objects.update(check_at=timezone.now() - timedelta(minutes=1))


def go_round() -> bool | None:
    make_due()
    return look_up_due_sources(pause=0)


def waiting() -> list[Proposal]:
    return list(Proposal.objects.waiting())


def test_a_retraction_is_proposed_and_readers_see_it_once_a_reviewer_approves(
    retracted: StandIn,
) -> None:
    """Promise 3: a machine that misreads a notice must not warn readers by itself."""
    make_reference("gu-2014", title="Cells", doi=DOI)
    body = "A urine test can show protein. [@gu-2014]"
    make_article(slug="kidney", body=body, categories=[make_category("Kidneys")])
    assert go_round() is True
    [proposal] = waiting()
    assert proposal.after == {"standing": "retracted"}
    assert proposal.proposed_by is None
    assert NOTICE in proposal.why
    assert Reference.objects.get(doi=DOI).standing == Standing.CURRENT
    assert RETRACTED not in everything_read()
    with pytest.raises(StepRefused, match="medical reviewer has to approve"):
        library.approve_proposal(proposal, by=make_staff(Role.EDITOR))
    library.approve_proposal(proposal, by=make_staff(Role.REVIEWER))
    assert RETRACTED in everything_read()


def test_the_same_notice_is_proposed_once(retracted: StandIn, source: Reference) -> None:
    for _ in range(3):
        go_round()
    assert Proposal.objects.count() == 1


def test_a_notice_that_a_person_declined_is_not_proposed_again(
    retracted: StandIn, source: Reference
) -> None:
    go_round()
    [proposal] = waiting()
    library.decline_proposal(proposal, answer="Of another paper.", by=make_staff(Role.REVIEWER))
    go_round()
    assert waiting() == []
    retracted.works[DOI]["updated-by"] += [{"DOI": "10.5555/second", "type": "retraction"}]
    go_round()
    [again] = waiting()
    assert "10.5555/second" in again.why
    assert NOTICE not in again.why


def test_nothing_is_proposed_that_is_known_already(retracted: StandIn, source: Reference) -> None:
    Reference.objects.update(standing=Standing.RETRACTED)
    go_round()
    assert waiting() == []
    Reference.objects.update(standing=Standing.CURRENT)
    go_round()
    assert waiting() == [], "a person decided that it is current"


def test_a_number_that_nobody_knows_is_noted_until_it_is_found(
    there: StandIn, source: Reference
) -> None:
    Reference.objects.update(pmid=PMID)
    there.records[PMID] = make_record()
    go_round()
    source.refresh_from_db()
    since = source.missing_since
    assert since
    assert source.missing_numbers == f"DOI {DOI}"
    del there.records[PMID]
    go_round()
    source.refresh_from_db()
    assert source.missing_since == since, "since it was first noticed"
    assert source.missing_numbers == f"DOI {DOI}, PMID {PMID}"
    there.works[DOI], there.records[PMID] = make_work(), make_record()
    go_round()
    source.refresh_from_db()
    assert source.missing_numbers == ""
    assert not Reference.objects.missing().exists()


def test_the_same_notice_from_both_services_is_one(retracted: StandIn, source: Reference) -> None:
    Reference.objects.update(pmid=PMID)
    retracted.records[PMID] = make_record(
        PMID, f"RIN - J Examples. 2015;34(3):600. doi: {NOTICE}. PMID: 25000001"
    )
    go_round()
    assert str(SourceNotice.objects.get()) == f"Retraction {NOTICE}"


def test_a_source_is_asked_about_every_thirty_days(there: StandIn, source: Reference) -> None:
    there.works[DOI] = make_work()
    go_round()
    source.refresh_from_db()
    left = source.check_at - timezone.now()
    assert timedelta(days=29, hours=23) < left < timedelta(days=33)
    asked = len(there.asked)
    assert look_up_due_sources(pause=0) is None, "nothing was due"
    assert len(there.asked) == asked


def test_a_source_without_doi_or_pmid_is_not_asked_about(there: StandIn) -> None:
    make_reference("no-number", title="Book")
    assert go_round() is None
    assert there.asked == []


def test_an_agency_that_is_not_asked_leaves_no_trace(there: StandIn, source: Reference) -> None:
    there.agencies[DOI] = "DataCite"
    assert go_round() is True
    source.refresh_from_db()
    assert source.missing_since is None
    assert source.check_at > timezone.now() + timedelta(days=29)


def test_a_service_that_is_down_says_nothing_about_a_source(there: StandIn) -> None:
    """It is asked again later, less and less often, and at most two sources are tried."""
    for number in range(4):
        make_reference(f"source-{number}", title=f"Source {number}", doi=f"{DOI}.{number}")
    there.instead = lambda path: (503, {}, b"down")
    assert go_round() is False
    assert len(there.asked) == 2
    tried = Reference.objects.filter(check_failures=1)
    assert tried.count() == 2
    one = tried[0]
    for hours in (2, 4, 8):
        now = timezone.now()
        source_notices.record_failure(one, now=now)
        one.refresh_from_db()
        assert one.check_at == now + timedelta(hours=hours)
    Reference.objects.filter(pk=one.pk).update(check_failures=30)
    one.refresh_from_db()
    source_notices.record_failure(one, now=timezone.now())
    one.refresh_from_db()
    assert one.check_at < timezone.now() + timedelta(days=7, minutes=1)
    assert not Reference.objects.missing().exists()
    there.instead = None
    there.works[one.doi] = make_work(one.doi)
    go_round()
    one.refresh_from_db()
    assert one.check_failures == 0


def test_one_strange_answer_does_not_stop_the_others(there: StandIn) -> None:
    for number in range(3):
        doi = f"{DOI}.{number}"
        make_reference(f"source-{number}", title=f"Source {number}", doi=doi)
        there.works[doi] = make_work(doi if number != 1 else "10.5555/other")
    assert go_round() is True
    assert Reference.objects.filter(check_at__gt=timezone.now() + timedelta(days=1)).count() == 2


def test_only_one_of_two_workers_gets_a_source(source: Reference) -> None:
    make_due()
    [first] = Reference.objects.to_check(timezone.now())
    [second] = Reference.objects.to_check(timezone.now())
    assert source_notices.claim_source(first, now=timezone.now())
    assert not source_notices.claim_source(second, now=timezone.now())
    assert not Reference.objects.to_check(timezone.now()).exists()


def test_a_source_that_another_worker_took_is_passed_over(
    there: StandIn, source: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    from articles.library.lookup import rounds

    monkeypatch.setattr(rounds, "claim_source", lambda reference, now: False)
    assert go_round() is None
    assert there.asked == []


def test_an_answer_of_another_shape_is_a_failure(there: StandIn, source: Reference) -> None:
    there.instead = lambda path: as_json([])
    assert go_round() is False
    source.refresh_from_db()
    assert source.check_failures == 1
