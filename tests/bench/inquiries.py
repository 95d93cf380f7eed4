"""Requests for benchmarks, each made from its number: the same number gives the same request.

They are bulk inserted, because the verbs take one at a time; every request has the events that the
verbs would have written. The people are obviously made up.
"""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.utils import timezone

from articles.models import Article, Category
from inquiries.contact import stored_plan
from inquiries.deadlines import warning_times
from inquiries.deadlines.service_levels import level_for
from inquiries.intake.consent import CURRENT_CONSENT_VERSION
from inquiries.keyring import Purpose, purpose_key
from inquiries.ledger import bindings
from inquiries.models import (
    Clock,
    ContactMethod,
    DataKey,
    Event,
    IndexEntry,
    Inquiry,
    Language,
    Receipt,
    Relation,
    Voicemail,
)
from inquiries.outcomes import VOID_OUTCOMES, Outcome
from inquiries.reference import reference_for
from inquiries.search.lookup import index_digests
from inquiries.states import SpamSignal, State, Urgency, WaitReason
from inquiries.submission import Submission
from tests.bench import bulk

# The time from a request's arrival to its last event, and until a waiting one wakes.
_A_WHILE = timedelta(hours=5)
_LONG = timedelta(days=3650)
_UNOWNED = {State.QUARANTINED, State.NEW}
_NAMESPACE = uuid.UUID("0b6a4a0e-3c0f-4a52-8d0e-6f1f2f8f9b21")
_FIRST_AT = datetime(2026, 1, 1, tzinfo=UTC)
_FIRST_NAMES = ("Ana", "Ben", "Chloe", "Dev", "Elif", "Femi", "Gita", "Hugo", "Ines", "Jun", "Kai")
_LAST_NAMES = ("Example", "Sample", "Testcase", "Placeholder", "Specimen", "Demo", "Mockup")
_MESSAGES = (
    "I read your article and would like to understand what it means for me.",
    "My doctor mentioned a study. Which questions should I ask before I join?",
    "My sister has lupus nephritis. Could someone talk with us about her choices?",
    "I am worried about side effects and would like to talk with a person.",
    "Is there anyone who can explain my test results in Spanish?",
)
# No outcome is “unreachable”: these requests have no attempts, so nobody could close them that way.
_OUTCOMES = [outcome for outcome in Outcome if outcome != Outcome.UNREACHABLE]
# Of twenty requests, twelve are closed, two new, two claimed, one connected, one waiting, two
# quarantined.
_STATES = (
    State.CLOSED, State.NEW, State.CLOSED, State.CLAIMED, State.CLOSED,
    State.CLOSED, State.QUARANTINED, State.CLOSED, State.CONNECTED, State.CLOSED,
    State.CLOSED, State.NEW, State.CLOSED, State.CLAIMED, State.CLOSED,
    State.CLOSED, State.QUARANTINED, State.CLOSED, State.WAITING, State.CLOSED,
)  # fmt: skip


@transaction.atomic
def write(numbers: range, owners: Sequence[UUID]) -> int:
    """Make the missing requests, and return how many. `owners`: keys of accounts."""
    keys = {_key(number): number for number in numbers}
    there = {keys[pk] for pk in Inquiry.objects.filter(pk__in=keys).values_list("pk", flat=True)}
    articles = [*Article.objects.published().values_list("pk", flat=True)[:100]]
    topics = [*Category.objects.values_list("pk", flat=True)]
    made = [_inquiry(number, owners, articles, topics) for number in numbers if number not in there]
    if made:
        _write(made)
    return len(made)


def next_number() -> int:
    """Find the number after the last one: by doubling, then bisecting, on the primary key."""
    there, beyond = 0, 1
    while Inquiry.objects.filter(pk=_key(beyond)).exists():
        there, beyond = beyond, beyond * 2
    while beyond - there > 1:
        middle = (there + beyond) // 2
        if Inquiry.objects.filter(pk=_key(middle)).exists():
            there = middle
        else:
            beyond = middle
    return beyond


def _key(number: int) -> uuid.UUID:
    return uuid.uuid5(_NAMESPACE, str(number))


