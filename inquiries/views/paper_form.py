"""The form on paper, for who would rather write by hand."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from inquiries.intake.consent import CONSENT_TEXTS, CURRENT_CONSENT_VERSION
from inquiries.models import Authority, BestTime, ContactMethod, Language, Voicemail


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
            "consent": CONSENT_TEXTS[CURRENT_CONSENT_VERSION],
            "consent_version": CURRENT_CONSENT_VERSION,
        },
    )
