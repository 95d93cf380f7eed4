"""Out of the private page: in a hurry, or because it has ended."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from inquiries.views.cookies import LEFT, SENT
from inquiries.views.private_page import visits
from inquiries.views.private_page.door import personal, show

#: Where “leave this page” leads: harmless, known everywhere, in every language.
LEAVE_TO = "https://www.wikipedia.org/"
#: As long as a confirmation would have been shown.
LEFT_SECONDS = 60 * 60


@personal("GET", "HEAD")
def leave(request: HttpRequest) -> HttpResponse:
    """Off to somewhere harmless, and the way back asks for the link again.

    Back to the form finds it empty: what the browser keeps of our pages goes, and a form that it
    loads anew within the hour is one that it does not fill in.
    """
    response = out(request, LEAVE_TO)
    response["Clear-Site-Data"] = '"cache"'  # https://www.w3.org/TR/clear-site-data/
    LEFT.put(request, response, "yes", seconds=LEFT_SECONDS)
    return response


def out(request: HttpRequest, to: str) -> HttpResponse:
    """Neither the visit nor the confirmation opens the page any more."""
    response = redirect(to)
    visits.end(request, response)
    SENT.forget(request, response)
    return response


@personal("GET", "HEAD")
def over(request: HttpRequest, why: str) -> HttpResponse:
    return show(request, "over", {"why": why})
