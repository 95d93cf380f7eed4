"""Erasing for good, keeping no longer than we may, and noticing who reads what is not hers."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from inquiries import privacy
from inquiries.ledger import events as ledger
from inquiries.ledger.transitions import StepRefused
from inquiries.ledger.verification import verify_ledger
from inquiries.models import (
    Addition,
    AuditEntry,
    DataKey,
    Event,
    IndexEntry,
    Inquiry,
    Note,
    Receipt,
)
from inquiries.outcomes import Outcome
from inquiries.search import lookup
from inquiries.states import NEXT, AttemptResult, ErasureReason, State, Step
from inquiries.triage import steps
from portal.models import Role, User
from tests.factories import make_category, make_inquiry, make_staff

pytestmark = pytest.mark.django_db

QUEUE = "/admin/inquiries/inquiry/"
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
ERASABLE = [state for state in State if Step.ERASE in NEXT[state]]


@pytest.fixture
def officer() -> User:
    return make_staff(Role.PRIVACY)


def erase(inquiry: Inquiry, by: User | None, version: int | None = None) -> Inquiry:
    inquiry.refresh_from_db()
    return privacy.erase_inquiry(
        inquiry, reason=ErasureReason.ASKED, version=version or inquiry.version, by=by
    )


# --- Erasure --------------------------------------------------------------------------------------

# Where each stands in what somebody sends us; none of them is a word of our own.
FIRST: dict[str, Any] = {
    "full_name": "Xaviera Firstcanary",
    "patient_name": "Yolanda Patientcanary",
    "email": "firstcanary@example.org",
    "phone": "(202) 555-0161",
    "phone_e164": "+12025550161",
    "time_zone": "Pacific/Kiritimati",
    "message": "Messagecanary: please call.",
}
CORRECTED: dict[str, Any] = FIRST | {
    "full_name": "Xaviera Secondcanary",
    "email": "secondcanary@example.org",
    "phone": "(202) 555-0162",
    "phone_e164": "+12025550162",
    "message": "Correctedcanary: please write.",
}
NOTE = "Notecanary: left a message."
CANARIES = (
    *("canary", "Xaviera", "Yolanda", "555-0161", "5550161", "555-0162", "5550162", "Kiritimati"),
    *("xaviera", "yolanda"),
)


def everything_stored() -> dict[str, list[bytes]]:
    """Every value of every table, as the database gives it."""
    stored: dict[str, list[bytes]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - the names are our own
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    raw = isinstance(value, bytes | memoryview)
                    stored.setdefault(f"{table}.{column}", []).append(
                        bytes(value) if raw else str(value).encode()
                    )
    return stored


def make_eventful(state: State, owner: User) -> Inquiry:
    """Corrected by its sender, with a note."""
    key = uuid4().hex
    first = State.QUARANTINED if state == State.QUARANTINED else State.NEW
    make_inquiry(first, key=key, topic=make_category(), **FIRST)
    inquiry = make_inquiry(key=key, **CORRECTED)
    if state == State.QUARANTINED:
        return inquiry
    for verb, words in (
        (steps.claim, {}),
        (steps.add_note, {"text": NOTE}),
        (steps.log_conversation, {"method": "phone", "identity": "detail"}),
        (steps.set_aside, {"until": timezone.now() + timedelta(days=1), "why": "asked"}),
        (steps.close, {"outcome": Outcome.REFERRED}),
        (steps.reopen, {}),
    ):
        inquiry.refresh_from_db()
        if inquiry.state == state and state != State.NEW:
            return inquiry
        verb(inquiry, version=inquiry.version, by=owner, **words)
    inquiry.refresh_from_db()
    return inquiry


@pytest.mark.parametrize("state", ERASABLE)
def test_an_erasure_leaves_nothing_of_what_was_said_in_any_column(
    state: State, coordinator: User, officer: User
) -> None:
    inquiry = make_eventful(state, coordinator)
    if state == State.CLAIMED:
        steps.add_note(inquiry, text=NOTE, version=inquiry.version, by=coordinator)
    assert inquiry.state == state
    sealed = everything_stored()
    ciphertexts = [
        value
        for column, values in sealed.items()
        for value in values
        if len(value) >= 29 and value[:1] == b"\x01" and "inquiries" in column
    ]
    digests = sealed["inquiries_indexentry.digest"]
    wrapped = sealed["inquiries_datakey.wrapped"]
    assert len(ciphertexts) >= 8
    assert digests
    key_digest, content_digest = inquiry.key_digest, inquiry.content_digest
    erase(inquiry, officer)
    left = everything_stored()
    every_value = [value for values in left.values() for value in values]
    for canary in CANARIES:
        assert not any(canary.encode() in value for value in every_value), canary
    for gone in (*ciphertexts, *digests, *wrapped):
        assert gone not in every_value or gone in sealed["inquiries_purposekey.wrapped"]
    for digest in (key_digest, content_digest):
        assert digest
        assert digest.encode() not in every_value
    for model in (Note, Addition, IndexEntry, DataKey):
        assert not model._default_manager.exists(), model


@pytest.mark.parametrize("state", ERASABLE)
def test_an_erasure_leaves_a_tombstone_that_keeps_counts_and_chains_whole(
    state: State, coordinator: User, officer: User
) -> None:
    inquiry = make_eventful(state, coordinator)
    before = list(inquiry.events.values_list("number", "kind", "mac"))
    tombstone = erase(inquiry, officer)
    tombstone.refresh_from_db()
    assert tombstone.state == State.ERASED
    for kept in ("reference", "received_at", "added_at", "topic", "outcome", "owner", "due_at"):
        assert getattr(tombstone, kept) == getattr(inquiry, kept), kept
    events = list(tombstone.events.values_list("number", "kind", "mac"))
    assert events[:-1] == before, "what happened stays"
    last = tombstone.events.last()
    assert last
    assert (last.kind, last.by) == (Event.Kind.ERASED, officer)
    assert last.detail == {"reason": ErasureReason.ASKED}
    assert Receipt.objects.filter(inquiry_id=tombstone.pk).exists()
    findings = verify_ledger()
    assert findings.faults == []
    assert findings.conservation == "1 receipts = 0 open + 0 quarantined + 0 closed + 1 erased"


def test_an_erasure_touches_no_other_request(coordinator: User, officer: User) -> None:
    other = make_eventful(State.CLOSED, coordinator)
    words = (other.full_name, other.message, Note.objects.get().text)
    rows = IndexEntry.objects.filter(inquiry=other).count()
    erase(make_inquiry(**FIRST), officer)
    other = Inquiry.objects.for_reading().get(pk=other.pk)
    assert (other.full_name, other.message, Note.objects.get().text) == words
    assert IndexEntry.objects.filter(inquiry=other).count() == rows
    assert other in lookup.find_inquiries("xaviera")[1]


@pytest.mark.parametrize("state", ERASABLE)
@pytest.mark.parametrize("role", ["", *Role])
def test_only_the_privacy_officer_erases(state: State, role: str) -> None:
    inquiry = make_inquiry(state)
    by = make_staff(role)
    if role == Role.PRIVACY:
        assert erase(inquiry, by).state == State.ERASED
        return
    with pytest.raises(StepRefused, match="Your role does not include this step: erase"):
        erase(inquiry, by)
    inquiry.refresh_from_db()
    assert inquiry.state == state
    assert DataKey.objects.filter(inquiry=inquiry).exists()


def test_a_superuser_erases_by_the_same_verb_and_by_no_other_way(client: Client) -> None:
    inquiry = make_inquiry()
    by = make_staff(is_superuser=True)
    with pytest.raises(StepRefused, match="changed after you opened it"):
        erase(inquiry, by, version=7)
    client.force_login(by)
    for address in (f"{QUEUE}{inquiry.pk}/delete/", f"{QUEUE}{inquiry.pk}/history/"):
        assert client.post(address, {"post": "yes"}).status_code == 404
    client.post(QUEUE, {"action": "delete_selected", "_selected_action": str(inquiry.pk)})
    assert Inquiry.objects.filter(pk=inquiry.pk, state=State.NEW).exists()
    assert erase(inquiry, by).events.last().by == by  # type: ignore[union-attr]


def test_what_is_erased_is_not_erased_again_and_not_opened_again(
    coordinator: User, officer: User
) -> None:
    inquiry = erase(make_inquiry(State.CLOSED), officer)
    with pytest.raises(StepRefused, match=r"not possible: It was erased\."):
        erase(inquiry, officer)
    with pytest.raises(StepRefused, match=r"not possible: It was erased\."):
        steps.reopen(inquiry, version=inquiry.version, by=coordinator)


def test_the_same_form_sent_again_after_an_erasure_is_a_new_request(officer: User) -> None:
    key = "one-form-on-one-screen"
    first = erase(make_inquiry(key=key, **FIRST), officer)
    again = make_inquiry(key=key, **FIRST)
    assert again.pk != first.pk
    assert again.reference != first.reference
    assert again.full_name == FIRST["full_name"]
    third = make_inquiry(key=key, **FIRST)
    assert third == again, "and sent once more it is that one"
    assert lookup.find_inquiries(first.reference)[1] == [first]
    assert lookup.find_inquiries("firstcanary@example.org")[1] == [again]
    assert verify_ledger().faults == []


def test_a_request_whose_key_is_lost_can_still_be_erased(officer: User) -> None:
    inquiry = make_inquiry()
    DataKey.objects.filter(inquiry=inquiry).update(wrapped_by="gone")
    erased = privacy.erase_inquiry(inquiry, reason=ErasureReason.ASKED, version=1, by=officer)
    assert erased.state == State.ERASED


def test_an_erasure_that_fails_half_way_erases_nothing(
    officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    inquiry = make_inquiry(**FIRST)

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(ledger, "record_event", fail)
    with pytest.raises(RuntimeError):
        erase(inquiry, officer)
    inquiry = Inquiry.objects.for_reading().get(pk=inquiry.pk)
    assert (inquiry.state, inquiry.message) == (State.NEW, FIRST["message"])
    assert lookup.find_inquiries("xaviera")[1] == [inquiry]


# --- Erasure on the page --------------------------------------------------------------------------


def post_erasure(client: Client, inquiry: Inquiry, **fields: Any) -> Any:
    typed = {"version": inquiry.version, "reason": "asked", "sure": "on"} | fields
    return client.post(
        f"{QUEUE}{inquiry.pk}/erase/", {f"erase-{name}": value for name, value in typed.items()}
    )


def test_the_page_offers_erasure_to_the_privacy_officer_alone(
    coordinator: User, lead: User, officer: User
) -> None:
    inquiry = make_inquiry()
    for user, is_offered in ((coordinator, False), (lead, False), (officer, True)):
        client = Client()
        client.force_login(user)
        page = client.get(f"{QUEUE}{inquiry.pk}/change/").text
        assert (f"{inquiry.pk}/erase/" in page) is is_offered
        assert ('<details class="request-erase">' in page) is is_offered, "and closed at first"


def test_an_erasure_is_meant(client: Client, officer: User) -> None:
    inquiry = make_inquiry()
    client.force_login(officer)
    for fields in ({"sure": ""}, {"reason": ""}, {"reason": "retention"}, {"reason": "x"}):
        page = post_erasure(client, inquiry, **fields)
        assert page.status_code == 422
        assert '<details class="request-erase" open>' in page.text, "with what is missing"
    assert post_erasure(client, inquiry, version=9).status_code == 409
    inquiry.refresh_from_db()
    assert inquiry.state == State.NEW
    assert post_erasure(client, inquiry).status_code == 302
    inquiry.refresh_from_db()
    assert inquiry.state == State.ERASED


def test_a_coordinator_who_sends_the_form_herself_is_refused(
    client: Client, coordinator: User
) -> None:
    inquiry = make_inquiry()
    client.force_login(coordinator)
    page = post_erasure(client, inquiry)
    assert page.status_code == 409
    assert "Your role does not include this step: erase." in page.text
    inquiry.refresh_from_db()
    assert inquiry.state == State.NEW


@pytest.mark.parametrize("state", ERASABLE)
def test_an_erased_request_still_has_its_page(
    client: Client, state: State, coordinator: User, officer: User
) -> None:
    inquiry = erase(make_eventful(state, coordinator), officer)
    client.force_login(officer)
    page = client.get(f"{QUEUE}{inquiry.pk}/change/")
    assert page.status_code == 200
    assert "What this request said was erased on" in page.text
    assert "because the person asked for it" in page.text
    assert ("It had been closed: referred." in page.text) == (state == State.CLOSED)
    assert "request-steps" not in page.text, "nothing can be done"
    assert "What was sent then" not in page.text
    for canary in CANARIES:
        assert canary not in page.text


def test_erased_requests_are_in_no_view_of_the_queue(client: Client, officer: User) -> None:
    reference = erase(make_inquiry(State.CLOSED), officer).reference
    client.force_login(officer)
    for view in ("open", "unclaimed", "mine", "closed"):
        assert reference not in client.get(f"{QUEUE}?view={view}").text
    found = client.post(f"{QUEUE}find/", {"q": reference})
    assert f'data-reference="{reference}"' in found.text
    assert ">Erased<" in found.text


# --- Retention ------------------------------------------------------------------------------------


@pytest.fixture
def periods(settings: Any) -> dict[str, int]:
    settings.RETENTION_DAYS = {outcome: 10 * n for n, outcome in enumerate(Outcome.values, 1)}
    days: dict[str, int] = settings.RETENTION_DAYS
    return days


def make_closed(outcome: str, kept: timedelta) -> Inquiry:
    """Closed so long before NOW."""
    owner = make_staff(Role.LEAD)
    with time_machine.travel(NOW - kept, tick=False):
        inquiry = make_inquiry(State.CLAIMED, owner=owner)
        if outcome == Outcome.UNREACHABLE:  # the only way to her leads nowhere
            wrong = {"method": "phone", "reached": AttemptResult.WRONG}
            inquiry = steps.log_attempt(inquiry, **wrong, version=inquiry.version, by=owner)
        return steps.close(inquiry, outcome=outcome, version=inquiry.version, by=owner)


def purge(*arguments: str) -> str:
    out = StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command("purge_inquiries", *arguments, stdout=out)
    return out.getvalue()


def erased() -> set[str]:
    return set(Inquiry.objects.filter(state=State.ERASED).values_list("reference", flat=True))


def test_each_outcome_has_its_own_period_and_its_border(periods: dict[str, int]) -> None:
    border = timedelta(microseconds=1)
    over = {
        make_closed(outcome, timedelta(days=days) + border).reference
        for outcome, days in periods.items()
    }
    for outcome, days in periods.items():
        make_closed(outcome, timedelta(days=days))
        make_closed(outcome, timedelta(days=days) - border)
    with time_machine.travel(NOW - timedelta(days=9999), tick=False):
        make_inquiry()
        make_inquiry(State.CLAIMED)
    report = purge()
    assert erased() == over
    assert "answered: 1 older than 10 days" in report
    assert "not_a_request: 1 older than 50 days" in report
    assert report.endswith("5 requests erased\n")
    entry = AuditEntry.objects.get(kind=AuditEntry.Kind.PURGED)
    assert (entry.by, entry.detail) == (None, dict.fromkeys(periods, 1))
    for event in Event.objects.filter(kind=Event.Kind.ERASED):
        assert (event.by, event.detail) == (None, {"reason": ErasureReason.RETENTION})
    assert verify_ledger().faults == []


def test_a_dry_run_says_the_same_and_changes_nothing(periods: dict[str, int]) -> None:
    for outcome in Outcome.values[:3]:
        make_closed(outcome, timedelta(days=100))
    before = everything_stored()
    report = purge("--dry-run")
    assert everything_stored() == before
    assert report.endswith("3 requests would be erased\n")
    assert purge().replace("requests erased", "requests would be erased") == report
    assert len(erased()) == 3


def test_where_nothing_is_due_nothing_is_put_on_record(periods: dict[str, int]) -> None:
    make_closed(Outcome.ANSWERED, timedelta(days=1))
    assert purge().endswith("0 requests erased\n")
    assert not AuditEntry.objects.filter(kind=AuditEntry.Kind.PURGED).exists()


def test_retention_goes_on_where_it_was_stopped(
    periods: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(privacy, "_BATCH", 2)
    for number in range(5):
        make_closed(Outcome.ANSWERED, timedelta(days=20 + number))
    erase_one = privacy.erase_inquiry
    done: list[str] = []

    def stop_at_the_fourth(inquiry: Inquiry, **arguments: Any) -> Inquiry:
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(inquiry.reference)
        return erase_one(inquiry, **arguments)

    monkeypatch.setattr(privacy, "erase_inquiry", stop_at_the_fourth)
    with pytest.raises(KeyboardInterrupt):
        purge()
    assert erased() == set(done)
    monkeypatch.setattr(privacy, "erase_inquiry", erase_one)
    assert purge().endswith("2 requests erased\n")
    assert len(erased()) == 5
    assert verify_ledger().faults == []


@pytest.mark.parametrize("batch", [1, 2, 200])
def test_what_is_reopened_meanwhile_stays_and_what_changed_waits_for_the_next_time(
    periods: dict[str, int], monkeypatch: pytest.MonkeyPatch, coordinator: User, batch: int
) -> None:
    monkeypatch.setattr(privacy, "_BATCH", batch)
    reopened, noted, due = (
        make_closed(Outcome.ANSWERED, timedelta(days=days)) for days in (40, 30, 20)
    )
    erase_one = privacy.erase_inquiry
    meanwhile = {
        reopened.pk: lambda row: steps.reopen(row, version=row.version, by=coordinator),
        noted.pk: lambda row: steps.add_note(row, text="x", version=row.version, by=coordinator),
    }

    def after_somebody_else(inquiry: Inquiry, **arguments: Any) -> Inquiry:
        if change := meanwhile.pop(inquiry.pk, None):
            change(inquiry)
        return erase_one(inquiry, **arguments)

    monkeypatch.setattr(privacy, "erase_inquiry", after_somebody_else)
    assert purge().endswith("1 requests erased\n")
    assert erased() == {due.reference}
    assert purge().endswith("1 requests erased\n")
    assert erased() == {due.reference, noted.reference}


def test_what_was_reopened_and_closed_again_is_kept_from_its_last_closing(
    periods: dict[str, int], coordinator: User
) -> None:
    inquiry = make_closed(Outcome.ANSWERED, timedelta(days=100))
    with time_machine.travel(NOW - timedelta(days=5), tick=False):
        inquiry = steps.reopen(inquiry, version=inquiry.version, by=coordinator)
        inquiry = steps.claim(inquiry, version=inquiry.version, by=coordinator)
        steps.close(inquiry, outcome=Outcome.ANSWERED, version=inquiry.version, by=coordinator)
    assert purge().endswith("0 requests erased\n")


# --- Unusual reading ------------------------------------------------------------------------------

MANY = "Many requests in a short time"
SURNAME = "The same surname as her own"
NO_PART = "Claimed by others or closed, and she took no step"
HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def unusual(since: timedelta = timedelta(days=30)) -> dict[tuple[str, str], set[Any]]:
    """What is listed, by who and why."""
    rows = privacy.find_unusual_reading(list(User.objects.all()), timezone.now() - since)
    listed = {(row.account.username, row.why): row.requests for row in rows}
    assert len(listed) == len(rows), "one row for each account and reason"
    return listed


def read_all(by: User, requests: list[Inquiry]) -> None:
    for inquiry in requests:
        ledger.record_reading(inquiry, by=by)


@pytest.fixture
def requests(clock: time_machine.Traveller) -> list[Inquiry]:
    """One more than thirty, which are many."""
    return [make_inquiry() for _ in range(31)]


def test_usual_work_is_listed_nowhere(clock: time_machine.Traveller, coordinator: User) -> None:
    for state in (State.NEW, State.CLAIMED, State.CLOSED):
        inquiry = make_inquiry(state, owner=coordinator)
        for _ in range(50):
            ledger.record_reading(inquiry, by=coordinator)
    assert unusual() == {}


def test_one_more_than_many_within_the_hour_is_listed_with_all_of_them(
    clock: time_machine.Traveller, requests: list[Inquiry], coordinator: User
) -> None:
    read_all(coordinator, requests[:-1])
    read_all(coordinator, requests[:-1])
    assert unusual() == {}, "the same ones twice are not more"
    clock.shift(HOUR)
    ledger.record_reading(requests[-1], by=coordinator)
    expected = {each.pk for each in requests}
    assert unusual() == {(coordinator.username, MANY): expected}


def test_as_many_over_more_than_an_hour_are_not(
    clock: time_machine.Traveller, requests: list[Inquiry], coordinator: User
) -> None:
    read_all(coordinator, requests[:-1])
    clock.shift(HOUR + timedelta(microseconds=1))
    ledger.record_reading(requests[-1], by=coordinator)
    assert unusual() == {}


def test_a_flood_is_listed_whole_and_what_came_before_and_after_is_not(
    clock: time_machine.Traveller, requests: list[Inquiry], coordinator: User
) -> None:
    before, after = make_inquiry(), make_inquiry()
    ledger.record_reading(before, by=coordinator)
    clock.shift(2 * HOUR)
    for inquiry in requests:
        ledger.record_reading(inquiry, by=coordinator)
        clock.shift(100)
    clock.shift(2 * HOUR)
    ledger.record_reading(after, by=coordinator)
    assert unusual() == {(coordinator.username, MANY): {each.pk for each in requests}}
    last_at = privacy.find_unusual_reading([coordinator], NOW)[0].last_at
    assert last_at == NOW + 2 * HOUR + timedelta(seconds=100 * (len(requests) - 1))


def test_two_who_read_half_of_them_each_are_not_one_who_read_all(
    requests: list[Inquiry], coordinator: User, lead: User
) -> None:
    for number, inquiry in enumerate(requests):
        ledger.record_reading(inquiry, by=(coordinator, lead)[number % 2])
    assert unusual() == {}


def test_what_lies_before_the_time_looked_at_is_not_listed(
    clock: time_machine.Traveller, requests: list[Inquiry], coordinator: User
) -> None:
    read_all(coordinator, requests)
    clock.shift(timedelta(days=30))
    assert unusual(), "at the border"
    clock.shift(timedelta(microseconds=1))
    assert unusual() == {}


@pytest.mark.parametrize(
    ("hers", "theirs"),
    [
        ("Example", "Ana Example"),
        ("EXÁMPLE", "Ana example"),
        ("O’Neil", "ben ONEIL"),
        ("Li", "Wei Li"),
        ("van der Berg", "Jan Berg"),
        ("Smith-Jones", "Ann Jones"),
        ("Wolfeschlegelsteinhausenbergerdorff", "A Wolfeschlegelsteinhausenbergerdorff"),
    ],
)
def test_her_own_surname_is_listed(hers: str, theirs: str) -> None:
    by = make_staff(Role.COORDINATOR, last_name=hers)
    inquiry = make_inquiry(full_name=theirs)
    other = make_inquiry(full_name="Somebody Different")
    as_patient = make_inquiry(full_name="Somebody Different", patient_name=theirs)
    for each in (inquiry, other, as_patient):
        ledger.record_reading(each, by=by)
    assert unusual() == {(by.username, SURNAME): {inquiry.pk, as_patient.pk}}


@pytest.mark.parametrize(
    ("hers", "theirs"),
    [
        ("Lee", "Leeann Sample"),
        ("Examples", "Ana Example"),
        ("Li", "Ana Lin"),
        ("van der Berg", "Jan van der Laan"),
        ("Wolfeschlegelsteinhausenbergerdorff", "A Wolfeschlegelstein"),
        ("", "Ana Example"),
        ("–", "Ana Example"),
    ],
)
def test_another_surname_is_not(hers: str, theirs: str) -> None:
    by = make_staff(Role.COORDINATOR, last_name=hers)
    ledger.record_reading(make_inquiry(full_name=theirs), by=by)
    assert unusual() == {}


def test_a_surname_is_hers_and_not_a_colleagues() -> None:
    make_staff(Role.COORDINATOR, last_name="Example")
    by = make_staff(Role.COORDINATOR, last_name="Sample")
    ledger.record_reading(make_inquiry(full_name="Ana Example"), by=by)
    assert unusual() == {}


@pytest.mark.parametrize("state", [State.CLAIMED, State.CLOSED])
def test_what_others_have_or_had_is_listed_until_she_takes_a_part(state: State, lead: User) -> None:
    inquiry = make_inquiry(state)
    ledger.record_reading(inquiry, by=lead)
    assert unusual() == {(lead.username, NO_PART): {inquiry.pk}}
    steps.add_note(inquiry, text="I called her.", version=inquiry.version, by=lead)
    assert unusual() == {}


def test_a_new_or_an_erased_request_is_nobodys(lead: User) -> None:
    for state in (State.NEW, State.ERASED):
        ledger.record_reading(make_inquiry(state), by=lead)
    assert unusual() == {}


def test_what_she_read_as_new_and_another_claimed_later_is_not_listed(lead: User) -> None:
    inquiry = make_inquiry()
    ledger.record_reading(inquiry, by=lead)
    steps.claim(inquiry, version=inquiry.version, by=make_staff(Role.COORDINATOR))
    assert unusual() == {}


def test_an_account_that_is_not_asked_about_is_not_listed(lead: User, coordinator: User) -> None:
    ledger.record_reading(make_inquiry(State.CLOSED), by=lead)
    assert privacy.find_unusual_reading([coordinator], NOW - timedelta(days=30)) == []
