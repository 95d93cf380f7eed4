"""Entering a request that somebody makes by phone or at the desk."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.html import format_html

from articles.models import Category
from articles.staff_pages import current_user
from inquiries.contact import crisis_scripts, spoken_words
from inquiries.forms import FrontDeskForm
from inquiries.intake import reception
from inquiries.intake.arrival import Arrival
from inquiries.models import Inquiry, IntakeChannel, Language
from inquiries.team import languages, permissions
from inquiries.views.staff import words
from inquiries.views.staff.layout import render_page, staff_page


@staff_page(permissions.TRIAGE)
def enter_inquiry(request: HttpRequest) -> HttpResponse:
    """Enter it with the same function that stores what patients send themselves."""
    form = FrontDeskForm(
        request.POST if request.method == "POST" else None,
        initial={"language": request.GET.get("language", "")},
    )
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render_page(
            request,
            "front_desk/page",
            words.TAKE_A_REQUEST,
            status=status,
            form=form,
            crisis_line=crisis_scripts.fill_placeholders(
                crisis_scripts.CRISIS_LINE, spoken=form.call_language or Language.ENGLISH
            ),
            other_languages=[each for each in Language if languages.is_foreign(each)],
        )
    inquiry = reception.receive_inquiry(
        form.submission(),
        Arrival(
            key=form.cleaned_data["idempotency_key"],
            topic=Category.objects.filter(slug=form.cleaned_data["topic"]).first(),
            channel=IntakeChannel(form.cleaned_data["channel"]),
            by=current_user(request),
        ),
    )
    messages.success(request, words.REQUEST_TAKEN % {"reference": inquiry.reference})
    if language := languages.foreign_language(inquiry.language):
        _say_reference(request, inquiry, language)
    return redirect("admin:inquiries_inquiry_change", inquiry.pk)


def _say_reference(request: HttpRequest, inquiry: Inquiry, language: Language) -> None:
    """Show the sentence to read out to a caller who doesn't speak English."""
    with translation.override(language):
        sentence = spoken_words.GIVE_REFERENCE % {"reference": inquiry.reference}
    said = format_html('<span lang="{}">“{}”</span>', language.value, sentence)
    messages.info(request, format_html(str(words.SAY_IT), language=language.label, sentence=said))
