"""Named views of the queue: each colleague keeps their own, and leads share some with everyone."""

from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from articles.staff_pages import current_user
from articles.text_cleaning import clean_line
from inquiries.models import SavedView
from inquiries.team import permissions
from inquiries.triage import queue
from inquiries.triage.filters import Filters, read_filters
from inquiries.views.staff import words
from inquiries.views.staff.layout import staff_page

#: What one colleague may keep; more would be a list to search, not a shortcut.
MOST_VIEWS = 20
_LONGEST_NAME = 40


@staff_page(permissions.TRIAGE)
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the view and filters of the page under a name. Only a lead's view can be shared."""
    if request.method != "POST":
        return redirect("admin:inquiries_inquiry_changelist")
    user, name = current_user(request), clean_line(request.POST.get("name", ""))
    view = request.POST.get("view", "")
    view = view if view in queue.VIEWS else "open"
    filters = read_filters(request.POST)
    back = redirect(view_address(view, filters))
    if not name or len(name) > _LONGEST_NAME:
        messages.error(request, words.NAME_THE_VIEW % {"most": _LONGEST_NAME})
    elif SavedView.objects.filter(owner=user).count() >= MOST_VIEWS:
        messages.error(request, words.TOO_MANY_VIEWS % {"most": MOST_VIEWS})
    else:
        is_shared = "shared" in request.POST and user.has_perm(permissions.LEAD_TRIAGE)
        kept = {"view": view, **filters.values}
        try:
            with transaction.atomic():
                SavedView.objects.create(name=name, owner=user, is_shared=is_shared, filters=kept)
        except IntegrityError:
            messages.error(request, words.VIEW_EXISTS % {"name": name})
        else:
            messages.success(request, words.VIEW_SAVED % {"name": name})
    return back


@staff_page(permissions.TRIAGE)
def delete_view(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete one of their own views; leads delete shared ones too."""
    user = current_user(request)
    if request.method == "POST":
        theirs = Q(owner=user)
        if user.has_perm(permissions.LEAD_TRIAGE):
            theirs |= Q(is_shared=True)
        gone, _ = SavedView.objects.filter(theirs, pk=pk).delete()
        if gone:
            messages.success(request, words.VIEW_DELETED)
    return redirect("admin:inquiries_inquiry_changelist")


def views_for(user: object) -> list[tuple[SavedView, str]]:
    """Return their own views and shared ones, by name, each with its address."""
    rows = SavedView.objects.filter(Q(owner=user) | Q(is_shared=True)).order_by("name", "id")
    return [(each, _address_of(each)) for each in rows]


def _address_of(saved: SavedView) -> str:
    kept = saved.filters if isinstance(saved.filters, dict) else {}
    view = kept.get("view", "")
    return view_address(view if view in queue.VIEWS else "open", read_filters(kept))


def view_address(view: str, filters: Filters) -> str:
    more = f"&{filters.query}" if filters else ""
    return f"{reverse('admin:inquiries_inquiry_changelist')}?view={view}{more}"
