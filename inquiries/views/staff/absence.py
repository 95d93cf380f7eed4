"""One's own absence: entered by oneself, with what will happen before it is saved."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from articles.staff_pages import current_user
from inquiries.forms.absence import OwnAbsenceForm
from inquiries.models import Absence
from inquiries.team import permissions
from inquiries.triage import absences
from inquiries.views.staff import words
from inquiries.views.staff.layout import render_page, staff_page


@staff_page(permissions.TRIAGE)
def show_own_absences(request: HttpRequest) -> HttpResponse:
    return edit_absences(request, current_user(request).pk)


@staff_page(permissions.TRIAGE)
def edit_absences(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what is entered; for new days first show what will happen, and save them after that."""
    by = current_user(request)
    user = by if pk == by.pk else get_object_or_404(get_user_model(), pk=pk)
    if not permissions.may_enter_absence(user, by=by):
        raise PermissionDenied
    if "remove" in request.POST:
        return _remove(request, user)
    form = OwnAbsenceForm(request.POST if request.method == "POST" else None, user=user)
    if not form.is_bound or not form.is_valid():
        return _render(request, form)
    days = {name: form.cleaned_data[name] for name in ("first_day", "last_day")}
    if not form.cleaned_data["sure"]:
        preview = absences.preview_absence(form.absence())
        return render_page(
            request,
            "team/away_preview",
            words.AWAY_PREVIEW,
            preview=preview,
            colleague=user,
            **days,
        )
    try:
        absence = absences.enter_absence(user, by=by, **days)
    except ValidationError as error:  # the same days were entered meanwhile
        form.add_error(None, error)
        return _render(request, form)
    messages.success(request, words.AWAY_SAVED % {"days": absence.days})
    return redirect("admin:inquiries_absences_of", user.pk)


def _remove(request: HttpRequest, user: Any) -> HttpResponse:
    key = request.POST["remove"]
    absence = Absence.objects.not_over().filter(user=user, pk=key if key.isdecimal() else 0).first()
    if absence:  # otherwise it is over, or was removed in another window
        absences.remove_absence(absence, by=current_user(request))
        messages.success(request, words.AWAY_REMOVED % {"days": absence.days})
    return redirect("admin:inquiries_absences_of", user.pk)


def _render(request: HttpRequest, form: OwnAbsenceForm) -> HttpResponse:
    return render_page(
        request,
        "team/away",
        words.AWAY,
        status=422 if form.errors else 200,
        form=form,
        colleague=form.user,
        is_own=form.user == request.user,
        absences=Absence.objects.not_over().filter(user=form.user),
    )
