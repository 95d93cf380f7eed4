"""Entering one's own absence, and what it does, before it is saved and after."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from inquiries.ledger import audit_trail
from inquiries.models import Absence, AuditEntry, Inquiry, Language
from inquiries.states import State
from inquiries.team import availability, languages, permissions

if TYPE_CHECKING:
    from portal.models import User

#: The most requests that a preview lists.
_MOST_LISTED = 100


@dataclass(frozen=True)
class Preview:
    """What will happen if this absence is saved."""

    absence: Absence
    #: What they have now, the earliest due first, up to a number; all of it goes back.
    listed: list[Inquiry]
    #: All of it.
    held: int
    #: How many of these are on hold: the hold ends when they go back.
    on_hold: int
    #: Who else can take requests on all of these days.
    here: list["User"]
    #: Languages that none of those speak, but this colleague does.
    missing_languages: list[Language]

    @property
    def begins_now(self) -> bool:
        return self.absence.first_day <= timezone.localdate()

    @property
    def more(self) -> int:
        return self.held - len(self.listed)


def preview_absence(absence: Absence) -> Preview:
    """Describe today's rule for this absence: see `sweep.release_orphaned`."""
    user = absence.user
    theirs = Inquiry.objects.claimed_by(user)
    away = Absence.objects.between(absence.first_day, absence.last_day).values("user")
    here = list(availability.coordinators().exclude(pk__in=away).exclude(pk=user.pk))
    spoken = {each for colleague in here for each in languages.languages_of(colleague)}
    return Preview(
        absence=absence,
        listed=list(theirs.for_queue()[:_MOST_LISTED]),
        held=theirs.count(),
        on_hold=theirs.filter(state=State.WAITING).count(),
        here=here,
        missing_languages=[each for each in languages.languages_of(user) if each not in spoken],
    )


@transaction.atomic
def enter_absence(user: "User", *, first_day: date, last_day: date, by: "User") -> Absence:
    """Save it and record who said so. Raise PermissionDenied, or ValidationError on an overlap."""
    _check(user, by)
    # Locked, so that the same form sent twice at once is one absence and one refusal.
    get_user_model()._default_manager.select_for_update().get(pk=user.pk)
    absence = Absence(user=user, first_day=first_day, last_day=last_day)
    absence.full_clean()
    absence.save(force_insert=True)
    _record(absence, by, "added")
    return absence


@transaction.atomic
def remove_absence(absence: Absence, *, by: "User") -> None:
    """They are here after all. What has gone back to the queue stays there."""
    _check(absence.user, by)
    if Absence.objects.not_over().filter(pk=absence.pk).delete()[0]:
        _record(absence, by, "removed")


def _check(user: "User", by: "User") -> None:
    if not permissions.may_enter_absence(user, by=by):
        raise PermissionDenied


def _record(absence: Absence, by: "User", change: str) -> None:
    kind = AuditEntry.Kind.ABSENCES_CHANGED
    audit_trail.record_entry(kind, by=by, about=absence.user, change=change)
