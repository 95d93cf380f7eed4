"""The site's own pages: home, policies, errors, and what machines look for at fixed addresses."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

import inquiries.views
from articles.models import Article, Category
from portal.accounts import SignedOut

_LATEST = 3
_public = cache_control(public=True, max_age=60)


@login_not_required
@require_safe
@_public
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "categories": Category.objects.in_use(),
        "latest": Article.objects.published().for_lists()[:_LATEST],
    }
    return render(request, "portal/home.html", context)


@login_not_required
@require_safe
@_public
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html")


@login_not_required
@require_safe
@_public
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


# --- For machines ---------------------------------------------------------------------------------


@login_not_required
@require_safe
@_public
def robots(request: HttpRequest) -> HttpResponse:
    """RFC 9309. What is personal is kept out of indexes by headers and access, not by this file."""
    lines = [
        "User-agent: *",
        f"Disallow: {reverse('admin:index')}",
        f"Disallow: {reverse('articles:search')}",
        f"Disallow: {reverse('inquiries:ask')}",
        f"Disallow: {reverse('inquiries:sent')}",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@login_not_required
@require_safe
@_public
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116: where to report a weakness; the privacy page says how, where no contact is set."""
    contact = settings.CLINIC.security_contact or request.build_absolute_uri(reverse("privacy"))
    # At most a year ahead, says the RFC; by the day, so that the answer stays the same for a day.
    expires = (timezone.now() + timedelta(days=180)).replace(hour=0, minute=0, second=0)
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en, es",
        f"Canonical: {request.build_absolute_uri()}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


# --- Errors ---------------------------------------------------------------------------------------


def _error(
    request: HttpRequest, code: int, title: str, message: str, *, show_typed: bool = False
) -> HttpResponse:
    context = {
        "code": code,
        "title": title,
        "message": message,
        "typed": _typed(request) if show_typed else (),
    }
    response = render(request, "portal/error.html", context, status=code)
    response["Cache-Control"] = "private, no-store"
    return response


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What somebody wrote into a form that could not be taken, to be copied from the page."""
    return [
        (name, value)
        for name, value in request.POST.items()
        if isinstance(value, str) and " " in value.strip() and "password" not in name
    ]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(
        request,
        400,
        "We could not read that",
        "Your browser sent something that this site does not understand, or that is too large.",
    )


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, SignedOut):
        return _error(
            request,
            401,
            "You are signed out",
            "Nothing was saved. Sign in again in a new tab, then bring over what you typed.",
            show_typed=True,
        )
    return _error(request, 403, "This page is not for you", "Your account has no access to it.")


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(
        request,
        404,
        "We could not find that page",
        "It may have moved, or the address may have a typing mistake.",
    )


def too_many_requests(request: HttpRequest) -> HttpResponse:
    return _error(
        request,
        429,
        "That was too often",
        "Somebody tried this many times in a short while. Wait a few minutes and try again.",
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """With the clinic's numbers and nothing else: nothing that may be broken is asked."""
    page = render_to_string("portal/error.html", {"clinic": settings.CLINIC})
    return HttpResponse(page, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if request.resolver_match and request.resolver_match.view_name == "inquiries:ask":
        return inquiries.views.csrf_failure(request)
    return _error(
        request,
        403,
        "We could not check that form",
        "Nothing was saved. Load the page again in a new tab and send it from there. Your browser "
        "has to allow cookies. If you signed in again meanwhile, that is the reason.",
        show_typed=True,
    )
