"""Pages for the categories, and for the articles in one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from articles.models import (
    Article,
    Category,
)
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
    articles = Article.objects.for_readers().filed_under(found).for_lists()
    page = paginate(articles, request.GET.get("page", "1"))
    return render(request, "articles/category.html", {"category": found, "page": page})
