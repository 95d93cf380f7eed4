"""Which languages a colleague speaks, according to them or to a lead."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from inquiries.ledger import audit_trail
from inquiries.models import AuditEntry, Language, SpokenLanguages
from inquiries.team import languages, permissions

if TYPE_CHECKING:
    from portal.models import User


@transaction.atomic
def set_spoken_languages(user: "User", *, spoken: Iterable[str], by: "User") -> None:
    """Save which languages they speak, and record who said so. No change means no record.

    Raise PermissionDenied if `by` is neither this colleague nor a lead.
    """
    if not permissions.may_set_languages(user, by=by):
        raise PermissionDenied
    codes = " ".join(each for each in Language.values if each in set(spoken))
    kept = SpokenLanguages.objects.select_for_update().filter(user=user).first()
    before = kept.codes if kept else " ".join(languages.DEFAULT)
    if codes == before:
        return
    SpokenLanguages.objects.update_or_create(user=user, defaults={"codes": codes})
    audit_trail.record_entry(
        AuditEntry.Kind.LANGUAGES_CHANGED, by=by, about=user, languages=[before, codes]
    )
