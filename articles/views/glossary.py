"""The glossary of terms that articles explain."""

import itertools

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.models import (
    Term,
)
from articles.views.decorators import public_page


@public_page
def glossary(request: HttpRequest) -> HttpResponse:
    terms = Term.objects.in_order()
    letters = [
        (letter, list(found))
        for letter, found in itertools.groupby(terms, lambda term: term.letter)
    ]
    return render(request, "articles/glossary.html", {"letters": letters})
