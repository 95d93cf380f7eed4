"""The plan stored with a request is what planning would say now: after any steps, at any time."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from inquiries import private_links
from inquiries.contact import stored_plan
from inquiries.contact.stored_plan import RowPlan
from inquiries.ledger.transitions import StepRefused
from inquiries.ledger.verification import verify_ledger
from inquiries.models import ContactMethod, Inquiry, OpeningHours, ServiceLevel
from inquiries.models.stored_plan import LONG_AGO
from inquiries.outcomes import Outcome
from inquiries.private_page import correspondence
from inquiries.states import AttemptResult, EmergencyHelp, IdentityCheck, State, WaitReason
from inquiries.submission_history import current_submission
from inquiries.triage import queue, steps
from inquiries.triage.rows import COLUMNS, load_rows
from inquiries.worker import jobs
from portal.models import User
from tests.factories import correct, make_inquiry

pytestmark = pytest.mark.django_db

MONDAY_TEN = datetime(2026, 11, 23, 15, tzinfo=UTC)  # 10:00 in New York, where the clinic is


@pytest.fixture(autouse=True)
def monday() -> Iterator[Any]:
    with time_machine.travel(MONDAY_TEN, tick=False) as traveller:
        yield traveller


def shown(plan: RowPlan, now: datetime) -> tuple[Any, ...]:
    """Return what a row shows of a plan at this moment."""
    begins = plan.callable_from if plan.callable_from and plan.callable_from > now else None
    return (
        *(plan.planned_step, plan.planned_way, begins, plan.callable_until),
        *(plan.current_language, plan.current_interpreter, plan.current_relation),
    )


def stored(inquiry: Inquiry) -> RowPlan:
    values = Inquiry.objects.filter(pk=inquiry.pk).values(*RowPlan.__dataclass_fields__).get()
    return RowPlan(**values)


def computed(inquiry: Inquiry, now: datetime) -> RowPlan:
    rows = Inquiry.objects.filter(pk=inquiry.pk).select_related("data_key")
    return stored_plan.plans_for(rows, now)[inquiry.pk]


STEPS: dict[str, Any] = {
    "claim": lambda on, by: steps.claim(on, version=on.version, by=by),
    "release": lambda on, by: steps.release(on, version=on.version, by=by),
    "call": lambda on, by: steps.log_attempt(
        on, method="phone", reached=AttemptResult.NOBODY, version=on.version, by=by
    ),
    "wrong": lambda on, by: steps.log_attempt(
        on, method="phone", reached=AttemptResult.WRONG, version=on.version, by=by
    ),
    "speak": lambda on, by: steps.log_conversation(
        on, method="phone", identity=IdentityCheck.REFERENCE, version=on.version, by=by
    ),
    "danger": lambda on, by: steps.log_handover(
        on, to=EmergencyHelp.SERVICES, version=on.version, by=by
    ),
    "urgent": lambda on, by: steps.set_urgency(on, urgency="urgent", version=on.version, by=by),
    "wait": lambda on, by: steps.set_aside(
        on,
        until=datetime.now(UTC) + timedelta(days=2),
        why=WaitReason.ASKED,
        version=on.version,
        by=by,
    ),
    "wake": lambda on, by: steps.wake(on, version=on.version, by=by),
    "note": lambda on, by: steps.add_note(on, text="A note", version=on.version, by=by),
    "close": lambda on, by: steps.close(on, outcome=Outcome.ANSWERED, version=on.version, by=by),
    "reopen": lambda on, by: steps.reopen(on, version=on.version, by=by),
    "message": lambda on, by: correspondence.write_message(on, text="I can’t breathe"),
    "answered": lambda on, by: correspondence.say_whether_answered(on, answered=False),
    "withdraw": lambda on, by: correspondence.withdraw_inquiry(on),
    "spanish": lambda on, by: correct(on, replace(current_submission(on), language="es")),
    "by email": lambda on, by: correct(
        on, replace(current_submission(on), contact_method="email", email="a@example.org")
    ),
    "link": lambda on, by: private_links.create_link(on),
    "no links": lambda on, by: private_links.revoke_links(on),
}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(taken=[("answered", 0), ("answered", 106)], best_time="", zone="", later=0)
@given(
    taken=st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 60 * 30)), max_size=7),
    best_time=st.sampled_from(["", "morning", "evening"]),
    zone=st.sampled_from(["", "America/Los_Angeles", "Asia/Manila"]),
    later=st.integers(0, 60 * 24 * 4),
)
def test_after_any_steps_the_stored_plan_is_the_computed_one(  # noqa: PLR0917 - Hypothesis names them
    monday: Any,
    coordinator: User,
    taken: list[tuple[str, int]],
    best_time: str,
    zone: str,
    later: int,
) -> None:
    monday.move_to(MONDAY_TEN)
    inquiry = make_inquiry(best_time=best_time, time_zone=zone)
    stored_plan.renew_due()
    now = MONDAY_TEN
    for name, minutes in taken:
        now += timedelta(minutes=minutes)
        monday.move_to(now)
        inquiry.refresh_from_db()
        before = inquiry.chain_length
        try:
            STEPS[name](inquiry, coordinator)
        except StepRefused:
            continue
        if Inquiry.objects.values_list("chain_length", flat=True).get(pk=inquiry.pk) == before:
            continue  # nothing new was said, so nothing was recorded
        assert shown(stored(inquiry), now) == shown(computed(inquiry, now), now), name
    now += timedelta(minutes=later)
    monday.move_to(now)
    plan = stored(inquiry)
    if plan.replan_at is None or plan.replan_at >= now:
        assert shown(plan, now) == shown(computed(inquiry, now), now), "time alone changed nothing"
    stored_plan.renew_due()
    assert shown(stored(inquiry), now) == shown(computed(inquiry, now), now)


def test_a_new_request_is_planned_by_the_worker_and_right_on_the_page_before() -> None:
    inquiry = make_inquiry(language="es", interpreter=True, relation="someone_else")
    before = stored(inquiry)
    assert (before.planned_step, before.planned_way, before.replan_at) == (
        "claim",
        "phone",
        LONG_AGO,
    )
    (row,) = load_rows(Inquiry.objects.all().as_rows(COLUMNS), MONDAY_TEN)
    jobs.JOBS["plans"].do()
    assert stored(inquiry) == row.plan
    assert row.plan.callable_until == datetime(2026, 11, 23, 17, tzinfo=UTC)
    assert row.is_callable(MONDAY_TEN)
    assert (row.plan.current_language, row.plan.current_interpreter) == ("es", True)


def test_a_plan_past_its_time_is_made_again_on_the_page_and_by_the_worker(
    monday: Any, coordinator: User, client: Client
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    noon = stored(inquiry).callable_until
    assert noon
    monday.move_to(noon + timedelta(hours=6))
    client.force_login(coordinator)
    assert "Call from Tuesday, November 24, 9 a.m." in client.get("/admin/inquiries/inquiry/").text
    assert stored(inquiry).callable_until == noon, "a page stores nothing"
    jobs.JOBS["plans"].do()
    assert stored(inquiry).callable_from == datetime(2026, 11, 24, 14, tzinfo=UTC)


def test_a_changed_calendar_plans_open_requests_again(coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    jobs.JOBS["plans"].do()
    calendar = ServiceLevel.objects.select_related("calendar").get(urgency="routine").calendar
    OpeningHours.objects.filter(calendar=calendar).delete()
    for weekday in range(5):
        OpeningHours.objects.create(
            calendar=calendar, weekday=weekday, opens=time(14), closes=time(17)
        )
    jobs.JOBS["plans"].do()
    assert stored(inquiry).callable_from == datetime(2026, 11, 23, 19, tzinfo=UTC)


def test_renewing_a_plan_leaves_the_ledger_whole(coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    Inquiry.objects.update(replan_at=LONG_AGO, planned_step="close_or_wait", planned_way="")
    assert stored_plan.renew_due() == 1
    assert stored(inquiry).planned_step == "call"
    assert verify_ledger().faults == []


def test_a_verb_is_quicker_than_the_worker(
    coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    Inquiry.objects.update(replan_at=LONG_AGO)
    plan = stored_plan.plans_for

    def call_meanwhile(rows: Any, now: datetime) -> Any:
        made = plan(rows, now)
        monkeypatch.setattr(stored_plan, "plans_for", plan)
        steps.log_attempt(
            inquiry,
            method=ContactMethod.PHONE,
            reached=AttemptResult.WRONG,
            version=inquiry.version,
            by=coordinator,
        )
        return made

    monkeypatch.setattr(stored_plan, "plans_for", call_meanwhile)
    stored_plan.renew_due()
    assert stored(inquiry).planned_step == "ask_how"


def test_a_plan_that_fails_does_not_undo_the_step(
    coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    inquiry = make_inquiry()

    def fail(*args: Any, **more: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(stored_plan, "plan_row", fail)
        steps.claim(inquiry, version=inquiry.version, by=coordinator)
    inquiry.refresh_from_db()
    assert (inquiry.owner, inquiry.replan_at) == (coordinator, LONG_AGO)
    stored_plan.renew_due()
    assert stored(inquiry).planned_step == "call"


def test_stored_plans_hold_codes_and_times_only() -> None:
    make_inquiry(State.CLAIMED, full_name="Xanthippe Example", message="lupus")
    values = asdict(stored(Inquiry.objects.get())).values()
    words = " ".join(str(value) for value in values if isinstance(value, str))
    assert set(words.split()) <= {"call", "phone", "en", "self"}


def test_erased_requests_have_no_plan() -> None:
    assert stored(make_inquiry(State.ERASED)) == RowPlan()


def test_views_find_rows_by_their_stored_plan(coordinator: User) -> None:
    assert queue.VIEWS["open"].page(coordinator, "").rows == []


def test_a_step_fails_with_the_database_that_its_plan_is_read_from(
    coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    inquiry = make_inquiry()

    def fail(*args: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(stored_plan, "plans_for", fail)
    with pytest.raises(DatabaseError):
        steps.claim(inquiry, version=inquiry.version, by=coordinator)
    assert Inquiry.objects.get().state == State.NEW
