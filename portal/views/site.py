"""The site's own pages: home, policies, and what machines look for at fixed addresses."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from articles.models import Article, Category
from articles.reading import feedback, start
from articles.views.decorators import public_page
from inquiries.privacy import kept_years
from portal.http.language import is_number_of_post, path_in

_LATEST = 4


@public_page
def home(request: HttpRequest) -> HttpResponse:
    if request.GET and any(is_number_of_post((name, request.GET[name])) for name in request.GET):
        raise Http404("Another site used such addresses for posts: errors.page_not_found.")
    categories = Category.objects.for_readers()
    first_reads = start.find_first_reads(categories)
    others = Article.objects.for_readers().exclude(pk__in=[each.pk for each in first_reads])
    context = {
        "categories": categories,
        "first_reads": first_reads,
        "latest": others.for_titles()[:_LATEST],
    }
    return render(request, "portal/home.html", context)


@public_page
def privacy(request: HttpRequest) -> HttpResponse:
    """The retention periods shown come from the code that decides them."""
    context = {
        "kept_years": kept_years(),
        "comment_kept_days": feedback.COMMENTS_KEPT_FOR.days,
    }
    return render(request, "portal/privacy.html", context)


@public_page
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


# --- For machines ---------------------------------------------------------------------------------


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    """RFC 9309. Headers and access control keep personal pages out of indexes, not this file."""
    lines = [
        "User-agent: *",
        f"Disallow: {reverse('admin:index')}",
        *(
            f"Disallow: {path_in(code, reverse(route))}"
            for code, _ in settings.LANGUAGES
            for route in ("search", "inquiries:ask", "inquiries:sent")
        ),
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@public_page
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116: where to report a vulnerability; without a contact, the privacy page says how."""
    contact = settings.CLINIC.security_contact or request.build_absolute_uri(reverse("privacy"))
    # The RFC says at most a year ahead; whole days, so that the answer stays the same for a day.
    expires = (timezone.now() + timedelta(days=180)).replace(hour=0, minute=0, second=0)
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en, es",
        f"Canonical: {request.build_absolute_uri()}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@csrf_exempt  # No browser sends this, and its secret is in a header.
@login_not_required
@require_POST
def take_bounce_reports(request: HttpRequest) -> HttpResponse:
    """Take what the clinic's mail provider reports; a site without one never loads that code."""
    from inquiries.views.bounces import take_reports

    return take_reports(request)
