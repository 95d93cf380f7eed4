"""Pages for the categories, and for the articles in one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from articles.models import (
    Article,
    Category,
)
from articles.reading import start
from articles.views.decorators import public_page
from articles.views.pagination import paginate


@public_page
def category_list(request: HttpRequest) -> HttpResponse:
    return render(
        request, "articles/categories.html", {"categories": Category.objects.for_readers()}
    )


@public_page
def category(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Category.objects.with_words(), slug=slug)
    articles = Article.objects.for_readers().filed_under(found).for_titles()
    page = paginate(articles, request.GET.get("page", "1"))
    first = start.find_first(found) if page.number == 1 else None
    rows = start.load_categories(start.with_first(first, page.rows))
    return render(
        request, "articles/category.html", {"category": found, "page": page, "rows": rows}
    )
