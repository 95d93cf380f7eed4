"""Where leads start: the proof that nobody is forgotten, and the ways to all that they keep."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils import timezone

from inquiries.intake import spool
from inquiries.models import Inquiry
from inquiries.triage import queue, sweep
from inquiries.worker import health


def dashboard_context(request: HttpRequest, site: AdminSite) -> dict[str, Any]:
    return {
        "limbo": sweep.find_limbo(),
        "recount": health.last_verification(),
        "views": queue_tabs(request),
        "lists": _admin_lists(request, site),
        "now": timezone.now(),
        **health_context(),
    }


def queue_tabs(request: HttpRequest) -> list[tuple[queue.QueueView, str]]:
    """Of the queue, each with how many it holds; empty where that is not counted."""
    user: Any = request.user
    counts = queue.count_views(user)
    return [(each, counts.get(name, "")) for name, each in queue.VIEWS.items()]


def health_context() -> dict[str, Any]:
    """How the parts beside the site stand."""
    return {"health": health.check_health(), "spooled": spool.waiting_since()}


def _admin_lists(request: HttpRequest, site: AdminSite) -> list[dict[str, Any]]:
    """All else that the admin would show her."""
    return [
        model
        for app in site.get_app_list(request)
        for model in app["models"]
        if model["model"] is not Inquiry and model["admin_url"]
    ]
