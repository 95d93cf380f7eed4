"""The front desk: accepts every request, into the database or, if that fails, into the spool.

Whatever it returns has been stored. If neither can store it, the sender is told and keeps their
text.
"""

import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.db import Error, connection
from django.utils import timezone

from articles.models import Article, Category
from inquiries import journal
from inquiries.circuit_breaker import DATABASE_BREAKER, is_outage
from inquiries.danger import phrases
from inquiries.deadlines.service_levels import answer_due_at, deadline_for
from inquiries.intake import proof, reception, spam_signals, spool
from inquiries.intake.arrival import Arrival
from inquiries.intake.spool import SpoolEntry
from inquiries.mail import patient_mail
from inquiries.models import Inquiry
from inquiries.reference import reference_for
from inquiries.states import State, suggested_urgency
from inquiries.submission import prose_of

logger = logging.getLogger(__name__)


class NotAccepted(Exception):
    """Neither the database nor the spool could store it. The sender must try again or call."""


@dataclass(frozen=True)
class Acceptance:
    """What to tell the sender. `inquiry` is None while it waits in the spool."""

    reference: str
    due_at: datetime
    urgent: bool
    inquiry: Inquiry | None = None
    #: Opens the private page in this browser, if the submission counts. Empty for someone who only
    #: knows the form's key, which they may have found somewhere.
    ticket: str = ""
    #: The code of the private page; empty if there is no ticket.
    page_code: str = ""
    #: Whether the text differs from what the request began with.
    is_change: bool = False
    #: Whether the submission counts; if not, someone has to ask the patient first.
    counts: bool = True

    @property
    def is_quarantined(self) -> bool:
        """Whether it is in quarantine. The sender is not told."""
        return self.inquiry is not None and self.inquiry.state == State.QUARANTINED

    @property
    def may_mail(self) -> bool:
        """Whether emails about it are sent automatically, as far as that is known."""
        return self.inquiry is None or patient_mail.may_mail_by_itself(self.inquiry)


# A request this recent is not looked up among the erased ones.
_JUST_SENT = timedelta(seconds=1)


def accept_submission(entry: SpoolEntry) -> Acceptance:
    """Store a request. Raise NotAccepted if nothing can store it."""
    try:
        # What waits in the spool must be stored first, or old text would come after newer text.
        if not DATABASE_BREAKER.is_open and not spool.has_entry(entry.key):
            return _acceptance_of_stored(_store(entry), entry)
    except Exception as error:
        logger.exception("a request could not be stored and goes to the spool")
        if is_outage(error):
            DATABASE_BREAKER.trip()
    sender = entry.sender
    try:
        entry = replace(
            entry,
            reference=spool.told_reference(entry.key) or reference_for(entry.key),
            page_code=proof.derive_page_code(sender.ticket),
        )
        is_new = spool.write_entry(entry)
    except Exception as error:
        logger.exception("a request could not be spooled either")
        raise NotAccepted from error
    journal.record_request(entry.reference, is_spooled=True)
    told = replace(_acceptance_of_words(entry, since=entry.at), is_change=bool(sender.shown))
    if not is_new:  # its ticket belongs to another browser, or was lost with a response
        return told
    return replace(told, ticket=sender.ticket, page_code="" if sender.shown else entry.page_code)


def _acceptance_of_stored(inquiry: Inquiry, spooled: SpoolEntry) -> Acceptance:
    """Return the request's status for ticket holders; for others, only what their text shows."""
    is_same = spooled.submission.digest() == inquiry.content_digest
    told = replace(
        _acceptance_of_words(spooled, since=inquiry.received_at if is_same else spooled.at),
        reference=inquiry.reference,
        inquiry=inquiry,
        is_change=not is_same,
    )
    given = (spooled.sender.ticket, spooled.sender.shown)
    # The ticket that a request began with needs no lookup.
    ticket = (
        given[0]
        if inquiry.is_just_stored
        else next((each for each in given if proof.has_ticket(inquiry, each)), "")
    )
    if not ticket:
        return replace(told, counts=is_same)
    due_at = answer_due_at(inquiry.received_at) if told.is_quarantined else inquiry.due_at
    code = inquiry.page_code
    return replace(told, due_at=due_at, urgent=inquiry.urgent, ticket=ticket, page_code=code)


def _acceptance_of_words(spooled: SpoolEntry, *, since: datetime) -> Acceptance:
    """Return what can be said from the text alone."""
    urgent = phrases.has_danger_words(prose_of(spooled.submission))
    due_at = deadline_for(since, suggested_urgency(urgent=urgent))
    return Acceptance(spooled.reference or reference_for(spooled.key), due_at, urgent)


def replay_spool() -> tuple[int, int]:
    """Store what waits in the spool, oldest first. Return how many were stored and how many failed.

    Raise Error if the database is still down. A file that cannot be opened, or whose request is
    refused, stays for a person to look at.
    """
    stored = 0
    stuck: list[Path] = []
    with suppress(OSError):
        spool.remove_abandoned_drafts()
    for path in spool.waiting_entries():
        # A later entry with the same key would be taken for the first.
        if any(spool.is_of_same_form(path, each) for each in stuck):
            stuck.append(path)
            continue
        try:
            _store(spool.read_entry(path))
            spool.remove_entry(path)
        except Error:
            if _is_database_down():
                raise
            logger.exception("a spooled request is refused by the database")
            stuck.append(path)
        except FileNotFoundError:  # another worker took it
            continue
        except Exception:
            logger.exception("a spooled request cannot be stored")
            stuck.append(path)
        else:
            stored += 1
    return stored, len(stuck)


def _store(spooled: SpoolEntry) -> Inquiry:
    reference = spooled.reference or reference_for(spooled.key)
    if spooled.at < timezone.now() - _JUST_SENT:
        erased = Inquiry.objects.filter(reference=reference, erased_at__gte=spooled.at).first()
        if erased:  # stored by a commit that was never confirmed, then erased as they asked
            return erased
    return reception.receive_inquiry(
        spooled.submission,
        Arrival(
            key=spooled.key,
            sender=spooled.sender,
            article=Article.objects.get_published(spooled.article) if spooled.article else None,
            revision=spooled.revision,
            topic=Category.objects.filter(slug=spooled.topic).first() if spooled.topic else None,
            signals=spam_signals.read_signals(spooled.suspicion),
            network=spooled.network,
            at=spooled.at,
            reference=spooled.reference,
            page_code=spooled.page_code,
        ),
    )


def _is_database_down() -> bool:
    try:
        connection.close()
        connection.ensure_connection()
    except Error:
        return True
    return False
