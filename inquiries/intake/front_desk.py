"""The front desk: takes every request in, into the database or, where that fails, into the spool.

What comes back has been kept. Where neither can keep it, the sender learns so and keeps their
words.
"""

import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.db import Error, connection
from django.utils import timezone

from articles.models import Article, Category
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

logger = logging.getLogger(__name__)


class NotAccepted(Exception):
    """Neither the database nor the spool could keep it: the sender tries again, or calls."""


@dataclass(frozen=True)
class Acceptance:
    """What the sender is told. `inquiry` is None while it waits in the spool."""

    reference: str
    due_at: datetime
    urgent: bool
    inquiry: Inquiry | None = None
    #: Opens the private page from this browser, where the sending counts; empty for who only knows
    #: the form's key, and may have found it somewhere.
    ticket: str = ""
    #: Of the private page; empty where there is no ticket.
    page_code: str = ""
    #: Other words than those that the request began with.
    is_change: bool = False
    #: Whether what was sent counts, or somebody has to ask the patient first.
    counts: bool = True

    @property
    def is_quarantined(self) -> bool:
        """Of which the sender hears nothing."""
        return self.inquiry is not None and self.inquiry.state == State.QUARANTINED

    @property
    def may_mail(self) -> bool:
        """Whether mails about it go out by themselves, as far as that is known."""
        return self.inquiry is None or patient_mail.may_mail_by_itself(self.inquiry)


# A request just sent is not looked up among the erased.
_JUST_SENT = timedelta(seconds=1)


def accept_submission(entry: SpoolEntry) -> Acceptance:
    """Keep a request. Raise NotAccepted where nothing can keep it."""
    try:
        # What waits in the spool comes first, or an old word would come after a newer one.
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
    told = replace(_acceptance_of_words(entry, since=entry.at), is_change=bool(sender.shown))
    if not is_new:  # its ticket is another's, or went with an answer that was lost
        return told
    return replace(told, ticket=sender.ticket, page_code="" if sender.shown else entry.page_code)


def _acceptance_of_stored(inquiry: Inquiry, spooled: SpoolEntry) -> Acceptance:
    """For who has a ticket, how the request stands; for others, no more than their words say."""
    is_same = spooled.submission.digest() == inquiry.content_digest
    told = replace(
        _acceptance_of_words(spooled, since=inquiry.received_at if is_same else spooled.at),
        reference=inquiry.reference,
        inquiry=inquiry,
        is_change=not is_same,
    )
    given = (spooled.sender.ticket, spooled.sender.shown)
    # Of a request that began with it, a ticket needs no looking up.
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
    """What can be said from the words alone."""
    urgent = phrases.has_danger_words(spooled.submission.message)
    due_at = deadline_for(since, suggested_urgency(urgent=urgent))
    return Acceptance(spooled.reference or reference_for(spooled.key), due_at, urgent)


def replay_spool() -> tuple[int, int]:
    """Store what waits in the spool, oldest first: how many were stored, how many could not be.

    Raise Error where the database is still down. A file that cannot be opened, or whose
    request is refused, stays for a person to look at.
    """
    stored = 0
    stuck: list[Path] = []
    with suppress(OSError):
        spool.remove_abandoned_drafts()
    for path in spool.waiting_entries():
        # What came later under the same key would be taken for the first.
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
        except FileNotFoundError:  # another worker was here
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
        if erased:  # stored by a commit that nobody heard of, and erased since at their wish
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
