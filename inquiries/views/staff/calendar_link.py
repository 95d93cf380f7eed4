"""A colleague's own calendar link: the page that makes it, and what it opens."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.staff_pages import current_user
from inquiries.models import CalendarLink
from inquiries.team import permissions
from inquiries.triage import calendar_link
from inquiries.triage.calendar_feed import build_feed
from inquiries.views.staff import words
from inquiries.views.staff.layout import render_page, staff_page

_PLAIN = "text/plain; charset=utf-8"


@staff_page(permissions.TRIAGE)
def show_own_link(request: HttpRequest) -> HttpResponse:
    """Show whether there is one. A new address is in the answer that made it, and never again."""
    user, address = current_user(request), ""
    if request.method == "POST":
        if "end" in request.POST:
            calendar_link.end_link(user, by=user, why="by_owner")
            messages.success(request, words.CALENDAR_ENDED)
            return redirect("admin:inquiries_calendar_link")
        path = reverse("calendar_feed", args=[calendar_link.create_link(user)])
        address = f"{settings.PORTAL_URL}{path}"
    return render_page(
        request,
        "calendar_link/page",
        words.YOUR_CALENDAR,
        link=CalendarLink.objects.filter(user=user).first(),
        address=address,
    )


@login_not_required
@require_safe
def show_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Return the calendar to a program that can’t sign in; whoever has no address learns nothing.

    A plain answer, because a page would repeat the address in its links.
    """
    link = calendar_link.find_link(token)
    if link is None:
        return HttpResponseNotFound(_("This calendar link doesn’t work."), content_type=_PLAIN)
    response = HttpResponse(
        build_feed(link.user, timezone.now()), content_type="text/calendar; charset=utf-8"
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
