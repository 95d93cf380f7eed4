"""Who stands behind the site: the clinic, the people who write and review, and what was wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles import evidence_stages
from articles.reading import corrections as corrections_of_site
from articles.reading import people as people_of_site
from articles.views.decorators import public_page
from articles.views.pagination import paginate

_DAYS_A_MONTH = 30.5


@public_page
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about/about.html")


@public_page
def editorial(request: HttpRequest) -> HttpResponse:
    """How often articles are reviewed comes from the code that decides it."""
    months, months_unsettled = (
        round(each.days / _DAYS_A_MONTH)
        for each in (
            evidence_stages.REVIEW_INTERVAL,
            evidence_stages.REVIEW_INTERVAL_UNSETTLED,
        )
    )
    context = {"months": months, "months_unsettled": months_unsettled}
    return render(request, "portal/about/editorial.html", context)


@public_page
def people(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about/people.html", {"people": people_of_site.list_people()})


@public_page
def funding(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about/funding.html")


@public_page
def complaints(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about/complaints.html")


@public_page
def corrections(request: HttpRequest) -> HttpResponse:
    page = paginate(corrections_of_site.list_corrections(), request.GET.get("page", "1"))
    return render(request, "portal/about/corrections.html", {"page": page})