def _write(inquiries: list[Inquiry]) -> None:
    key = purpose_key(Purpose.CHAIN)
    data_keys = [DataKey.new_for(inquiry) for inquiry in inquiries]
    entries = [index_digests(inquiry) for inquiry in inquiries]
    clocks = [_clocks(inquiry) for inquiry in inquiries]
    running = [clock for each in clocks for clock in each]
    # The events refer to these ids.
    for clock, pk in zip(running, bulk.reserve_ids(Clock, len(running)), strict=True):
        clock.pk = pk
    events = [
        event
        for inquiry, own_clocks, digests in zip(inquiries, clocks, entries, strict=True)
        for event in _events(inquiry, key, own_clocks, digests)
    ]
    receipts = [_receipt(inquiry, key) for inquiry in inquiries]
    for rows in (inquiries, data_keys, running, events, receipts):
        bulk.insert(rows)
    id_of = Inquiry._meta.pk.get_db_prep_value
    connection = connections[DEFAULT_DB_ALIAS]
    bulk.write(
        IndexEntry._meta.db_table,
        ["inquiry_id", "digest"],
        (
            (pk, digest)
            for inquiry, digests in zip(inquiries, entries, strict=True)
            for pk in [id_of(inquiry.pk, connection)]
            for digest in digests
        ),
    )


