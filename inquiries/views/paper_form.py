"""The form on paper, for who would rather write by hand."""

from django.contrib.auth.decorators import login_not_required
from django.forms import Field
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from inquiries.forms import InquiryForm
from inquiries.intake.consent import CONSENT_TEXTS, CURRENT_CONSENT_VERSION
from inquiries.models import Authority, BestTime, ContactMethod, Language, Voicemail
from inquiries.submission import DECLARED, Group, asked


@login_not_required
@require_safe
@cache_control(public=True, max_age=60)
def paper_form(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "inquiries/paper_form/page.html",
        {
            "authorities": Authority.labels,
            "contact_methods": ContactMethod.labels,
            "voicemails": Voicemail.labels,
            "best_times": BestTime.labels,
            "languages": Language.labels,
            "further_questions": {group.name.lower(): _further_questions(group) for group in Group},
            "consent": CONSENT_TEXTS[CURRENT_CONSENT_VERSION],
            "consent_version": CURRENT_CONSENT_VERSION,
        },
    )


def _further_questions(group: Group) -> list[Field]:
    """Of this group, what the page does not ask in a way of its own."""
    return [InquiryForm.base_fields[name] for name in asked(group) if DECLARED[name].label]
