"""Topics and medical words from A to Z."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.reading.a_to_z import list_by_letter
from articles.views.decorators import public_page


@public_page
def a_to_z(request: HttpRequest) -> HttpResponse:
    return render(request, "articles/a_to_z.html", {"letters": list_by_letter()})
