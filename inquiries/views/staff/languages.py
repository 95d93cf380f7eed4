"""Which languages each colleague speaks, and which topics they know.

Everyone sets their own; a lead can set anyone’s.
"""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from articles.staff_pages import current_user
from inquiries.forms import SpokenLanguagesForm
from inquiries.team import languages, permissions
from inquiries.team.load import list_team
from inquiries.triage.spoken_languages import set_known_topics, set_spoken_languages
from inquiries.views.staff.layout import render_page, staff_page


@staff_page(permissions.TRIAGE)
def show_own_languages(request: HttpRequest) -> HttpResponse:
    return edit_languages(request, current_user(request).pk)


@staff_page(permissions.TRIAGE)
def edit_languages(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = current_user(request)
    colleague = user if pk == user.pk else get_object_or_404(get_user_model(), pk=pk)
    if not permissions.may_set_languages(colleague, by=user):
        raise PermissionDenied
    initial = {
        "languages": list(languages.languages_of(colleague)),
        "topics": list(colleague.known_topics.values_list("topic", flat=True)),
    }
    form = SpokenLanguagesForm(request.POST or None, initial=initial)
    if request.method == "POST":
        form = SpokenLanguagesForm(request.POST)
        if form.is_valid():
            set_spoken_languages(colleague, spoken=form.cleaned_data["languages"], by=user)
            set_known_topics(colleague, topics=form.cleaned_data["topics"], by=user)
            messages.success(request, _("Saved."))
            return redirect("admin:inquiries_languages")
    return render_page(
        request,
        "languages/page",
        _("Languages and topics"),
        status=422 if form.errors else 200,
        form=form,
        colleague=colleague,
        is_own=colleague == user,
        team=list_team(),
        may_lead=user.has_perm(permissions.LEAD_TRIAGE),
    )
