"""Which languages a colleague speaks and which topics they know, as they or a lead say."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction

from inquiries.ledger import audit_trail
from inquiries.models import AuditEntry, KnownTopic, Language, SpokenLanguages
from inquiries.team import languages, permissions

if TYPE_CHECKING:
    from articles.models import Category
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


@transaction.atomic
def set_known_topics(user: "User", *, topics: "Iterable[Category]", by: "User") -> None:
    """Save which topics they know well, and record who said so. No change means no record.

    Raise PermissionDenied if `by` is neither this colleague nor a lead.
    """
    if not permissions.may_set_languages(user, by=by):
        raise PermissionDenied
    get_user_model()._default_manager.select_for_update().get(pk=user.pk)
    known = KnownTopic.objects.filter(user=user)
    before, after = set(known.values_list("topic", flat=True)), {topic.pk for topic in topics}
    if before == after:
        return
    known.exclude(topic__in=after).delete()
    KnownTopic.objects.bulk_create(
        KnownTopic(user=user, topic_id=topic) for topic in sorted(after - before)
    )
    audit_trail.record_entry(
        AuditEntry.Kind.TOPICS_CHANGED, by=by, about=user, topics=[len(before), len(after)]
    )