def _inquiry(
    number: int, owners: Sequence[UUID], articles: list[UUID], topics: list[UUID]
) -> Inquiry:
    by_email = number % 3 == 0
    submission = Submission(
        relation=Relation.SOMEONE_ELSE if number % 4 == 0 else Relation.SELF,
        full_name=(
            f"{_FIRST_NAMES[number % len(_FIRST_NAMES)]} {_LAST_NAMES[number % len(_LAST_NAMES)]}"
        ),
        contact_method=ContactMethod.EMAIL if by_email else ContactMethod.PHONE,
        phone="" if by_email else f"(202) 555-{100 + number % 100:04}",
        phone_e164="" if by_email else f"+1202555{100 + number % 100:04}",
        email=f"person{number}@example.org" if by_email else "",
        voicemail=Voicemail.CALLBACK_ONLY,
        language=Language.SPANISH if number % 5 == 0 else Language.ENGLISH,
        message=_MESSAGES[number % len(_MESSAGES)],
        consent_version=CURRENT_CONSENT_VERSION,
    )
    key = f"bench:{number}"
    state = _STATES[number % len(_STATES)]
    received_at = _FIRST_AT + timedelta(minutes=number)
    is_closed = state == State.CLOSED
    inquiry = Inquiry(
        **submission.inquiry_fields(),
        id=_key(number),
        reference=reference_for(key),
        key_digest=hashlib.sha256(key.encode()).hexdigest(),
        content_digest=submission.digest(),
        state=state,
        owner_id=None if state in _UNOWNED else owners[number // 10 % len(owners)],
        outcome=_OUTCOMES[number % len(_OUTCOMES)] if is_closed else "",
        suspicion=SpamSignal.TRAP if state == State.QUARANTINED else "",
        version=1 if state in _UNOWNED else 2 if state == State.CLAIMED else 3,
        answered_at=received_at + _A_WHILE if state == State.CONNECTED else None,
        wakes_at=received_at + _LONG if state == State.WAITING else None,
        received_at=received_at,
        due_at=_due(_owed(state), received_at),
        closed_at=received_at + _A_WHILE if is_closed else None,
        article_id=articles[number % len(articles)] if articles else None,
        topic_id=topics[number // 10 % len(topics)] if topics else None,
    )
    inquiry.plan_as_received()
    for name, value in _plan(inquiry.state, inquiry.contact_method).items():
        setattr(inquiry, name, value)
    return inquiry


@cache
def _plan(state: State, method: ContactMethod) -> dict[str, Any]:
    """Return the plan that the worker would store; nothing else that it depends on differs."""
    now = timezone.now()
    alike = Inquiry(
        state=state,
        contact_method=method,
        phone="" if method == ContactMethod.EMAIL else "(202) 555-0100",
        email="ana@example.org" if method == ContactMethod.EMAIL else "",
        voicemail=Voicemail.CALLBACK_ONLY,
        consent_version=CURRENT_CONSENT_VERSION,
        received_at=now,
        answered_at=now if state == State.CONNECTED else None,
        wakes_at=now + _LONG if state == State.WAITING else None,
    )
    plan = asdict(stored_plan.plan_row(alike, [], now, link_ends_at=None))
    kept = ("planned_step", "planned_way", "callable_from", "callable_until")
    # As if the worker had just been there, however long it takes until someone looks.
    planned = {"replan_at": None if plan["replan_at"] is None else now + timedelta(days=1)}
    return {name: plan[name] for name in kept} | planned


def _receipt(inquiry: Inquiry, key: bytes) -> Receipt:
    receipt = Receipt(inquiry_id=inquiry.pk, reference=inquiry.reference, at=inquiry.received_at)
    receipt.mac = receipt.expected_mac(key)
    return receipt


def _events(inquiry: Inquiry, key: bytes, clocks: list[Clock], entries: set[bytes]) -> list[Event]:
    """Return the chain that the verbs would have written; the request gets its length and head.

    The last event binds what all of them would have bound.
    """
    at, by = inquiry.received_at, inquiry.owner_id
    received = {"channel": inquiry.channel, "state": State.NEW if by else inquiry.state}
    events = [Event(kind=Event.Kind.RECEIVED, at=at, detail=received)]
    if inquiry.version > 1:
        events.append(Event(kind=Event.Kind.CLAIMED, at=at + timedelta(hours=1), by_id=by))
    then: dict[str, tuple[Event.Kind, dict[str, str]]] = {
        State.CLOSED: (Event.Kind.CLOSED, {"outcome": inquiry.outcome}),
        State.CONNECTED: (Event.Kind.CONNECTED, {"method": "phone", "identity": "detail"}),
        State.WAITING: (
            Event.Kind.WAITED,
            {"until": (at + _LONG).isoformat(), "why": WaitReason.PAPERS},
        ),
    }
    if inquiry.state in then:
        kind, detail = then[inquiry.state]
        events.append(Event(kind=kind, at=at + _A_WHILE, by_id=by, detail=detail))
    for number, event in enumerate(events, start=1):
        event.inquiry, event.number, event.version = inquiry, number, number
        event.bound = {}
        if number == len(events):
            bindings.bind_event(event, bindings.Written(entries=entries), clocks, {})
        event.mac = event.expected_mac(key, inquiry.chain_head)
        inquiry.chain_length, inquiry.chain_head = number, event.mac
    return events


def _owed(state: State) -> str:
    """Return the kind of clock that runs next in this state."""
    return {
        State.QUARANTINED: Clock.Kind.LOOK,
        State.CONNECTED: Clock.Kind.CLOSURE,
    }.get(state, Clock.Kind.FIRST_ATTEMPT)


@lru_cache(maxsize=10_000)
def _due(kind: str, at: datetime) -> datetime:
    """Return when a request, or its clock, is due."""
    return level_for(Urgency.ROUTINE).due(kind, at)


def _clocks(inquiry: Inquiry) -> list[Clock]:
    """Return the clocks as the events leave them; no warnings have been sent."""
    if inquiry.state == State.QUARANTINED:
        return [_clock(inquiry, Clock.Kind.LOOK, None)]
    ended_at = inquiry.closed_at or inquiry.answered_at
    return [
        _clock(inquiry, Clock.Kind.FIRST_ATTEMPT, ended_at),
        _clock(inquiry, Clock.Kind.CLOSURE, inquiry.closed_at),
    ]


def _clock(inquiry: Inquiry, kind: Clock.Kind, stopped_at: datetime | None) -> Clock:
    owed = level_for(Urgency.ROUTINE)
    clock = Clock(
        inquiry=inquiry,
        kind=kind,
        urgency=Urgency.ROUTINE,
        started_at=inquiry.received_at,
        due_at=_due(kind, inquiry.received_at),
        target_minutes=owed.targets[kind] // timedelta(minutes=1),
        until_closing=owed.until_closing,
        calendar=owed.timetable.name,
        warned_percent=warning_times.WARNING_PERCENTS[-1],
    )
    if stopped_at:
        spent = owed.timetable.between(inquiry.received_at, stopped_at)
        clock.stopped_at, clock.spent_minutes = stopped_at, spent // timedelta(minutes=1)
        in_vain = inquiry.outcome in VOID_OUTCOMES
        clock.verdict = Clock.Verdict.VOID if in_vain else Clock.Verdict.MET
    return clock
