"""The paper form, for people who would rather write by hand."""

from django.forms import Field
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.views.decorators import public_page
from inquiries import privacy
from inquiries.forms import InquiryForm
from inquiries.forms.fields import in_language, language_choices
from inquiries.intake import consent
from inquiries.models import Authority, BestTime, ContactMethod, Voicemail
from inquiries.submission import DECLARED, Group, asked


@public_page
def paper_form(request: HttpRequest) -> HttpResponse:
    version = consent.current_version()
    return render(
        request,
        "inquiries/paper_form/page.html",
        {
            "authorities": Authority.labels,
            "contact_methods": ContactMethod.labels,
            "voicemails": Voicemail.labels,
            "best_times": BestTime.labels,
            "spoken_languages": [label for _, label in language_choices()],
            "further_questions": {group.name.lower(): _further_questions(group) for group in Group},
            "consent": in_language(consent.language_of(version), consent.CONSENT_TEXTS[version]),
            "consent_version": version,
            "kept_years": privacy.kept_years(),
        },
    )


def _further_questions(group: Group) -> list[Field]:
    """Return the fields of this group that the page does not ask in its own way."""
    return [InquiryForm.base_fields[name] for name in asked(group) if DECLARED[name].label]
