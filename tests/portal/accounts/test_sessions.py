"""Sessions: how long they last, what ends them, and that public pages never use them."""

import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.signals import user_logged_in
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inquiries.models import AuditEntry
from portal.accounts import sessions
from portal.accounts.session_store import SessionStore, key_digest
from portal.models import User
from tests.factories import PASSWORD, make_inquiry, make_staff
from tests.portal.accounts.devices import enter, sign_in, sign_in_anew, with_app
from tests.portal.accounts.sessions import is_in, minutes_later, why_ended

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
QUEUE = "/admin/inquiries/inquiry/"
SESSIONS = "/accounts/sessions/"
NEW_PASSWORD = "a quite different battery staple"
Kind = AuditEntry.Kind


@pytest.mark.parametrize(("minutes", "lasts"), [(29, True), (30.1, False)])
def test_a_session_ends_after_half_an_hour_without_use(
    client: Client, coordinator: User, minutes: float, lasts: bool
) -> None:
    enter(client, coordinator)
    with minutes_later(minutes):
        assert is_in(client) is lasts
        assert client.get("/admin/").status_code == (200 if lasts else 302)
    assert why_ended() == ([] if lasts else ["idle"])
    assert Session.objects.count() == UserSession.objects.count() == int(lasts)


def test_a_session_in_use_ends_after_twelve_hours(client: Client, coordinator: User) -> None:
    enter(client, coordinator)
    for minutes in range(20, 12 * 60, 20):
        with minutes_later(minutes):
            assert is_in(client), minutes
    with minutes_later(12 * 60 + 1):
        assert not is_in(client)
    assert why_ended() == ["age"]


def test_confirming_a_sign_in_does_not_extend_the_session(
    client: Client, coordinator: User
) -> None:
    enter(client, coordinator)
    for minutes in range(25, 12 * 60, 25):
        with minutes_later(minutes):
            client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    with minutes_later(12 * 60 + 1):
        assert not is_in(client)


def test_after_a_session_ends_signing_in_leads_back_to_the_wanted_page(
    client: Client, coordinator: User
) -> None:
    enter(client, coordinator)
    with minutes_later(31):
        answer = client.get(f"{QUEUE}?view=mine")
        assert answer["Location"] == f"{LOGIN}?next={QUEUE}%3Fview%3Dmine"
        assert enter(client, coordinator, next=f"{QUEUE}?view=mine")["Location"].startswith(QUEUE)


def test_forms_sent_after_a_session_ends_are_shown_and_not_lost(
    client: Client, coordinator: User
) -> None:
    enter(client, coordinator)
    inquiry = make_inquiry()
    with minutes_later(31):
        typed = {"note-text": "Call after five.", "note-version": "1"}
        answer = client.post(f"{QUEUE}{inquiry.pk}/note/", typed)
    assert answer.status_code == 401
    assert "Call after five." in answer.text


@pytest.mark.parametrize(
    ("seconds", "limit"), [(30 * 60 - 1, ""), (30 * 60, "idle"), (12 * 60 * 60, "age")]
)
def test_a_session_ends_after_half_an_hour_unused_or_twelve_hours(seconds: int, limit: str) -> None:
    """The limits are those of NIST SP 800-63B, AAL2."""
    now = time.time()
    session = SessionStore()
    session[sessions.SIGNED_IN_AT] = session[sessions.SEEN_AT] = now
    with time_machine.travel(now + seconds, tick=False):
        assert sessions.reached_limit(session) == limit
    session[sessions.SEEN_AT] = now + 12 * 60 * 60 - 1
    with time_machine.travel(now + 12 * 60 * 60 - 1, tick=False):
        assert not sessions.reached_limit(session)


def test_sessions_are_saved_once_a_minute_and_not_on_every_page(
    client: Client, coordinator: User
) -> None:
    enter(client, coordinator)
    for seconds, writes in ((30, 0), (61, 2), (90, 0)):
        with (
            time_machine.travel(timezone.now() + timedelta(seconds=seconds)),
            CaptureQueriesContext(connection) as asked,
        ):
            client.get("/admin/")
        written = [each["sql"] for each in asked if each["sql"].startswith("UPDATE")]
        assert len(written) == writes, written


def test_automatic_page_refreshes_do_not_keep_a_session_alive(
    client: Client, coordinator: User
) -> None:
    enter(client, coordinator)
    inquiry = make_inquiry()
    seen_at = client.session["seen_at"]
    by_script = {"X-Asked-By": "script"}
    pulse = f"{QUEUE}{inquiry.pk}/pulse/?version=1"
    for minutes, status in ((10, 200), (29, 200), (30.1, 401), (31, 401)):
        with minutes_later(minutes):
            for address in (pulse, QUEUE):
                answer = client.get(address, headers=by_script)
                assert answer.status_code == status
                assert "<form" not in answer.text or status == 200
        if status == 200:
            assert client.session["seen_at"] == seen_at
    assert why_ended() == ["idle"]


@pytest.mark.parametrize("address", ["/accounts/mfa/totp/activate/", SESSIONS])
def test_claiming_to_be_a_script_gives_no_extra_access(
    client: Client, coordinator: User, address: str
) -> None:
    enter(client, coordinator)
    with minutes_later(6):
        answer = client.get(address, headers={"X-Asked-By": "script"})
    assert answer.status_code == 401


