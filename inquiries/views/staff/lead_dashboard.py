"""The leads' start page: it shows that nobody is forgotten, and links to what leads manage."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from articles.staff_pages import current_user
from inquiries.intake import spool
from inquiries.models import Inquiry
from inquiries.team import permissions
from inquiries.triage import due_tasks, queue, sweep, tabs
from inquiries.triage.overdue import find_overdue
from inquiries.views.staff import words
from inquiries.views.staff.layout import render_page, staff_page
from inquiries.views.staff.start import attention_context
from inquiries.worker import health


@staff_page(permissions.LEAD_TRIAGE)
def show_lead_dashboard(request: HttpRequest) -> HttpResponse:
    """Show what is overdue first, with its owner and place, and “all is well” only if it is."""
    now = timezone.now()
    overdue, limbo, recount = find_overdue(now), sweep.find_limbo(), health.last_verification()
    late_tasks = due_tasks.overdue_tasks(now)
    parts, counts = health_context(), tabs.count_views(current_user(request))
    is_counted = recount is None or recount.went_well
    return render_page(
        request,
        "queue/lead_dashboard",
        words.IS_ANYONE_FORGOTTEN,
        overdue=overdue,
        limbo=limbo,
        recount=recount,
        late_tasks=late_tasks,
        is_all_well=not (overdue or late_tasks.rows or parts["spooled"][0])
        and limbo.is_empty
        and is_counted,
        views=queue_tabs(counts),
        may_report=request.user.has_perm(permissions.REPORT),
        lists=_admin_lists(request),
        now=now,
        **attention_context(request.user, counts),
        **parts,
    )


def queue_tabs(counts: dict[str, str]) -> list[tuple[queue.QueueView, str]]:
    """Return each view of the queue with its count; empty if that view is not counted."""
    return [(each, counts.get(name, "")) for name, each in queue.VIEWS.items()]


def health_context() -> dict[str, Any]:
    """Return the health of what runs beside the site."""
    return {"health": health.check_health(), "spooled": spool.waiting_since()}


def _admin_lists(request: HttpRequest) -> list[dict[str, Any]]:
    """Return everything else that the admin would show them."""
    return [
        model
        for app in admin.site.get_app_list(request)
        for model in app["models"]
        if model["model"] is not Inquiry and model["admin_url"]
    ]
