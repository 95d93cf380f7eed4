"""What is read out when somebody is in danger, for a call that is about no request yet."""

from django.http import HttpRequest, HttpResponse

from inquiries.contact import crisis_scripts
from inquiries.team import permissions
from inquiries.views.staff.layout import render_page, staff_page


@staff_page(permissions.VIEW)
def show_crisis_scripts(request: HttpRequest) -> HttpResponse:
    return render_page(
        request,
        "crisis/page",
        "Somebody is in danger",
        scripts=crisis_scripts.filled_scripts(),
        may_enter=request.user.has_perm(permissions.TRIAGE),
    )
