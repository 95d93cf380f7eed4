"""The team: who knows what, who has how much to do, who is away; and moving their requests."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from articles.staff_pages import current_user
from inquiries.contact.language_wishes import stored_wish_of
from inquiries.forms.moving import MoveForm, PickedForm
from inquiries.models import Inquiry
from inquiries.states import Urgency
from inquiries.team import permissions
from inquiries.team.load import list_team
from inquiries.triage import moving
from inquiries.views.staff import words
from inquiries.views.staff.layout import render_page, staff_page


@staff_page(permissions.TRIAGE)
def show_team(request: HttpRequest) -> HttpResponse:
    return render_page(
        request,
        "team/page",
        words.TEAM,
        team=list_team(),
        urgencies=[each.label for each in Urgency],
        may_lead=request.user.has_perm(permissions.LEAD_TRIAGE),
    )


@staff_page(permissions.TRIAGE)
def move_requests(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose what to move and where, see what will happen, and then move it."""
    by = current_user(request)
    owner = by if pk == by.pk else get_object_or_404(get_user_model(), pk=pk)
    if not permissions.may_move_requests(owner, by=by):
        raise PermissionDenied
    form = MoveForm(request.POST if request.method == "POST" else None, owner=owner)
    title = words.MOVE % {"who": owner}
    if not form.is_bound or not form.is_valid():
        return render_page(
            request,
            "team/move",
            title,
            status=422 if form.errors else 200,
            form=form,
            colleague=owner,
            held=Inquiry.objects.claimed_by(owner).count(),
        )
    picked = PickedForm(request.POST) if "sure" in request.POST else None
    if picked is None or not picked.is_valid():
        chosen = {name: form.cleaned_data[name] for name in ("urgency", "language")}
        rows = moving.list_requests(owner, **chosen)
        return render_page(
            request,
            "team/move_preview",
            title,
            status=422 if picked else 200,
            form=picked,
            chosen=form,
            colleague=owner,
            rows=[(row, stored_wish_of(row)) for row in rows[: moving.MOST]],
            has_more=len(rows) > moving.MOST,
        )
    return _move(request, form, picked)


def _move(request: HttpRequest, form: MoveForm, picked: PickedForm) -> HttpResponse:
    to = form.to_colleague
    moved = moving.move_requests(picked.selected(), to=to, by=current_user(request))
    for inquiry, why in moved.refused:
        messages.error(request, words.REFUSED % {"reference": inquiry.reference, "why": why})
    if moved.done:
        sentence = words.HANDED_TO if to else words.BACK_IN_QUEUE
        messages.success(request, sentence % {"count": moved.done, "who": to})
    return redirect("admin:inquiries_team")
