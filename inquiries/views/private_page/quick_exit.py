"""Ways out of the private page: in a hurry, or because the visit has ended."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from inquiries.views import confirmation
from inquiries.views.cookies import QUICK_EXIT
from inquiries.views.private_page import visits
from inquiries.views.private_page.access import private_page_view, render_page

#: Where “leave this page” leads: harmless, widely known, and available in every language.
EXIT_URL = "https://www.wikipedia.org/"
#: As long as a confirmation would have been shown.
EXIT_COOKIE_SECONDS = 60 * 60


@private_page_view("GET", "HEAD")
def quick_exit(request: HttpRequest) -> HttpResponse:
    """Leave for a harmless site; coming back requires the link again.

    The Back button leads to an empty form: the browser's cache of our pages is cleared, and if the
    form is loaded again within the hour, the browser does not refill it.
    """
    response = end_visit_and_redirect(request, EXIT_URL)
    response["Clear-Site-Data"] = '"cache"'  # https://www.w3.org/TR/clear-site-data/
    QUICK_EXIT.set(request, response, "yes", seconds=EXIT_COOKIE_SECONDS)
    return response


def end_visit_and_redirect(request: HttpRequest, to: str) -> HttpResponse:
    """End both the visit and the confirmation, so that neither opens the page."""
    response = redirect(to)
    visits.end_visit(request, response)
    confirmation.end_confirmation(request, response)
    return response


@private_page_view("GET", "HEAD")
def show_ended(request: HttpRequest, why: str) -> HttpResponse:
    return render_page(request, "ended", {"why": why})
