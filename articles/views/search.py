"""Search of the site."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.search import finder, query
from articles.text_cleaning import clean_line
from articles.views.decorators import public_page


@public_page
def search(request: HttpRequest) -> HttpResponse:
    typed = clean_line(request.GET.get("q", ""))[: query.MAX_LENGTH]
    found = finder.find(typed, exactly="exactly" in request.GET)
    articles = finder.articles_of(found.results)
    return render(
        request,
        "articles/search.html",
        {"query": typed, "results": [articles[r.article] for r in found.results if r.article in articles]},
    )
