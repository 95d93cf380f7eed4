"""What coordinators, leads, and privacy officers see on the start page.

Each part is one function here and one template.
"""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from articles import capped_counts
from articles.staff_pages import Figure, StartPart, script_media
from inquiries import privacy
from inquiries.models import Absence, AuditEntry, Inquiry, Job, Offer
from inquiries.outcomes import Outcome
from inquiries.team import availability, permissions
from inquiries.triage import agenda, attention, due_tasks, tabs
from inquiries.triage.overdue import find_overdue
from inquiries.views.staff import recovery, words
from inquiries.views.staff.access_log import REVIEW_PERIOD
from inquiries.worker import health

#: The most rows of each list on the start page; the list itself is a link away.
_SHOWN = 8
#: Seconds before an open page asks again what needs someone.
ASK_SECONDS = 60.0
_PURGE = "purge"
_FAILED_SIGN_INS = timedelta(days=7)


def start_parts(user: Any, counts: dict[str, str]) -> list[StartPart]:
    """Return the parts for everything this person is responsible for, the most urgent first."""
    now, parts = timezone.now(), []
    if user.has_perm(permissions.LEAD_TRIAGE):
        if (restored := recovery.missing_context())["is_shown"]:
            parts.append(StartPart("admin/inquiries/start/_restored.html", restored))
        parts.append(StartPart("admin/inquiries/start/_lead.html", _for_lead(counts, now)))
    if user.has_perm(permissions.TRIAGE):
        own = _for_coordinator(user, counts, now)
        parts.append(StartPart("admin/inquiries/start/_coordinator.html", own))
    if user.has_perm(permissions.AUDIT):
        parts.append(StartPart("admin/inquiries/start/_privacy.html", _for_privacy_officer(now)))
    return parts


def count_queue(user: Any) -> dict[str, str]:
    """Count the views of the queue for those who work in it; nothing for others."""
    return tabs.count_views(user) if user.has_perm(permissions.TRIAGE) else {}


def attention_context(user: Any, counts: dict[str, str]) -> dict[str, Any]:
    """Return what the title of an open page says, for pages that may be open all day."""
    if not user.has_perm(permissions.TRIAGE):
        return {}
    return {
        "attention": attention.count_from(counts),
        "is_told": True,
        "ask_every": ASK_SECONDS,
        "told_script": script_media("told_in_time"),
    }


def _queue(**filters: str) -> str:
    return f"{reverse('admin:inquiries_inquiry_changelist')}?{urlencode(filters)}"


def _view(counts: dict[str, str], view: str, *, is_alarm: bool = False) -> Figure:
    return Figure(words.START_COUNTS[view], counts[view], _queue(view=view), is_alarm)


# --- Coordinators ---------------------------------------------------------------------------------


def _for_coordinator(user: Any, counts: dict[str, str], now: datetime) -> dict[str, Any]:
    own = agenda.own_requests(user)
    call_backs = agenda.find_call_backs(own, now)
    today = agenda.of_today(call_backs, now)
    new = list(Inquiry.objects.unclaimed().folded().for_queue()[:_SHOWN])
    tasks = due_tasks.tasks_due_today(user)
    return {
        "now": now,
        "agenda": today,
        "next_call_back": call_backs[0] if call_backs and not today else None,
        "mine": own[:_SHOWN],
        "mine_figure": _view(counts, "mine"),
        "new": new,
        "new_figure": _view(counts, "unclaimed"),
        "tasks": [(task, due_tasks.kind_in_words(task)) for task in tasks.rows[:_SHOWN]],
        "task_count": tasks.count,
        "offers": Offer.objects.live().filter(offered_to=user)[: _SHOWN + 1].count(),
    }


# --- Leads ----------------------------------------------------------------------------------------


def _for_lead(counts: dict[str, str], now: datetime) -> dict[str, Any]:
    overdue = find_overdue(now)
    # What is overdue has a section of its own, with whose it is.
    late = [] if overdue else [_view(counts, "overdue")]
    figures = [
        *late,
        _view(counts, "undelivered", is_alarm=True),
        _view(counts, "quarantine"),
        _view(counts, "soon"),
    ]
    return {
        "now": now,
        "overdue": overdue,
        "figures": figures,
        "load": _count_load(),
        "away": Absence.objects.today().select_related("user").order_by("last_day", "id"),
        "troubles": health.check_health().trouble_labels,
    }


def _count_load() -> list[Figure]:
    """Count the open requests of each colleague who can take one today, the most first."""
    colleagues = {user.pk: user for user in availability.available_coordinators()}
    if not colleagues:
        return []
    held = {pk: Inquiry.objects.claimed_by(user) for pk, user in colleagues.items()}
    load = capped_counts.count_rows(held)
    ordered = sorted(load, key=lambda pk: (-_size(load[pk]), str(colleagues[pk])))
    return [
        Figure(str(colleagues[pk]), load[pk], _queue(view="open", owner=str(pk))) for pk in ordered
    ]


def _size(count: str) -> int:
    return int(count) if count.isdigit() else capped_counts.COUNT_CAP + 1


# --- Privacy officers -----------------------------------------------------------------------------


def _for_privacy_officer(now: datetime) -> dict[str, Any]:
    accounts = list(get_user_model()._default_manager.order_by("username"))
    unusual = privacy.find_unusual_reading(accounts, now - REVIEW_PERIOD)
    kind, since = AuditEntry.Kind.SIGN_IN_FAILED, timezone.localdate(now) - _FAILED_SIGN_INS
    start = timezone.make_aware(datetime.combine(since, datetime.min.time()))
    failed = AuditEntry.objects.filter(kind=kind, at__gte=start)
    trail = reverse("admin:inquiries_auditentry_changelist")
    purges = urlencode({"kind": AuditEntry.Kind.PURGED})
    return {
        "figures": [
            Figure(
                words.READINGS_TO_REVIEW,
                capped_counts.format_count(len(unusual)),
                reverse("admin:inquiries_reading"),
                is_alarm=True,
            ),
            Figure(
                words.FAILED_SIGN_INS,
                capped_counts.count_rows({kind: failed})[kind],
                f"{trail}?{urlencode({'kind': kind, 'since': since.isoformat()})}",
            ),
        ],
        "recount": health.last_verification(),
        "purge": Job.objects.filter(name=_PURGE, done_at__isnull=False).first(),
        "purges": f"{trail}?{purges}",
        "overdue_erasures": _has_overdue_erasures(now),
    }


def _has_overdue_erasures(now: datetime) -> bool:
    """Whether a request should have been erased more than a day ago: the worker erases daily."""
    before = now - timedelta(days=1)
    return any(privacy.due_for_erasure(outcome, before).exists() for outcome in Outcome.values)
