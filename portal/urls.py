from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps import views as sitemaps
from django.urls import include, path

from articles.views.decorators import public_page
from inquiries.views.staff.calendar_link import show_feed
from portal import errors, health
from portal.sitemaps import SITEMAPS
from portal.views import about, components, search, site

urlpatterns = [
    # What readers and senders see: in English at these addresses, in Spanish under /es/.
    *i18n_patterns(
        path("", site.home, name="home"),
        path("", include("articles.urls")),
        path("", include("inquiries.urls")),
        path("search/", search.search, name="search"),
        path("privacy/", site.privacy, name="privacy"),
        path("accessibility/", site.accessibility, name="accessibility"),
        path("about/", about.about, name="about"),
        path("about/how-we-write/", about.editorial, name="editorial"),
        path("about/people/", about.people, name="people"),
        path("about/funding/", about.funding, name="funding"),
        path("about/complaints/", about.complaints, name="complaints"),
        path("about/corrections/", about.corrections, name="corrections"),
        prefix_default_language=False,
    ),
    path("accounts/", include("portal.accounts.urls")),
    path("admin/portal/accounts/", include("portal.accounts.colleague_urls")),
    path(
        "admin/components/",
        admin.site.admin_view(components.show_components),
        name="components",
    ),
    path("admin/", admin.site.urls),
    # A calendar program reads it, and can't sign in: the address is the secret.
    path("calendar/<str:token>.ics", show_feed, name="calendar_feed"),
    path("mail/bounces/", site.take_bounce_reports, name="bounce_reports"),
    path("healthz/live", health.live),
    path("healthz/ready", health.ready),
    path("robots.txt", site.robots),
    path(".well-known/security.txt", site.security_txt),
    path(
        "sitemap.xml",
        public_page(sitemaps.index),
        {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap-section"},
        name="sitemap",
    ),
    path(
        "sitemap-<section>.xml",
        public_page(sitemaps.sitemap),
        {"sitemaps": SITEMAPS},
        name="sitemap-section",
    ),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler429 = errors.too_many_requests  # django-allauth asks for it
handler500 = errors.server_error
handler503 = errors.sign_in_unavailable
