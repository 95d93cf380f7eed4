"""The list of one's own sessions, to view and end."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from portal.accounts import user_agents
from portal.accounts.session_store import key_digest
from portal.models import User
from tests.portal.accounts.devices import enter
from tests.portal.accounts.sessions import is_in, minutes_later, why_ended

pytestmark = pytest.mark.django_db

SESSIONS = "/accounts/sessions/"

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox on Windows"),
        (IPHONE, "Safari on iPhone"),
        (EDGE, "Edge on Windows"),
        ("curl/8.0", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_browsers_are_named_in_words(user_agent: str, name: str) -> None:
    assert user_agents.describe_user_agent(user_agent) == name


def test_users_see_where_they_are_signed_in_and_can_end_one_session(coordinator: User) -> None:
    desk, phone = Client(headers={"user-agent": FIREFOX}), Client(headers={"user-agent": IPHONE})
    for each in (desk, phone):
        enter(each, coordinator)
    page = desk.get(SESSIONS)
    assert "Firefox on Windows" in page.text
    assert "Safari on iPhone" in page.text
    assert page.text.count("This browser") == 1
    other = UserSession.objects.exclude(
        session_key=key_digest(desk.cookies["sessionid"].value)
    ).get()
    assert desk.get(f"{SESSIONS}{other.pk}/end/").status_code == 405
    assert desk.post(f"{SESSIONS}{other.pk}/end/")["Location"] == SESSIONS
    assert is_in(desk)
    assert not is_in(phone)
    assert "Safari on iPhone" not in desk.get(SESSIONS).text
    assert why_ended() == ["by_themselves"]


def test_users_can_end_all_their_other_sessions_at_once(coordinator: User) -> None:
    clients = [Client() for _ in range(3)]
    for each in clients:
        enter(each, coordinator)
    clients[0].post(SESSIONS)
    assert [is_in(each) for each in clients] == [True, False, False]


def test_seeing_and_ending_sessions_requires_a_recent_sign_in(
    client: Client, coordinator: User
) -> None:
    enter(client, coordinator)
    enter(Client(), coordinator)
    with minutes_later(6):
        assert client.get(SESSIONS)["Location"].startswith("/accounts/reauthenticate/")
        assert client.post(SESSIONS).status_code == 403
    assert UserSession.objects.count() == 2


def test_no_one_can_see_or_end_someone_elses_session(
    client: Client, coordinator: User, lead: User
) -> None:
    theirs = Client(headers={"user-agent": IPHONE})
    enter(theirs, lead)
    enter(client, coordinator)
    session = UserSession.objects.get(user=lead)
    assert "iPhone" not in client.get(SESSIONS).text
    assert client.post(f"{SESSIONS}{session.pk}/end/").status_code == 404
    assert is_in(theirs)


def test_expired_sessions_are_not_listed(client: Client, coordinator: User) -> None:
    enter(Client(), coordinator)
    with minutes_later(31):
        enter(client, coordinator)
        assert client.get(SESSIONS).text.count("since") == 1
