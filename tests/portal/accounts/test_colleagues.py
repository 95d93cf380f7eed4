"""Leads manage coordinators' accounts: on record, told to the account, and nobody else's."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.test import Client

from inquiries.ledger.verification import verify_ledger
from inquiries.models import AuditEntry, Event, Notice
from inquiries.states import State
from inquiries.triage import sweep
from portal.accounts import colleagues
from portal.accounts.colleagues import ActRefused
from portal.models import Role, User
from tests.concurrency import together
from tests.factories import make_inquiry, make_staff
from tests.factories.portal import PASSWORD
from tests.inquiries.mail.notices import send_all
from tests.portal.accounts.devices import App, sign_in

pytestmark = pytest.mark.django_db

ACCOUNTS = "/admin/portal/accounts/"
ACTS = ("deactivate", "reactivate", "reset-factor", "reset-password")
NEW = {
    "first_name": "Ana",
    "last_name": "Ruiz",
    "username": "ana.ruiz",
    "email": "ana.ruiz@clinic.example",
}
NEW_PASSWORD = "a quite different battery staple"
Kind = AuditEntry.Kind


@pytest.fixture(autouse=True)
def _mail_is_set(settings: Any) -> None:
    settings.EMAIL_IS_SET = True


@pytest.fixture
def leading(client: Client, lead: User) -> Client:
    client.force_login(lead)
    return client


@pytest.fixture
def colleague() -> User:
    return make_staff(Role.COORDINATOR, email="kim@clinic.example")


def page_of(account: User) -> str:
    return f"{ACCOUNTS}{account.pk}/"


def state_of(account: User) -> list[Any]:
    account = User.objects.get(pk=account.pk)
    factors = Authenticator.objects.filter(user=account).count()
    named = (account.role, account.is_active, account.is_staff, account.is_superuser)
    return [*named, account.password, account.email, factors]


def link_in(kind: str) -> str:
    (mail,) = send_all()
    assert mail.subject == kind
    found = re.search(r"https?://[^/\s]+(/accounts/password/set/\S+)", str(mail.body))
    assert found
    return found[1]


# --- What leads do --------------------------------------------------------------------------------


def test_a_new_coordinator_sets_a_password_by_a_link_that_works_once(
    leading: Client, lead: User
) -> None:
    assert leading.post(f"{ACCOUNTS}add/", NEW | {"role": "lead"}).status_code == 302
    made = User.objects.get(username="ana.ruiz")
    assert (made.role, made.is_staff, made.is_superuser) == (Role.COORDINATOR, True, False)
    assert not made.has_usable_password()
    entry = AuditEntry.objects.get(kind=Kind.ACCOUNT_CHANGED)
    assert (entry.by, entry.about, entry.detail["change"]) == (lead, made, "made")
    link = link_in("You have a new staff account. Set your password")
    visitor = Client()
    opened = visitor.get(link, follow=True)
    assert link not in opened.redirect_chain[-1][0], "the token leaves the address"
    assert "ana.ruiz" in opened.text
    address = opened.redirect_chain[-1][0]
    weak = visitor.post(address, dict.fromkeys(("new_password1", "new_password2"), "password1234"))
    assert weak.status_code == 422
    typed = dict.fromkeys(("new_password1", "new_password2"), NEW_PASSWORD)
    assert visitor.post(address, typed)["Location"] == "/accounts/login/"
    made.refresh_from_db()
    assert made.check_password(NEW_PASSWORD)
    by_link = AuditEntry.objects.get(kind=Kind.PASSWORD_CHANGED)
    assert (by_link.by, by_link.detail) == (made, {"method": "link"})
    again = Client().get(link, follow=True)
    assert again.status_code == 410
    assert "This link doesn’t work anymore" in again.text
    assert verify_ledger().faults == []


def test_a_reset_password_stops_working_and_ends_sessions(
    leading: Client, lead: User, coordinator: User, app: App
) -> None:
    User.objects.filter(pk=coordinator.pk).update(email="kim@clinic.example")
    colleague, at_work = coordinator, Client()
    sign_in(at_work, colleague, app)
    assert leading.post(f"{page_of(colleague)}reset-password/").status_code == 302
    colleague.refresh_from_db()
    assert not colleague.check_password(PASSWORD)
    assert not UserSession.objects.filter(user=colleague).exists()
    assert at_work.get("/admin/inquiries/inquiry/").status_code == 302
    entry = AuditEntry.objects.get(kind=Kind.PASSWORD_CHANGED)
    assert (entry.by, entry.about, entry.detail) == (lead, colleague, {"change": "reset"})
    first = link_in("Your password was reset. Set a new one")
    leading.post(f"{page_of(colleague)}reset-password/")
    assert Client().get(first, follow=True).status_code == 410, "a newer link ends the older one"


def test_a_lost_phone_is_reset_on_record_and_told(
    leading: Client, lead: User, coordinator: User, app: App
) -> None:
    User.objects.filter(pk=coordinator.pk).update(email="kim@clinic.example")
    at_work = Client()
    sign_in(at_work, coordinator, app)
    leading.post(f"{page_of(coordinator)}reset-factor/")
    assert not Authenticator.objects.filter(user=coordinator).exists()
    assert not UserSession.objects.filter(user=coordinator).exists()
    entry = AuditEntry.objects.filter(kind=Kind.FACTOR_CHANGED, detail__change="reset").get()
    assert (entry.by, entry.about) == (lead, coordinator)
    (mail,) = send_all()
    assert mail.to == ["kim@clinic.example"]
    assert "If you didn’t expect this" in str(mail.body)


def test_a_deactivated_colleague_is_out_and_their_requests_return(
    leading: Client, lead: User, colleague: User
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=colleague)
    assert "The 1 open request they have" in " ".join(leading.get(page_of(colleague)).text.split())
    for _ in range(2):
        leading.post(f"{page_of(colleague)}deactivate/")
    entry = AuditEntry.objects.get(kind=Kind.ACCOUNT_CHANGED)
    assert (entry.by, entry.detail) == (lead, {"is_active": [True, False]}), "once"
    assert [each.subject for each in send_all()] == ["Your staff account was deactivated"]
    sweep.release_orphaned()
    released = inquiry.events.latest("number")
    assert (released.kind, released.detail) == (Event.Kind.RELEASED, {"why": "inactive"})
    answer = leading.post(f"{page_of(colleague)}reset-password/")
    assert answer.status_code == 409
    assert "Reactivate it first." in answer.text
    leading.post(f"{page_of(colleague)}reactivate/")
    assert User.objects.get(pk=colleague.pk).is_active


def test_a_password_is_not_ended_where_no_link_can_go(leading: Client) -> None:
    nobody = make_staff(Role.COORDINATOR)
    before = state_of(nobody)
    answer = leading.post(f"{page_of(nobody)}reset-password/")
    assert answer.status_code == 409
    assert "has no email address" in answer.text
    assert state_of(nobody) == before


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"username": "KIM"}, "There is already an account with this user name"),
        ({"email": "Kim@clinic.example"}, "There is already an account with this email address"),
        ({"email": "kim"}, "Enter an email address like name@example.com"),
        ({"username": "a b"}, "Enter a valid username"),
        ({"first_name": " \u200b"}, "Enter a first name"),
        ({"last_name": "x" * 151}, "at most 150 characters"),
    ],
)
def test_bad_input_is_reported_and_kept(leading: Client, typed: dict[str, str], said: str) -> None:
    make_staff(Role.COORDINATOR, username="kim", email="kim@clinic.example")
    before = User.objects.count()
    answer = leading.post(f"{ACCOUNTS}add/", NEW | typed)
    assert answer.status_code == 422
    assert said in answer.text
    kept = NEW | typed
    assert f'value="{kept["username"]}"' in answer.text
    assert User.objects.count() == before


# --- What an attacker tries -----------------------------------------------------------------------


def others() -> dict[str, User]:
    return {
        "a lead": make_staff(Role.LEAD, email="l@clinic.example"),
        "an officer": make_staff(Role.PRIVACY, email="p@clinic.example"),
        "an editor": make_staff(Role.EDITOR, email="e@clinic.example"),
        "a reviewer": make_staff(Role.REVIEWER, email="r@clinic.example"),
        "a superuser": make_staff(Role.COORDINATOR, is_superuser=True, email="s@clinic.example"),
        "nobody": make_staff(email="n@clinic.example"),
        "no staff": make_staff(Role.COORDINATOR, is_staff=False, email="x@clinic.example"),
    }


def test_leads_cannot_touch_any_other_account_or_their_own(leading: Client, lead: User) -> None:
    listed = leading.get(ACCOUNTS).text
    for name, account in (others() | {"themselves": lead}).items():
        before, entries = state_of(account), AuditEntry.objects.count()
        assert page_of(account) not in listed, name
        assert leading.get(page_of(account)).status_code == 404, name
        for act in ACTS:
            assert leading.post(f"{page_of(account)}{act}/").status_code == 404, (name, act)
        for verb in (
            *(colleagues.deactivate, colleagues.reactivate),
            *(colleagues.reset_factor, colleagues.reset_password),
        ):
            with pytest.raises(PermissionDenied):
                verb(account, by=lead)
        assert (state_of(account), AuditEntry.objects.count()) == (before, entries), name
    assert not Notice.objects.exists()


@pytest.mark.parametrize("role", [*(each for each in Role if each != Role.LEAD), ""])
def test_nobody_but_leads_manages_accounts(client: Client, colleague: User, role: str) -> None:
    user = make_staff(role, email="me@clinic.example")
    client.force_login(user)
    before = state_of(colleague)
    assert client.get(ACCOUNTS).status_code == 403
    assert client.post(f"{ACCOUNTS}add/", NEW).status_code == 403
    for target in (colleague, user):
        for act in ACTS:
            assert client.post(f"{page_of(target)}{act}/").status_code == 404
    with pytest.raises(PermissionDenied):
        colleagues.make_account(User(**NEW), by=user)
    assert not colleagues.managed_accounts(user).exists()
    assert state_of(colleague) == before
    assert not User.objects.filter(username="ana.ruiz").exists()


def test_forged_forms_and_unknown_acts_do_nothing(lead: User, colleague: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(lead)
    before = state_of(colleague)
    assert strict.post(f"{page_of(colleague)}deactivate/").status_code == 403
    assert strict.post(f"{ACCOUNTS}add/", NEW).status_code == 403
    loose = Client()
    loose.force_login(lead)
    assert loose.post(f"{page_of(colleague)}promote/", {"role": "lead"}).status_code == 404
    assert loose.get(f"{page_of(colleague)}deactivate/").status_code == 302
    assert state_of(colleague) == before


def test_an_act_on_an_account_that_was_promoted_meanwhile_is_refused(
    lead: User, colleague: User
) -> None:
    stale = User.objects.get(pk=colleague.pk)
    User.objects.filter(pk=colleague.pk).update(role=Role.LEAD)
    before = state_of(colleague)
    with pytest.raises(PermissionDenied):
        colleagues.reset_factor(stale, by=lead)
    assert state_of(colleague) == before


def test_a_lead_who_was_demoted_meanwhile_is_refused(lead: User, colleague: User) -> None:
    User.objects.filter(pk=lead.pk).update(role=Role.COORDINATOR)
    with pytest.raises(PermissionDenied):
        colleagues.deactivate(colleague, by=lead)
    with pytest.raises(PermissionDenied):
        colleagues.make_account(User(**NEW), by=lead)


def test_a_link_is_no_way_into_a_deactivated_account(leading: Client, colleague: User) -> None:
    leading.post(f"{page_of(colleague)}reset-password/")
    link = link_in("Your password was reset. Set a new one")
    leading.post(f"{page_of(colleague)}deactivate/")
    assert Client().get(link, follow=True).status_code == 410


def test_no_link_is_mailed_after_the_account_was_deactivated(
    leading: Client, colleague: User
) -> None:
    leading.post(f"{page_of(colleague)}reset-password/")
    leading.post(f"{page_of(colleague)}deactivate/")
    (mail,) = send_all()
    assert "/accounts/password/set/" not in str(mail.body)
    assert mail.subject == "Your staff account was deactivated"


@pytest.mark.django_db(transaction=True)
def test_two_leads_at_once_deactivate_once(colleague: User) -> None:
    leads = [make_staff(Role.LEAD) for _ in range(2)]
    together(2, lambda number: colleagues.deactivate(colleague, by=leads[number]))
    assert AuditEntry.objects.filter(kind=Kind.ACCOUNT_CHANGED).count() == 1
    assert verify_ledger().faults == []


def test_an_account_without_an_address_is_refused_by_the_verb_too(lead: User) -> None:
    with pytest.raises(ActRefused):
        colleagues.reset_password(make_staff(Role.COORDINATOR), by=lead)


def test_no_password_is_ended_where_email_is_not_set_up(
    leading: Client, colleague: User, settings: Any
) -> None:
    settings.EMAIL_IS_SET = False
    before = state_of(colleague)
    answer = leading.post(f"{page_of(colleague)}reset-password/")
    assert answer.status_code == 409
    assert "Email isn’t set up here" in answer.text
    assert state_of(colleague) == before
