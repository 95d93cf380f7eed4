"""How a request comes in: once, whatever the network, the browser or the sender's thumb does."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from articles.models import Article, Category
from inquiries import finding, ledger
from inquiries.deadlines import answer_by
from inquiries.models import Addition, DataKey, Event, Inquiry
from inquiries.reference import reference_for
from inquiries.states import State

_ATTEMPTS = 5


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What somebody sent us, checked and normalised."""

    relation: str
    full_name: str
    patient_name: str = ""
    contact_method: str
    phone: str = ""
    phone_e164: str = ""
    email: str = ""
    voicemail: str
    best_time: str = ""
    time_zone: str = ""
    language: str
    interpreter: bool = False
    message: str
    #: The name of a category; empty where she chose none.
    topic: str = ""
    consent_version: str

    def fields(self) -> dict[str, Any]:
        """What a request keeps of it as it is; its topic is kept as a category."""
        return {name: value for name, value in vars(self).items() if name != "topic"}

    def as_json(self) -> str:
        return json.dumps(vars(self), sort_keys=True)

    def digest(self) -> str:
        """Keyed, so that nobody who reads it can try out whose words they might be."""
        return salted_hmac("inquiries.submission", self.as_json(), algorithm="sha256").hexdigest()


@transaction.atomic
def receive(
    submission: Submission,
    *,
    key: str,
    article: Article | None = None,
    topic: Category | None = None,
    suspected: bool = False,
) -> Inquiry:
    """Store a request, or find it again where the form with this idempotency `key` came before.

    The same words again change nothing. Other words under the same key are kept as an addition for
    the coordinator to see, and open the request again where it was closed.
    """
    key_digest = hashlib.sha256(key.encode()).hexdigest()
    for attempt in range(_ATTEMPTS):
        now = timezone.now()
        inquiry = Inquiry(
            **submission.fields(),
            reference=reference_for(key, attempt),
            key_digest=key_digest,
            content_digest=submission.digest(),
            received_at=now,
            due_at=answer_by(now),
            article=article,
            topic=topic,
            suspected=suspected,
        )
        data_key = DataKey.new_for(inquiry)
        try:
            with transaction.atomic():
                inquiry.save(force_insert=True)
        except IntegrityError:
            known = Inquiry.objects.filter(key_digest=key_digest).first()
            if known and (added := _add(known, submission)):
                return added
            if not known and not Inquiry.objects.filter(reference=inquiry.reference).exists():
                raise
            # Another request has this reference by chance, or the one that was known was erased
            # at this moment: then this is a new one.
            continue
        data_key.save(force_insert=True)
        finding.index(inquiry)
        ledger.record(inquiry, Event.Kind.RECEIVED, by=None)
        ledger.receipt(inquiry)
        return inquiry
    raise RuntimeError(f"{_ATTEMPTS} references in a row were taken.")


def _add(inquiry: Inquiry, submission: Submission) -> Inquiry | None:
    """Keep a second sending with other words; None where there is nothing left to add it to.

    Runs inside the transaction of `receive`.
    """
    digest = submission.digest()
    # Takes the row, so that two sendings at once stand in line here.
    Inquiry.objects.filter(pk=inquiry.pk).update(version=F("version"))
    inquiry = Inquiry.objects.for_reading().get(pk=inquiry.pk)
    if inquiry.state == State.ERASED:
        return None
    # Against the latest only: who corrects a correction back means what she sent last.
    latest = Addition.objects.filter(event__inquiry=inquiry).order_by("event").last()
    if digest == (latest.content_digest if latest else inquiry.content_digest):
        return inquiry
    now = timezone.now()
    inquiry.added_at = now
    inquiry.version += 1  # whoever has the request open learns that she has not seen everything
    event = ledger.record(inquiry, Event.Kind.ADDED, by=None)
    addition = Addition(event=event, content_digest=digest, written=submission.as_json())
    addition.save(force_insert=True)
    finding.index(inquiry, addition.sending)
    if inquiry.state == State.CLOSED:
        inquiry.version += 1
        inquiry.state, inquiry.outcome, inquiry.closed_at, inquiry.owner = State.NEW, "", None, None
        inquiry.due_at = answer_by(now)
        ledger.record(inquiry, Event.Kind.REOPENED, by=None)
    inquiry.save()
    return inquiry
