"""Where leads start: the proof that nobody is forgotten, and the ways to all that they keep."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from articles.staff_pages import current_user
from inquiries.intake import spool
from inquiries.models import Inquiry
from inquiries.team import permissions
from inquiries.triage import queue, sweep
from inquiries.triage.overdue import find_overdue
from inquiries.views.staff import words
from inquiries.views.staff.layout import render_page, staff_page
from inquiries.worker import health


@staff_page(permissions.LEAD_TRIAGE)
def show_lead_dashboard(request: HttpRequest) -> HttpResponse:
    """What is late comes first, whose it is and where; all is well only where nothing is."""
    now = timezone.now()
    overdue, limbo, recount = find_overdue(now), sweep.find_limbo(), health.last_verification()
    parts = health_context()
    is_counted = recount is None or recount.went_well
    return render_page(
        request,
        "queue/lead_dashboard",
        words.IS_ANYONE_FORGOTTEN,
        overdue=overdue,
        limbo=limbo,
        recount=recount,
        is_all_well=not overdue and limbo.is_empty and is_counted and not parts["spooled"][0],
        views=queue_tabs(current_user(request)),
        may_report=request.user.has_perm(permissions.REPORT),
        lists=_admin_lists(request),
        now=now,
        **parts,
    )


def queue_tabs(user: Any) -> list[tuple[queue.QueueView, str]]:
    """Of the queue, each with how many it holds; empty where that is not counted."""
    counts = queue.count_views(user)
    return [(each, counts.get(name, "")) for name, each in queue.VIEWS.items()]


def health_context() -> dict[str, Any]:
    """How the parts beside the site stand."""
    return {"health": health.check_health(), "spooled": spool.waiting_since()}


def _admin_lists(request: HttpRequest) -> list[dict[str, Any]]:
    """All else that the admin would show them."""
    return [
        model
        for app in admin.site.get_app_list(request)
        for model in app["models"]
        if model["model"] is not Inquiry and model["admin_url"]
    ]
