"""Requests for measuring, each made from its number: the same number, the same request.

Written in bulk, past the verbs, which take one at a time; every request has the events that the
verbs would have written. The people are plainly made up.
"""

import hashlib
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from articles.models import Article, Category
from inquiries.consent import CURRENT
from inquiries.deadlines import answer_by
from inquiries.intake import Submission
from inquiries.models import ContactMethod, Event, Inquiry, Language, Relation, Voicemail
from inquiries.reference import reference_for
from inquiries.states import Outcome, State

if TYPE_CHECKING:
    from portal.models import User

BATCH = 1000
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
# Of ten requests six are closed, two are claimed, two are new.
_STATES = (
    State.CLOSED, State.NEW, State.CLOSED, State.CLAIMED, State.CLOSED,
    State.CLOSED, State.NEW, State.CLOSED, State.CLAIMED, State.CLOSED,
)  # fmt: skip


def top_up(total: int, *, owners: "list[User]", tell: Callable[[int], None]) -> int:
    """Bring the requests to `total`; return how many were made."""
    there = Inquiry.objects.count()
    missing = max(total - there, 0)
    first = _next_number()
    articles = list(Article.objects.published().only("pk")[:100])
    topics = list(Category.objects.all())
    for start in range(first, first + missing, BATCH):
        numbers = range(start, min(start + BATCH, first + missing))
        _write([_inquiry(number, owners, articles, topics) for number in numbers])
        tell(numbers.stop - first)
    return missing


def _next_number() -> int:
    """One after the last that is there: doubling, then halving, by primary key."""
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


@transaction.atomic
def _write(inquiries: list[Inquiry]) -> None:
    Inquiry.objects.bulk_create(inquiries)
    Event.objects.bulk_create(event for inquiry in inquiries for event in _events(inquiry))


def _inquiry(
    number: int, owners: "list[User]", articles: list[Article], topics: list[Category]
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
        consent_version=CURRENT,
    )
    key = f"bench:{number}"
    state = _STATES[number % len(_STATES)]
    received_at = _FIRST_AT + timedelta(minutes=number)
    is_closed = state == State.CLOSED
    return Inquiry(
        **submission.fields(),
        id=_key(number),
        reference=reference_for(key),
        key_digest=hashlib.sha256(key.encode()).hexdigest(),
        content_digest=submission.digest(),
        state=state,
        owner=None if state == State.NEW else owners[number // 10 % len(owners)],
        outcome=Outcome.values[number % len(Outcome.values)] if is_closed else "",
        version={State.NEW: 1, State.CLAIMED: 2, State.CLOSED: 3}[state],
        received_at=received_at,
        due_at=answer_by(received_at),
        closed_at=received_at + timedelta(hours=5) if is_closed else None,
        article=articles[number % len(articles)] if articles else None,
        topic=topics[number // 10 % len(topics)] if topics else None,
    )


def _events(inquiry: Inquiry) -> list[Event]:
    at, by = inquiry.received_at, inquiry.owner
    events = [Event(inquiry=inquiry, kind=Event.Kind.RECEIVED, at=at, version=1)]
    if inquiry.version > 1:
        claimed_at = at + timedelta(hours=1)
        events.append(
            Event(inquiry=inquiry, kind=Event.Kind.CLAIMED, at=claimed_at, by=by, version=2)
        )
    if inquiry.closed_at:
        events.append(
            Event(
                inquiry=inquiry,
                kind=Event.Kind.CLOSED,
                at=inquiry.closed_at,
                by=by,
                version=3,
                detail={"outcome": inquiry.outcome},
            )
        )
    return events
