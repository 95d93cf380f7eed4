"""What has to happen after a restore: `manage.py after_restore`, and the leads' release of mails.

Each part can be repeated and does only what is not done yet. So where several machines serve the
site, it runs once on each: every journal knows what its own machine has acknowledged and sent.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from inquiries import journal, privacy
from inquiries.intake import front_desk
from inquiries.journal import EntryKind, Reading
from inquiries.ledger import audit_trail, restarts
from inquiries.ledger.anchor_lines import Anchor
from inquiries.ledger.transitions import StepRefused
from inquiries.mail import outbox
from inquiries.models import (
    AuditEntry,
    Delivery,
    Inquiry,
    MissingRequest,
    Notice,
    Outgoing,
    Restoration,
)
from inquiries.recovery import losses, noticing
from inquiries.states import State

if TYPE_CHECKING:
    from portal.models import User

MAILS: tuple[type[Delivery] | type[Notice], ...] = (Delivery, Notice)


@dataclass
class Restored:
    """What one run of `finish_restore` did, and what is left for people."""

    reading: Reading
    #: Requests stored from the spool, mails that had been sent, and requests erased again.
    stored: int = 0
    settled: int = 0
    erased: int = 0
    #: Emails to senders that went out after the backup, which the database knows nothing of.
    unknown_mails: int = 0
    #: Newly named in this run.
    named: int = 0
    missing: list[MissingRequest] = field(default_factory=list)
    held: int = 0
    anchor: Anchor | None = None


def finish_restore() -> Restored:
    """Bring a restored database as close to what it was as journal, spool, and anchors allow.

    Raise OSError if the journal cannot be read, Error if the database is down, AnchorsDiffer or
    LedgerBusy.
    """
    found = Restored(journal.read_entries())
    noticing.open_restoration()
    found.stored, _ = front_desk.replay_spool()
    found.settled = settle_sent_mails(found.reading)
    found.erased = repeat_erasures(found.reading)
    found.named = losses.name_missing(found.reading)
    found.unknown_mails = count_unknown_mails(found.reading)
    _record(found)
    found.anchor = restarts.restart_anchors()
    found.missing = list(MissingRequest.objects.unsettled())
    found.held = count_held_mails()
    return found


@transaction.atomic
def _record(found: Restored) -> None:
    """Let new mails go out again, and record what was done, unless nothing was."""
    now = timezone.now()
    # Two workers may each have recorded it.
    is_first = Restoration.objects.open().filter(done_at=None).order_by().update(done_at=now)
    if is_first or found.stored or found.settled or found.erased or found.named:
        audit_trail.record_entry(
            AuditEntry.Kind.RESTORED,
            mails_already_sent=found.settled,
            erased_again=found.erased,
            missing=found.named,
        )


def settle_sent_mails(reading: Reading) -> int:
    """Mark waiting mails that the mail server had accepted as sent; return how many."""
    entries = reading.of_kind(EntryKind.MAIL)
    sent, confirmed = ({entry.name for entry in entries}, {entry.mark for entry in entries} - {""})
    found: list[Outgoing] = [
        mail
        for model in MAILS
        for mail in outbox.waiting_mails(model).only("state", "made_at").order_by("id")
        if journal.name_mail(mail) in sent
    ]
    again = outbox.waiting_mails(Delivery).filter(kind=Delivery.Kind.ACKNOWLEDGEMENT)
    for each in again.select_related("inquiry").only("state", "made_at", "inquiry__reference"):
        if each.inquiry.reference in confirmed and each not in found:
            found.append(each)
    for mail in found:
        outbox.settle_mail(mail, mail.State.SENT)
    return len(found)


def count_unknown_mails(reading: Reading) -> int:
    """Count the emails to senders in the journal that the database does not have."""
    sent = {entry.name for entry in reading.of_kind(EntryKind.MAIL)}
    if not sent:
        return 0
    first = min(entry.at for entry in reading.of_kind(EntryKind.MAIL))
    rows = Delivery.objects.filter(settled_at__gte=first).only("made_at")
    known = {journal.name_mail(mail) for mail in rows.order_by("id").iterator()}
    ours = {name for name in sent if name.startswith(f"{Delivery._meta.model_name}:")}
    return len(ours - known)


def repeat_erasures(reading: Reading) -> int:
    """Erase again what was erased after the backup; return how many requests.

    A request received since, under the same reference, is another one.
    """
    erasures = losses.last_erasures(reading)
    count = 0
    for reference in noticing.known_references([*erasures]):
        entry = erasures[reference]
        there = Inquiry.objects.filter(reference=reference, received_at__lte=entry.at)
        for inquiry in there.exclude(state=State.ERASED).only("version", "state"):
            with suppress(StepRefused):  # erased by someone else at this moment
                privacy.erase_inquiry(
                    inquiry, reason=entry.mark, version=inquiry.version, by=None, is_repeated=True
                )
                count += 1
    return count


def count_held_mails() -> int:
    return sum(outbox.held_mails(model).count() for model in MAILS)


@transaction.atomic
def release_mails(*, by: "User | None") -> int:
    """Let the mails from before the restore go out; return how many they are.

    Nothing is released before `finish_restore` has run on this database.
    """
    done = Restoration.objects.open().exclude(done_at=None).order_by()
    held = count_held_mails()
    if not done.update(released_at=timezone.now(), released_by=by):
        return 0
    audit_trail.record_entry(AuditEntry.Kind.RESTORED, by=by, mails_released=held)
    return held
