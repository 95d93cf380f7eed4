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


def _error(request: HttpRequest, code: int, title: str, message: str) -> HttpResponse:
    context = {"code": code, "title": title, "message": message}
    return render(request, "portal/error.html", context, status=code)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(
        request,
        400,
        "We could not read that",
        "Your browser sent something that this site does not understand, or that is too large.",
    )


@login_not_required
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 403, "This page is not for you", "Your account has no access to it.")


@login_not_required
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(
        request,
        404,
        "We could not find that page",
        "It may have moved, or the address may have a typing mistake.",
    )


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Without a context: nothing that may be broken is asked."""
    return HttpResponse(render_to_string("portal/error.html"), status=500)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if request.resolver_match and request.resolver_match.view_name == "inquiries:ask":
        return inquiries.views.csrf_failure(request)
    return _error(
        request,
        403,
        "We could not check that form",
        "Go back, load the page again and send it once more. Your browser has to allow cookies.",
    )
