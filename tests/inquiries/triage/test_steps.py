"""What coordinators may do with a request, when, and what happens when two do it at once."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, transaction

from inquiries import private_links
from inquiries.ledger import transitions
from inquiries.ledger.transitions import StepRefused
from inquiries.ledger.verification import verify_ledger
from inquiries.models import Event, Inquiry, Note
from inquiries.outcomes import Outcome
from inquiries.state_diagram import diagram
from inquiries.states import (
    NEXT,
    OWNED,
    SpamSignal,
    State,
    Step,
)
from inquiries.triage import duplicates, steps
from portal.models import Role, User
from tests.concurrency import together
from tests.factories import FIRST, again, make_inquiry, make_referral, make_staff, make_task
from tests.inquiries.triage.step_arguments import take

pytestmark = pytest.mark.django_db


def make_reachable(state: State, owner: User | None = None) -> Inquiry:
    """Make a request by email that only the sender reads, so that every step is open."""
    return make_inquiry(state, owner=owner, contact_method="email", email="ana@example.org")


def apt(step: Step, inquiry: Inquiry) -> Inquiry:
    """Return a request that the step fits: linked before an unlink, suspect before a discard."""
    if step in {Step.SETTLE_TASK, Step.GIVE_TASK, Step.ASK_REFERRAL}:
        if step is Step.ASK_REFERRAL:
            make_referral(inquiry)
        else:
            make_task(inquiry)
        inquiry.refresh_from_db()
        return inquiry
    if step in transitions.SUSPECT_STEPS and inquiry.state == State.NEW:
        return make_inquiry(message="I have chest pain.", signals=frozenset({SpamSignal.FLOOD}))
    if step is not Step.UNLINK_DUPLICATE:
        return inquiry
    if inquiry.state != State.CLOSED:
        return make_linked_before(inquiry)
    lead, first = make_staff(Role.LEAD), make_inquiry()
    again = make_inquiry()
    return duplicates.link_duplicate(again, of=first, version=again.version, by=lead)


def make_linked_before(inquiry: Inquiry) -> Inquiry:
    """Return an open request with a link that it kept when it was reopened."""
    lead, owner, state = make_staff(Role.LEAD), inquiry.owner, inquiry.state
    linked = duplicates.link_duplicate(inquiry, of=make_inquiry(), version=inquiry.version, by=lead)
    linked = steps.reopen(linked, version=linked.version, by=lead)
    if state == State.NEW:
        return linked
    assert owner
    linked = steps.claim(linked, version=linked.version, by=owner)
    step = {State.CONNECTED: Step.CONNECT, State.WAITING: Step.WAIT}.get(State(state))
    return take(step, linked, owner) if step else linked


def may(step: Step, role: Role | str) -> bool:
    """This is written out again here, so that a mistake in `access` is noticed."""
    if step is Step.ERASE:
        return role == Role.PRIVACY
    return role in {Role.COORDINATOR, Role.LEAD}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_every_step_is_tried_from_every_state(
    state: State, step: Step, coordinator: User, lead: User, privacy: User
) -> None:
    by = {Step.ERASE: privacy, Step.REASSIGN: lead, Step.TAKE_OVER: lead}.get(step, coordinator)
    inquiry = make_reachable(state, owner=coordinator)
    if step in NEXT[state]:
        inquiry = apt(step, inquiry)
    events = inquiry.events.count()
    if step in NEXT[state]:
        changed = take(step, inquiry, by)
        assert changed.state == NEXT[state][step]
        # Whoever calls first claims it in the same go.
        more = 2 if (step, state) == (Step.CALL, State.NEW) else 1
        assert changed.version == inquiry.version + more
        event = changed.events.last()
        assert event
        assert (event.by, event.version) == (by, changed.version)
        assert changed.events.count() == events + more
        assert event.kind == step.effect.writes
    else:
        with pytest.raises(StepRefused, match=f"“{step.label}” is not possible"):
            take(step, inquiry, by)
        assert inquiry.events.count() == events
    stored = Inquiry.objects.get(pk=inquiry.pk)
    assert (stored.state in OWNED) <= (stored.owner is not None)
    assert (stored.state == State.WAITING) == (stored.wakes_at is not None)
    assert (stored.state == State.CLOSED) <= (stored.closed_at is not None)
    assert (stored.state == State.ERASED) == (stored.erased_at is not None)
    assert verify_ledger().faults == [], "who recounts knows where the step leads"


def test_the_diagram_in_the_docs_matches_the_table() -> None:
    assert diagram() in (settings.BASE_DIR / "docs/states.md").read_text(), (
        "put into docs/states.md what inquiries.state_diagram.diagram() gives"
    )


@pytest.mark.parametrize("role", ["", *Role])
@pytest.mark.parametrize("step", Step)
def test_only_the_roles_responsible_for_a_step_can_take_it(step: Step, role: Role) -> None:
    state = next(state for state in State if step in NEXT[state])
    inquiry = apt(step, make_reachable(state))
    by = make_staff(role)
    if step is not Step.TAKE_OVER:  # they have claimed the request, so only the role decides
        Inquiry.objects.filter(owner__isnull=False).update(owner=by)
    if step is Step.REASSIGN and role == Role.COORDINATOR:
        with pytest.raises(StepRefused, match="No one has claimed this request"):
            take(step, inquiry, by)
    elif may(step, role):
        assert take(step, inquiry, by).state == NEXT[state][step]
    else:
        with pytest.raises(StepRefused, match="Your role does not include this step"):
            take(step, inquiry, by)
        inquiry.refresh_from_db()
        assert inquiry.version == inquiry.events.count(), "nothing changed"


@pytest.mark.parametrize("step", Step)
def test_a_superuser_can_take_every_step_by_the_same_rules(step: Step) -> None:
    inquiry = apt(step, make_reachable(next(state for state in State if step in NEXT[state])))
    by = make_staff(is_superuser=True)
    assert take(step, inquiry, by).events.last().by == by  # type: ignore[union-attr]
    if step is Step.CALL:  # the same form sent again
        assert take(step, inquiry, by).events.filter(kind="attempted").count() == 1
        return
    with pytest.raises(StepRefused, match="changed after you opened it"):
        take(step, inquiry, by)


def test_closing_records_the_outcome_and_reopening_starts_over(coordinator: User) -> None:
    closed = take(Step.CLOSE, make_inquiry(State.CLAIMED, owner=coordinator), coordinator)
    assert closed.outcome == Outcome.REFERRED
    assert closed.owner == coordinator, "who closed it stays known"
    event = closed.events.last()
    assert event
    assert event.detail == {"outcome": Outcome.REFERRED}
    reopened = take(Step.REOPEN, closed, coordinator)
    assert (reopened.owner, reopened.outcome, reopened.closed_at) == (None, "", None)
    assert reopened.due_at >= closed.due_at


def test_no_one_can_write_to_a_sender_who_cannot_read_it(coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator, email="ana@example.org")
    for step in (Step.REPLY, Step.LINK):
        with pytest.raises(StepRefused, match=r"Call them instead|We can’t email a link"):
            take(step, inquiry, coordinator)
    inquiry.refresh_from_db()
    assert inquiry.answered_at is None, "it is still our turn"
    private_links.create_link(inquiry)
    assert take(Step.REPLY, inquiry, coordinator).answered_at


def test_a_sender_who_lost_their_link_is_mailed_a_new_one(coordinator: User) -> None:
    inquiry = make_reachable(State.CLAIMED, coordinator)
    take(Step.LINK, inquiry, coordinator)
    kinds = inquiry.deliveries.values_list("kind", flat=True)
    assert set(kinds) == {"acknowledgement", "link"}
    private_links.revoke_links(inquiry)
    inquiry.refresh_from_db()
    with pytest.raises(StepRefused, match="turned off their links"):
        take(Step.LINK, inquiry, coordinator)


@pytest.mark.parametrize("state", [State.QUARANTINED, State.CLOSED])
def test_urgent_requests_stay_urgent_when_cleared_or_reopened(
    state: State, coordinator: User
) -> None:
    at = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("America/New_York"))
    with time_machine.travel(at, tick=False):
        inquiry = make_inquiry(state, owner=coordinator, message="I want to die.")
        step = Step.CLEAR if state == State.QUARANTINED else Step.REOPEN
        assert take(step, inquiry, coordinator).due_at == at.replace(hour=11)


def test_a_note_is_kept_with_its_event(coordinator: User) -> None:
    inquiry = take(Step.NOTE, make_inquiry(), coordinator)
    note = Note.objects.get()
    assert note.text == "Call after five."
    assert (note.event.inquiry, note.event.by) == (inquiry, coordinator)


def test_a_stale_page_cannot_undo_a_later_claim(coordinator: User, lead: User) -> None:
    inquiry = make_inquiry()
    opened_at = inquiry.version
    take(Step.CLAIM, inquiry, coordinator)
    for step in (Step.CLAIM, Step.NOTE, Step.RELEASE, Step.CLOSE):
        with pytest.raises(StepRefused, match=f"Claimed by {coordinator}. {coordinator} has it"):
            take(step, inquiry, lead, version=opened_at)
    inquiry.refresh_from_db()
    assert inquiry.owner == coordinator


def test_a_stale_page_says_what_changed_meanwhile(coordinator: User) -> None:
    inquiry = make_inquiry(key="one-form-on-one-screen", sender=FIRST)
    make_inquiry(
        key="one-form-on-one-screen", sender=again(), message="I moved. Please write instead."
    )
    with pytest.raises(StepRefused, match=r"Request changed by the sender\. No one has"):
        take(Step.CLAIM, inquiry, coordinator)
    claimed = make_inquiry(State.CLAIMED, owner=coordinator)
    with pytest.raises(StepRefused, match=r"by you, in another window\. You have claimed it"):
        take(Step.CLOSE, claimed, coordinator, version=1)
    closed = make_inquiry(State.CLOSED, owner=coordinator)
    with pytest.raises(StepRefused, match=r"It is closed \(Answered\)"):
        take(Step.NOTE, closed, coordinator, version=1)


@pytest.mark.django_db(transaction=True)
def test_when_eight_claim_at_once_one_wins_and_the_others_are_told_who() -> None:
    inquiry = make_inquiry()
    staff = [make_staff(Role.COORDINATOR) for _ in range(8)]

    def claim(number: int) -> str:
        try:
            steps.claim(inquiry, version=inquiry.version, by=staff[number])
        except StepRefused as refusal:
            return str(refusal)
        return "won"

    answers = together(8, claim)
    assert answers.count("won") == 1
    winner = staff[answers.index("won")]
    assert all(f"{winner} has it." in answer for answer in answers if answer != "won")
    inquiry.refresh_from_db()
    assert inquiry.owner == winner
    assert inquiry.events.filter(kind=Event.Kind.CLAIMED).count() == 1


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        (State.NEW, {"state": "lost"}),
        (State.NEW, {"state": State.CLAIMED}),
        (State.NEW, {"state": State.CLOSED}),
        (State.CLAIMED, {"owner": None}),
        (State.CLOSED, {"outcome": "forgotten"}),
        (State.CLOSED, {"closed_at": None}),
        (State.NEW, {"message": b""}),
        (State.NEW, {"phone": b"", "email": b""}),
        (State.NEW, {"erased_at": "2026-11-23T12:00Z"}),
        (State.ERASED, {"erased_at": None}),
        (State.ERASED, {"message": b"something"}),
        (State.ERASED, {"key_digest": "of the form"}),
    ],
)
def test_the_database_itself_refuses_impossible_values(
    state: State, fields: dict[str, object]
) -> None:
    inquiry = make_inquiry(state)
    with pytest.raises(IntegrityError), transaction.atomic():
        Inquiry.objects.filter(pk=inquiry.pk).update(**fields)


def test_a_user_with_requests_cannot_be_deleted(coordinator: User) -> None:
    make_inquiry(State.CLAIMED, owner=coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        coordinator.delete()
