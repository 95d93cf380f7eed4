"""What to read out when somebody is in danger, for a call not yet tied to a request."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from inquiries.contact import crisis_scripts
from inquiries.models import Language
from inquiries.team import languages, permissions
from inquiries.views.staff.layout import render_page, staff_page


@staff_page(permissions.VIEW)
def show_crisis_scripts(request: HttpRequest) -> HttpResponse:
    """Show the scripts in English, or for a call in the language named in the address."""
    asked = request.GET.get("language", "")
    call_language = languages.foreign_language(asked)
    written = crisis_scripts.languages_written()
    return render_page(
        request,
        "crisis/page",
        _("Somebody is in danger"),
        scripts=crisis_scripts.filled_scripts(call_language or Language.ENGLISH),
        call_language=call_language,
        other_languages=[each for each in written if each != call_language],
        may_enter=request.user.has_perm(permissions.TRIAGE),
    )
