"""After a restore: leads tick what they have dealt with, and let the held emails go."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from articles.staff_pages import current_user
from inquiries.models import Inquiry, MissingRequest, Restoration
from inquiries.team import permissions
from inquiries.views.staff import words
from inquiries.views.staff.layout import staff_page

#: The most missing requests that the start page lists at once.
_LISTED = 100


def missing_context() -> dict[str, Any]:
    """Return what leads have to deal with after a restore; `is_shown` is false if nothing is left.

    A missing request whose sender sent it again is there, under the same reference.
    """
    rows = list(MissingRequest.objects.unsettled()[:_LISTED])
    restoration = Restoration.objects.open().first()
    there = Inquiry.objects.filter(reference__in=[row.reference for row in rows])
    keys = dict(there.values_list("reference", "pk"))
    held = 0
    if restoration:
        from inquiries.recovery import restoring  # only after a restore, so not at every start

        held = restoring.count_held_mails()
    return {
        "is_shown": bool(rows or restoration),
        "missing": [(row, keys.get(row.reference)) for row in rows],
        "restoration": restoration,
        "held": held,
    }


@staff_page(permissions.LEAD_TRIAGE)
def settle_missing(request: HttpRequest) -> HttpResponse:
    """Take what was ticked off the start page."""
    if request.method != "POST":
        return redirect("admin:index")
    from inquiries.recovery import losses  # as above

    ticked = set(request.POST.getlist("missing"))
    rows = MissingRequest.objects.unsettled().values_list("pk", flat=True)
    picked = [pk for pk in rows if str(pk) in ticked]
    count = losses.settle_missing(picked, by=current_user(request))
    if count:
        messages.success(request, words.MISSING_SETTLED % {"count": count})
    else:
        messages.error(request, words.NOTHING_TICKED)
    return redirect("admin:index")


@staff_page(permissions.LEAD_TRIAGE)
def release_mails(request: HttpRequest) -> HttpResponse:
    """Let the emails go that waited in the backup."""
    if request.method != "POST":
        return redirect("admin:index")
    from inquiries.recovery import restoring  # as above

    count = restoring.release_mails(by=current_user(request))
    messages.success(request, words.MAILS_RELEASED % {"count": count})
    return redirect("admin:index")
