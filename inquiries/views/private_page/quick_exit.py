"""Out of the private page: in a hurry, or because it has ended."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from inquiries.views import confirmation
from inquiries.views.cookies import QUICK_EXIT
from inquiries.views.private_page import visits
from inquiries.views.private_page.access import private_page_view, render_page

#: Where “leave this page” leads: harmless, known everywhere, in every language.
EXIT_URL = "https://www.wikipedia.org/"
#: As long as a confirmation would have been shown.
EXIT_COOKIE_SECONDS = 60 * 60


@private_page_view("GET", "HEAD")
def quick_exit(request: HttpRequest) -> HttpResponse:
    """Off to somewhere harmless, and the way back asks for the link again.

    Back to the form finds it empty: what the browser keeps of our pages goes, and a form that it
    loads anew within the hour is one that it does not fill in.
    """
    response = end_visit_and_redirect(request, EXIT_URL)
    response["Clear-Site-Data"] = '"cache"'  # https://www.w3.org/TR/clear-site-data/
    QUICK_EXIT.set(request, response, "yes", seconds=EXIT_COOKIE_SECONDS)
    return response


def end_visit_and_redirect(request: HttpRequest, to: str) -> HttpResponse:
    """Neither the visit nor the confirmation opens the page any more."""
    response = redirect(to)
    visits.end_visit(request, response)
    confirmation.end_confirmation(request, response)
    return response


@private_page_view("GET", "HEAD")
def show_ended(request: HttpRequest, why: str) -> HttpResponse:
    return render_page(request, "ended", {"why": why})
