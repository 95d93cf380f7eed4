"""Raw SQL past every verb and trigger, as someone with write access but no key could send it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, models, transaction

from inquiries.models import Addition, Clock, Delivery, Event, Inquiry
from inquiries.private_links import create_link, revoke_links
from inquiries.private_page import correspondence
from inquiries.submission import Submission
from inquiries.triage import steps
from portal.models import User
from tests.factories import FIRST, correct, make_inquiry, make_submission

_SOME_DAY = datetime.fromisoformat("2026-11-01T10:00:00+00:00")


def execute(statement: str, *params: Any) -> int:
    """Run the statement, and return how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)


def fetch(statement: str, *params: Any) -> Any:
    """Return the first column of the first row."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchone()[0]


def is_refused(statement: str, *params: Any) -> bool:
    """Run the statement, and return whether a constraint of the database refused it."""
    try:
        with transaction.atomic():
            assert execute(statement, *params)
    except IntegrityError:
        return True
    return False


def eventful(by: User) -> Inquiry:
    """Make a request with all related rows: a correction, messages from both sides, links, mail."""
    said: dict[str, Any] = {
        "contact_method": "email",
        "email": "ana@example.org",
        "time_zone": "America/Denver",
        "never_contact": "Not at work.",
        "voicemail": "none",
        "pronouns": "they",
    }
    inquiry = make_inquiry(key="form", sender=FIRST, **said)
    changed: Submission = make_submission(**said | {"message": "And at night?"})
    inquiry = correct(inquiry, changed)
    create_link(inquiry)
    revoke_links(inquiry)
    create_link(inquiry)
    inquiry = correspondence.write_message(inquiry, text="Are you there?")
    inquiry = steps.claim(inquiry, version=inquiry.version, by=by)
    inquiry = steps.add_note(inquiry, text="Call after five.", version=inquiry.version, by=by)
    return steps.reply(inquiry, text="We are.", version=inquiry.version, by=by)


def other_value(field: models.Field[Any, Any], now: Any) -> Any:
    """Return a different value that this column accepts."""
    if field.choices:
        return next(str(value) for value, _ in field.flatchoices if value not in {now, ""})
    others: dict[type[models.Field[Any, Any]], Any] = {
        models.BinaryField: b"" if now else b"garbage",
        models.BooleanField: not now,
        models.ForeignKey: None,
        models.CharField: "other",
        models.JSONField: ["other"],
    }
    for kind, other in others.items():
        if isinstance(field, kind):
            return other
    if isinstance(field, models.DateTimeField):
        return (now or _SOME_DAY) + timedelta(days=30)
    return (now or 0) + 1


def roll_back(inquiry: Inquiry, before: dict[str, Any]) -> None:
    """Remove the correction and its event, as if they had never existed."""
    Addition.objects.filter(event__inquiry=inquiry).delete()
    Delivery.objects.filter(inquiry=inquiry).delete()
    Event.objects.filter(inquiry=inquiry, number__gt=before["chain_length"])._raw_delete("default")
    Clock.objects.filter(inquiry=inquiry, kind=Clock.Kind.NEXT_REPLY).delete()
    Inquiry.objects.filter(pk=inquiry.pk).update(**before)
