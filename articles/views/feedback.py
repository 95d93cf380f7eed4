"""“Was this clear?”: a reader's answer, and their comment to the editors."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from articles.forms.comment import CommentForm
from articles.models import Article, Feedback
from articles.reading import feedback
from articles.views.decorators import public_page
from articles.views.pagination import parse_number


@csrf_exempt  # A token needs a cookie. It doesn't matter who sent this: an answer is only counted.
@login_not_required
@require_POST
def give_feedback(request: HttpRequest, slug: str) -> HttpResponse:
    """Count an answer to “was this clear?”. An invalid one isn't counted, but gets the same thanks.

    Rate limit per address: portal/http/limits.py.
    """
    if is_cross_site(request):
        raise PermissionDenied
    found = get_object_or_404(Article.objects.published(), slug=slug)
    number = parse_number(request.POST.get("revision", ""))
    given = request.POST.get("answer", "")
    if given in Feedback.Answer.values and number is not None:
        feedback.count_answer(
            found, number=number, choice=Feedback.Answer(given), on=timezone.localdate()
        )
    return redirect("articles:thanks", slug)


def is_cross_site(request: HttpRequest, *, unless_told: bool = False) -> bool:
    """Return whether the browser says that a page of another site sent it.

    `unless_told`: the result for a very old browser that says nothing.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site != "same-origin"
    origin = request.headers.get("Origin")
    if origin is None:
        return unless_told
    return origin != f"{request.scheme}://{request.get_host()}"


@csrf_exempt  # For the same reason as above.
@login_not_required
@require_POST
def tell_editors(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep a comment on what was unclear, for the editors only."""
    if is_cross_site(request, unless_told=True):
        raise PermissionDenied
    found = get_object_or_404(Article.objects.published(), slug=slug)
    form = _comment_form(found, request.POST)
    if not form.is_valid():
        return _render_thanks(request, found, form, status=422)
    feedback.keep_comment(found, **form.cleaned_data, on=timezone.localdate())
    return redirect(f"{reverse('articles:thanks', args=[slug])}?told")


@public_page
def feedback_thanks(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Article.objects.published(), slug=slug)
    return _render_thanks(request, found, _comment_form(found))


def _comment_form(article: Article, data: Any = None) -> CommentForm:
    return CommentForm(data, sections=feedback.section_titles(article), lang=article.lang)


def _render_thanks(
    request: HttpRequest, article: Article, form: CommentForm, status: int = 200
) -> HttpResponse:
    return render(
        request,
        "articles/article/thanks.html",
        {
            "article": article,
            "form": form,
            "has_told": "told" in request.GET,
            "kept_days": feedback.COMMENTS_KEPT_FOR.days,
        },
        status=status,
    )
