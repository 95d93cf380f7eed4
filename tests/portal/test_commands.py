"""The commands that an operator runs."""

import re
from io import StringIO
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from articles.models import Approval, Article, Authorship, LivePage, Revision, SearchEntry
from articles.models import Event as ArticleEvent
from inquiries.models import AuditEntry, Clock, Event, Inquiry, Notice, Receipt
from inquiries.reference import parse_reference
from inquiries.states import NEXT, State
from inquiries.triage import sweep
from portal.models import Role, User
from tests.emptying import without_triggers
from tests.factories import make_article, make_inquiry
from tests.portal.accounts.devices import enter

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"


def call(*arguments: Any, **options: Any) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


# --- Accounts -------------------------------------------------------------------------------------


def test_a_new_database_has_no_accounts() -> None:
    """This database was created by `migrate`, like any other."""
    assert not User.objects.exists()


# --- create_staff ---------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_a_staff_account_can_sign_in(role: Role, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_STAFF_PASSWORD", PASSWORD)
    out = call("create_staff", "ana", "--role", role.value, "--email", "ana@example.org")
    assert out == f"ana: {role.label}\n"
    user = User.objects.get()
    assert (user.role, user.email, user.is_staff) == (role, "ana@example.org", True)
    assert not user.is_superuser
    made = AuditEntry.objects.get()
    assert (made.kind, made.by, made.about) == (AuditEntry.Kind.ACCOUNT_CHANGED, None, user)
    assert made.detail["role"] == role.value
    assert authenticate(None, username="ana", password=PASSWORD) == user


def test_the_command_asks_for_a_password_if_the_environment_has_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("PORTAL_STAFF_PASSWORD", raising=False)
    monkeypatch.setattr("getpass.getpass", lambda prompt: PASSWORD)
    call("create_staff", "ana", "--role", "editor")
    assert authenticate(None, username="ana", password=PASSWORD)


@pytest.mark.parametrize(
    ("name", "password", "message"),
    [
        ("ana", "short", "at least 12 characters"),
        ("ana", "123456789101112", "too common"),
        ("anaexample123", "anaexample1234", "too similar"),
        ("no spaces please", PASSWORD, "valid username"),
        ("taken", PASSWORD, "already exists"),
    ],
)
def test_a_weak_password_or_a_bad_name_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, password: str, message: str
) -> None:
    User.objects.create_user("taken")
    monkeypatch.setenv("PORTAL_STAFF_PASSWORD", password)
    with pytest.raises(CommandError, match=message):
        call("create_staff", name, "--role", "editor")
    assert User.objects.count() == 1


def test_a_name_taken_at_the_same_moment_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PORTAL_STAFF_PASSWORD", PASSWORD)
    # Simulates a name that was still free when it was checked.
    monkeypatch.setattr(User, "full_clean", lambda user: User.objects.create_user(user.username))
    with pytest.raises(CommandError, match="There is already an account named 'ana'"):
        call("create_staff", "ana", "--role", "editor")
    assert User.objects.count() == 1


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(CommandError, match="invalid choice: 'wizard'"):
        call("create_staff", "ana", "--role", "wizard")


# --- Django's own commands for accounts -----------------------------------------------------------


def test_creating_a_superuser_by_command_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    User.objects.create_user("there-before")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call("createsuperuser", "--noinput", "--username", "boss", "--email", "boss@example.org")
    boss = User.objects.get(username="boss")
    made = AuditEntry.objects.get()
    assert (made.kind, made.by, made.about) == (AuditEntry.Kind.ACCOUNT_CHANGED, None, boss)
    assert made.detail["change"] == "made"
    assert made.detail["is_superuser"] is True


def test_superusers_may_not_have_weaker_passwords_than_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "123456789101112")
    with pytest.raises(CommandError, match="too common"):
        call("createsuperuser", "--noinput", "--username", "boss", "--email", "")
    assert not User.objects.exists()


def test_setting_a_password_by_command_is_recorded_and_ends_sessions(
    client: Client, coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(client, coordinator)
    monkeypatch.setattr("getpass.getpass", lambda prompt: "a quite different battery staple")
    call("changepassword", coordinator.username)
    kept = AuditEntry.objects.order_by("-number")[:2]
    assert {each.kind for each in kept} == {
        AuditEntry.Kind.PASSWORD_CHANGED,
        AuditEntry.Kind.SESSION_ENDED,
    }
    assert {each.about for each in kept} == {coordinator}
    assert not UserSession.objects.exists()
    assert client.get("/admin/").status_code == 302


# --- bench_data -----------------------------------------------------------------------------------


def test_bench_data_tops_up_to_the_requested_numbers() -> None:
    make_article()
    make_inquiry()
    assert call("bench_data", articles=12, inquiries=23).startswith("33 made in ")
    assert Article.objects.published().count() == 12
    assert SearchEntry.objects.count() == 12
    assert Inquiry.objects.count() == 23
    assert call("bench_data", articles=12, inquiries=23).startswith("0 made in ")
    assert call("bench_data", articles=14, inquiries=30).startswith("9 made in ")


def test_bench_requests_cover_all_states_with_realistic_events() -> None:
    call("bench_data", inquiries=40)
    assert not Notice.objects.exists()
    sweep.warn_of_deadlines()
    assert not Notice.objects.exists(), "what is made up wakes nobody"
    made = set(Inquiry.objects.values_list("state", flat=True))
    assert made == set(State) - {State.ERASED}, "of an erased one there is nothing to measure"
    for inquiry in Inquiry.objects.prefetch_related("events"):
        versions = [event.version for event in inquiry.events.all()]
        assert versions == list(range(1, inquiry.version + 1))
        assert parse_reference(inquiry.reference) == inquiry.reference


def bench_made() -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Return the readable content of everything there: requests, decrypted, and articles."""
    inquiries = Inquiry.objects.for_reading().order_by("pk")
    return (
        [(each.reference, each.full_name, each.due_at) for each in inquiries],
        list(Article.objects.order_by("pk").values_list("slug", "title")),
    )


@pytest.mark.django_db(transaction=True)
def test_the_same_number_makes_the_same_request() -> None:
    call("bench_data", articles=3, inquiries=20)
    first = bench_made()
    with without_triggers(), transaction.atomic():
        Event.objects.all().delete()
        Receipt.objects.all().delete()
        Clock.objects.all().delete()
        Inquiry.objects.all().delete()
        filed = Article.categories.through
        for model in (LivePage, SearchEntry, ArticleEvent, filed, Authorship, Article):
            model._default_manager.all()._raw_delete(using="default")
        Approval.objects.all()._raw_delete(using="default")
        Revision.objects.all()._raw_delete(using="default")
    call("bench_data", articles=3, inquiries=20)
    assert bench_made() == first


def test_every_state_has_a_row_in_the_transition_table() -> None:
    assert set(NEXT) == set(State)
    reached = {after for steps in NEXT.values() for after in steps.values()}
    assert reached == set(State), "no state that cannot be reached"


def test_bench_people_are_obviously_made_up() -> None:
    call("bench_data", inquiries=40)
    for inquiry in Inquiry.objects.all():
        assert inquiry.email == "" or inquiry.email.endswith("@example.org")
        assert inquiry.phone == "" or re.fullmatch(r"\(202\) 555-01\d\d", inquiry.phone)