def test_public_pages_use_no_session(client: Client, coordinator: User) -> None:
    enter(client, coordinator)
    for minutes in (0, 31):
        with minutes_later(minutes), CaptureQueriesContext(connection) as asked:
            answer = client.get("/articles/")
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")
        assert not any("session" in each["sql"] for each in asked)


def test_signing_in_gives_the_session_a_new_key(client: Client, coordinator: User) -> None:
    client.get("/accounts/mfa/webauthn/login/")  # creates a session for the passkey challenge
    before = client.cookies["sessionid"].value
    enter(client, coordinator)
    assert client.cookies["sessionid"].value != before
    assert not Session.objects.filter(session_key=key_digest(before)).exists()


def test_a_session_without_a_key_gets_one_before_it_is_listed(
    rf: RequestFactory, coordinator: User
) -> None:
    request = rf.get("/")
    request.session, request.user = SessionStore(), coordinator
    user_logged_in.send(sender=User, request=request, user=coordinator)
    listed = UserSession.objects.get(user=coordinator)
    assert listed.session_key == key_digest(request.session.session_key)


def test_the_tables_hold_nothing_that_gives_access_to_a_session(
    client: Client, coordinator: User
) -> None:
    enter(client, coordinator)
    key = client.cookies["sessionid"].value
    kept = [*Session.objects.values_list("session_key", flat=True)]
    kept += UserSession.objects.values_list("session_key", flat=True)
    assert kept == [key_digest(key)] * 2
    thief = Client()
    for each in (*kept, *Session.objects.values_list("session_data", flat=True)):
        thief.cookies["sessionid"] = each
        assert not is_in(thief)
    assert is_in(client)


def test_disabling_an_account_ends_its_sessions_at_once(coordinator: User) -> None:
    app = with_app(coordinator)
    phone, desk = sign_in_anew(coordinator, app), sign_in_anew(coordinator, app)
    boss = Client()
    boss.force_login(make_staff(is_superuser=True))
    coordinator.is_active = False
    coordinator.save()
    assert not is_in(phone)
    assert not is_in(desk)
    keys = {key_digest(each.cookies["sessionid"].value) for each in (phone, desk)}
    assert not Session.objects.filter(session_key__in=keys).exists()
    assert not UserSession.objects.filter(user=coordinator).exists()
    assert why_ended() == ["account_disabled"]
    coordinator.is_active = True
    coordinator.save()
    assert not is_in(phone), "nor does it come back"


def test_a_new_password_ends_the_other_sessions_but_not_this_one(coordinator: User) -> None:
    app = with_app(coordinator)
    phone, desk = sign_in_anew(coordinator, app), sign_in_anew(coordinator, app)
    before = desk.cookies["sessionid"].value
    typed = dict.fromkeys(["password1", "password2"], NEW_PASSWORD)
    answer = desk.post("/accounts/password/change/", {"oldpassword": PASSWORD, **typed})
    assert answer["Location"] == "/accounts/mfa/"
    assert is_in(desk)
    assert not is_in(phone)
    assert desk.cookies["sessionid"].value != before
    assert UserSession.objects.get().session_key == key_digest(desk.cookies["sessionid"].value)
    assert why_ended() == ["password_changed"]
    assert AuditEntry.objects.filter(kind=Kind.PASSWORD_CHANGED, by=coordinator).exists()


def test_a_password_set_by_a_superuser_ends_all_of_the_users_sessions(coordinator: User) -> None:
    app = with_app(coordinator)
    phone = sign_in_anew(coordinator, app)
    boss = Client()
    boss.force_login(make_staff(is_superuser=True))
    typed = dict.fromkeys(["password1", "password2"], NEW_PASSWORD)
    boss.post(
        f"/admin/portal/user/{coordinator.pk}/password/", {"usable_password": "true", **typed}
    )
    assert not is_in(phone)
    assert not UserSession.objects.filter(user=coordinator).exists()


def test_changing_a_factor_ends_the_other_sessions(
    coordinator: User, django_capture_on_commit_callbacks: Any, settings: Any
) -> None:
    app = with_app(coordinator)
    phone, desk = sign_in_anew(coordinator, app), sign_in_anew(coordinator, app)
    desk.post("/accounts/mfa/totp/deactivate/")
    assert not is_in(phone)
    assert is_in(desk)


def test_an_ended_session_is_not_restored_by_a_request_in_progress(
    client: Client, coordinator: User
) -> None:
    """A request that began before the session ended may try to save it afterward."""
    enter(client, coordinator)
    session = client.session
    assert session["seen_at"]
    Session.objects.all().delete()
    session["seen_at"] = 1
    with pytest.raises(UpdateError):
        session.save()
    assert not Session.objects.exists()


def test_signing_out_leaves_no_session_behind(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator, with_app(coordinator))
    client.post("/accounts/logout/")
    assert not Session.objects.exists()
    assert not UserSession.objects.exists()
    assert client.cookies["sessionid"].value == ""
