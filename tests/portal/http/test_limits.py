"""Rate limits: too many requests are refused plainly, but a request for help is only flagged."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.filebased import FileBasedCache
from django.test import Client, override_settings

import portal.http.cache
from inquiries.models import Inquiry
from inquiries.states import SpamSignal
from portal.config.checks import limits_are_on
from portal.http.limits import FLOOD_LIMITS, LIMITS, Limit
from portal.models import User

pytestmark = pytest.mark.django_db

ASK = "/care-coordinator/ask/"
NOON = "2026-11-23T12:00:05Z"


def good_form(number: int = 0) -> dict[str, Any]:
    return {
        "full_name": "Ana Example",
        "contact_method": "phone",
        "phone": "202-555-0100",
        "message": "May I talk to someone?",
        "consent": "on",
        "idempotency_key": f"one-form-on-one-screen-{number}",
    }


def statuses(
    client: Client, number: int, address: str = "/search/?q=kidney", **more: Any
) -> set[int]:
    return {client.get(address, **more).status_code for _ in range(number)}


def test_the_limits_are_as_agreed() -> None:
    readers = Limit(300, 60, "address")
    assert LIMITS["search"] == readers
    assert LIMITS["articles:clear"] == Limit(30, 600, "address")
    assert LIMITS["admin:inquiries_inquiry_find"] == Limit(60, 60, "account")
    assert LIMITS["admin:articles_article_paste"] == Limit(60, 60, "account")
    assert list(FLOOD_LIMITS) == ["inquiries:ask", "inquiries:private_prove"]
    assert FLOOD_LIMITS["inquiries:private_prove"] == {
        SpamSignal.FLOOD: Limit(20, 900, "address", is_certain=True)
    }
    assert FLOOD_LIMITS["inquiries:ask"] == {
        SpamSignal.FLOOD: Limit(30, 600, "address"),
        SpamSignal.CROWD: Limit(100, 600, "all"),
    }
    longest = max(
        each.seconds
        for each in [
            *LIMITS.values(),
            *(each for flood in FLOOD_LIMITS.values() for each in flood.values()),
        ]
    )
    assert settings.CACHES["counters"]["TIMEOUT"] >= longest


@time_machine.travel(NOON, tick=False)
def test_reading_too_often_gets_a_page_that_says_when_to_try_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "/search/?q=kidney"
    monkeypatch.setitem(LIMITS, "search", Limit(3, 60, "address"))
    assert statuses(client, 3, address) == {200}
    refused = client.get(address)
    assert refused.status_code == 429
    assert refused["Retry-After"] == "55"
    assert "Please wait 55 seconds and try again" in refused.text
    assert refused["Cache-Control"] == "private, no-store"
    assert statuses(client, 2, address, REMOTE_ADDR="198.51.100.7") == {200}, "nobody else's"
    assert client.get("/").status_code == 200, "and nothing else"
    with time_machine.travel(NOON, tick=False) as clock:
        clock.shift(timedelta(seconds=56))
        assert statuses(client, 3, address) == {200}


@time_machine.travel(NOON, tick=False)
def test_the_301st_search_in_a_minute_is_refused(client: Client) -> None:
    assert statuses(client, 300, "/search/") == {200}
    assert statuses(client, 1, "/search/") == {429}


@pytest.fixture
def one_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "search", Limit(1, 60, "address"))


@pytest.mark.usefixtures("one_a_minute")
@time_machine.travel(NOON, tick=False)
def test_a_forged_address_does_not_bypass_the_limit(client: Client) -> None:
    client.get("/search/")
    for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Client-IP", "True-Client-IP"):
        response = client.get("/search/", headers={name: "198.51.100.7"})
        assert response.status_code == 429, name
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1):
        # The proxy appends the address that it sees.
        forged = [f"198.51.100.{number}, 203.0.113.9" for number in range(4)]
        answers = [client.get("/search/", headers={"X-Forwarded-For": each}) for each in forged]
        assert [each.status_code for each in answers] == [200, 429, 429, 429]


@pytest.mark.usefixtures("one_a_minute")
@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("203.0.113.9", "::ffff:203.0.113.9", True),
        ("::ffff:203.0.113.9", "::ffff:203.0.113.8", False),
        ("203.0.113.9", "203.0.113.8", False),
        # Visitors without an address are not counted, because they would all share one counter.
        ("", "", False),
        ("unix:", "unix:", False),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_a_household_shares_one_count_and_a_neighbor_has_their_own(
    client: Client, first: str, second: str, is_one: bool
) -> None:
    assert client.get("/search/", REMOTE_ADDR=first).status_code == 200
    expected = 429 if is_one else 200
    assert client.get("/search/", REMOTE_ADDR=second).status_code == expected


@time_machine.travel(NOON, tick=False)
def test_staff_are_counted_by_account_from_any_address(
    coordinator: User, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, "admin:index", Limit(2, 60, "account"))
    clients = {}
    for user in (coordinator, lead):
        clients[user] = Client()
        clients[user].force_login(user)
    answers = [
        clients[coordinator].get("/admin/", REMOTE_ADDR=f"203.0.113.{number}").status_code
        for number in range(3)
    ]
    assert answers == [200, 200, 429]
    assert clients[lead].get("/admin/").status_code == 200
    assert Client().get("/admin/").status_code == 302, "a stranger is sent to sign in, uncounted"


@pytest.mark.usefixtures("one_a_minute")
def test_limits_can_be_turned_off_for_measurements(client: Client) -> None:
    with override_settings(RATE_LIMITS_ENABLED=False):
        assert statuses(client, 5) == {200}
        assert client.post(ASK, good_form()).status_code == 302


def test_the_deploy_check_reports_limits_left_off() -> None:
    assert limits_are_on() == []
    with override_settings(RATE_LIMITS_ENABLED=False):
        assert [finding.id for finding in limits_are_on()] == ["portal.W001"]


@pytest.mark.usefixtures("one_a_minute")
def test_without_a_cache_nobody_is_refused_and_the_log_says_so_once(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    full = OSError("No space left on device")
    with patch.object(FileBasedCache, "add", side_effect=full) as asked:
        assert statuses(client, 5) == {200}
        assert client.post(ASK, good_form()).status_code == 302
    assert asked.call_count == 1, "and is then left alone for a while"
    said = [record.message for record in caplog.records if record.name == "portal.http.cache"]
    assert said == ["The cache fails: nothing is counted or kept for a while."]


@pytest.mark.usefixtures("one_a_minute")
def test_a_slow_cache_is_bypassed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portal.http.cache, "SLOW_SECONDS", -1.0)
    assert statuses(client, 5) == {200}


def test_an_evicted_count_starts_over(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches["counters"], "add", lambda *args: False)
    assert statuses(client, 2) == {200}


@time_machine.travel(NOON, tick=False)
def test_the_31st_request_from_one_address_is_stored_and_marked(client: Client) -> None:
    for number in range(32):
        assert client.post(ASK, good_form(number)).status_code == 302
    other = client.post(ASK, good_form(99), REMOTE_ADDR="198.51.100.7")
    assert other.status_code == 302
    assert Inquiry.objects.count() == 33
    assert Inquiry.objects.filter(suspicion__contains=SpamSignal.FLOOD).count() == 2
    assert Inquiry.objects.quarantined().count() == 2


@time_machine.travel(NOON, tick=False)
def test_too_many_requests_across_all_addresses_are_marked(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FLOOD_LIMITS, "inquiries:ask", {SpamSignal.CROWD: Limit(2, 600, "all")})
    for number in range(4):
        client.post(ASK, good_form(number), REMOTE_ADDR=f"203.0.113.{number}")
    assert Inquiry.objects.count() == 4
    assert Inquiry.objects.filter(suspicion=SpamSignal.CROWD).count() == 2
    assert not Inquiry.objects.quarantined().exists(), "by this alone nobody waits"


@time_machine.travel(NOON, tick=False)
def test_viewing_the_form_or_failing_the_csrf_check_is_not_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(FLOOD_LIMITS, "inquiries:ask", {SpamSignal.FLOOD: Limit(1, 600, "address")})
    strict = Client(enforce_csrf_checks=True)
    for number in range(4):
        strict.get(ASK)
        assert strict.post(ASK, good_form(number)).status_code == 422
    Client().post(ASK, good_form(9))
    assert not Inquiry.objects.get().suspicion
