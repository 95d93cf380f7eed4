"""Who else is viewing a request: an open page asks for this every few seconds."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from articles.staff_pages import current_user
from inquiries.ledger import transitions
from inquiries.models import Inquiry
from inquiries.team import permissions, viewers
from inquiries.views.staff.layout import render_page, staff_page


@staff_page(permissions.VIEW)
def show_viewers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show other viewers. This does not count as reading the request."""
    inquiry = get_object_or_404(Inquiry.objects.for_queue(), pk=pk)
    by = current_user(request)
    viewers.note_viewer(inquiry, by=by)
    is_older = request.GET.get("version") != str(inquiry.version)
    return render_page(
        request,
        "request/_viewers",
        "",
        inquiry=inquiry,
        viewers=viewers.other_viewers(inquiry, by=by),
        changed=transitions.describe_last_change(inquiry, by) if is_older else "",
    )
