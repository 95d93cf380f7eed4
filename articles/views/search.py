"""Search of the articles."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles import search as searching
from articles.text_cleaning import clean_line
from articles.views.decorators import public_page


@public_page
def search(request: HttpRequest) -> HttpResponse:
    query = clean_line(request.GET.get("q", ""))[: searching.MAX_LENGTH]
    return render(
        request,
        "articles/search.html",
        {"query": query, "results": searching.search_articles(query)},
    )
