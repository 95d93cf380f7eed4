"""What a coordinator may do with a colleague's request: log their own contact, or take it over."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from inquiries.ledger.transitions import StepRefused
from inquiries.ledger.verification import verify_ledger
from inquiries.mail import staff_notices
from inquiries.models import Inquiry, Notice
from inquiries.states import NEXT, OWNED, State, Step
from inquiries.triage import steps
from portal.models import Role, User
from tests.factories import make_inquiry, make_staff
from tests.inquiries.triage.queue_pages import QUEUE, step
from tests.inquiries.triage.step_arguments import take

pytestmark = pytest.mark.django_db

#: Steps that anyone who spoke with the sender may log, whoever owns the request.
LOGGED = [Step.CALL, Step.ATTEMPT, Step.CONNECT, Step.NOTE, Step.HANDOVER]
#: Steps that only the owner or a lead may take.
DECIDED = [
    *(Step.RELEASE, Step.REASSIGN, Step.WAIT, Step.WAKE),
    *(Step.REPLY, Step.ACCEPT, Step.CLOSE),
]


def of_colleague(state: State = State.CLAIMED) -> tuple[Inquiry, User]:
    """Make a colleague's request by email that only the sender reads: every step is open."""
    owner = make_staff(Role.COORDINATOR, email="owner@clinic.example")
    return make_inquiry(state, owner=owner, contact_method="email", email="ana@example.org"), owner


def offered(client: Client, inquiry: Inquiry) -> set[Step]:
    page = BeautifulSoup(client.get(f"{QUEUE}{inquiry.pk}/change/").text, "html.parser")
    actions = {str(form["action"]) for form in page.select(".request form")}
    return {each for each in Step if f"{QUEUE}{inquiry.pk}/{each.value}/" in actions}


@pytest.mark.parametrize("logged", LOGGED)
def test_anyone_who_speaks_with_the_sender_can_log_it_and_the_owner_is_told(
    logged: Step, coordinator: User
) -> None:
    """Staff 1: a colleague who takes a callback can log it; the owner stays the same."""
    inquiry, owner = of_colleague()
    changed = take(logged, inquiry, coordinator)
    assert changed.owner == owner, "ownership decides who is reminded"
    event = changed.events.last()
    assert event
    assert event.by == coordinator
    notice = Notice.objects.get(kind=Notice.Kind.LOGGED)
    assert notice.user == owner
    assert staff_notices.is_needed(notice)
    take(logged, changed, owner)
    assert Notice.objects.filter(kind=Notice.Kind.LOGGED).count() == 1, "not of one's own doing"
    assert verify_ledger().faults == []


@pytest.mark.parametrize("decided", DECIDED)
def test_only_the_owner_or_a_lead_decides_on_a_claimed_request(
    decided: Step, coordinator: User, lead: User
) -> None:
    state = State.WAITING if decided is Step.WAKE else State.CLAIMED
    inquiry, owner = of_colleague(state)
    with pytest.raises(StepRefused, match=f"{owner} has claimed this request. Take it over first"):
        take(decided, inquiry, coordinator)
    assert take(decided, inquiry, lead).state == NEXT[state][decided]


@pytest.mark.parametrize("state", OWNED)
def test_a_colleague_can_take_over_a_request_and_the_previous_owner_is_told(
    state: State, coordinator: User
) -> None:
    inquiry, owner = of_colleague(state)
    taken = take(Step.TAKE_OVER, inquiry, coordinator)
    assert (taken.owner, taken.state) == (coordinator, state)
    assert taken.wakes_at == inquiry.wakes_at
    notice = Notice.objects.get(kind=Notice.Kind.TAKEN_OVER)
    assert notice.user == owner
    assert staff_notices.is_needed(notice), "also though they do not own it any more"
    with pytest.raises(StepRefused, match="You have already claimed this request"):
        take(Step.TAKE_OVER, taken, coordinator)
    with pytest.raises(StepRefused, match="Take it over first"):
        take(Step.CLOSE, taken, owner)
    assert verify_ledger().faults == []


def test_the_second_of_two_to_take_over_is_told_who_has_the_request(
    coordinator: User, lead: User
) -> None:
    inquiry, _ = of_colleague()
    steps.take_over(inquiry, version=inquiry.version, by=coordinator)
    with pytest.raises(StepRefused, match=f"{coordinator} has it"):
        steps.take_over(inquiry, version=inquiry.version, by=lead)


@pytest.mark.parametrize("state", [state for state in State if state != State.ERASED])
@pytest.mark.parametrize("who", ["coordinator", "lead", "privacy", "owner"])
def test_steps_that_are_always_refused_are_not_offered(
    state: State, who: str, client: Client
) -> None:
    """Staff 1: five buttons were shown that always answered 409."""
    inquiry, owner = of_colleague(state)
    by = owner if who == "owner" else make_staff(Role(who))
    client.force_login(by)
    shown = offered(client, inquiry)
    assert shown, "the page offers something to everybody"
    for each in shown - {Step.UNLINK_DUPLICATE}:
        fresh, _ = of_colleague(state)
        if who == "owner":
            Inquiry.objects.filter(pk=fresh.pk, owner__isnull=False).update(owner=by)
        take(each, fresh, by)


def test_a_colleague_can_log_a_call_and_take_over_on_the_page(
    client: Client, coordinator: User
) -> None:
    inquiry, owner = of_colleague()
    client.force_login(coordinator)
    page = client.get(f"{QUEUE}{inquiry.pk}/change/").text
    assert "Did you speak with them, or try to?" in page
    assert offered(client, inquiry).isdisjoint(DECIDED)
    fields = {"method": "phone", "reached": "spoke", "identity": "reference", "then": "open"}
    assert step(client, inquiry, "call", **fields).status_code == 302
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.owner) == (State.CONNECTED, owner)
    assert step(client, inquiry, "take_over").status_code == 302
    inquiry.refresh_from_db()
    assert inquiry.owner == coordinator
    assert offered(client, inquiry) >= {Step.CLOSE, Step.WAIT, Step.RELEASE}
