"""Every route, and who may open it."""

from collections.abc import Callable, Iterator

from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

from portal.models import Role
from tests.factories import (
    make_absence,
    make_calendar,
    make_cannedreply,
    make_checklist,
    make_crisisscript,
    make_dangerphrase,
    make_directoryentry,
    make_missedsearch,
    make_servicelevel,
    make_synonym,
)

EVERYONE = frozenset({"anyone", "", *Role.values})
STAFF = EVERYONE - {"anyone"}
ARTICLES = frozenset({Role.EDITOR, Role.REVIEWER})
WRITING = frozenset({Role.EDITOR})
REVIEWING = frozenset({Role.REVIEWER})
REQUESTS = frozenset({Role.COORDINATOR, Role.LEAD, Role.PRIVACY})
TRIAGING = frozenset({Role.COORDINATOR, Role.LEAD})
LEADING = frozenset({Role.LEAD})
AUDITING = frozenset({Role.PRIVACY})
# Only a superuser, who is tested separately.
NOBODY: frozenset[str] = frozenset()
#: Lists that the clinic maintains, each with a factory for its rows.
KEPT_BY_LEADS: dict[str, Callable[[], Model]] = {
    "absence": make_absence,
    "cannedreply": make_cannedreply,
    "calendar": make_calendar,
    "checklist": make_checklist,
    "crisisscript": make_crisisscript,
    "dangerphrase": make_dangerphrase,
    "directoryentry": make_directoryentry,
    "servicelevel": make_servicelevel,
}

#: The same for lists that editors maintain.
KEPT_BY_EDITORS: dict[str, Callable[[], Model]] = {
    "missedsearch": make_missedsearch,
    "synonym": make_synonym,
}

# (Admin addresses that end in an object's key redirect to its change/, which checks access.)
AUDIENCE = {
    "": EVERYONE,
    "articles/": EVERYONE,
    "articles/<slug:slug>/": EVERYONE,
    "articles/<slug:slug>/clear/": EVERYONE,
    "articles/<slug:slug>/tell/": EVERYONE,
    "articles/<slug:slug>/thanks/": EVERYONE,
    "preview/<str:secret>/": EVERYONE,
    "preview/<str:secret>/comment/": EVERYONE,
    "categories/": EVERYONE,
    "a-to-z/": EVERYONE,
    "glossary/": EVERYONE,
    "categories/<slug:slug>/": EVERYONE,
    "categories/<slug:slug>/feed/": EVERYONE,
    "images/<str:name>": EVERYONE,
    "search/": EVERYONE,
    "feed/": EVERYONE,
    "care-coordinator/": EVERYONE,
    "care-coordinator/ask/": EVERYONE,
    "care-coordinator/paper/": EVERYONE,
    "care-coordinator/sent/": EVERYONE,
    "care-coordinator/sent/open/": EVERYONE,
    "care-coordinator/request/": EVERYONE,
    **{
        f"care-coordinator/request/{step}/": EVERYONE
        for step in (
            *("prove", "write", "answered", "reach", "withdraw", "erase", "download", "link"),
            "helped",
            *("copy", "new-link", "address", "revoke", "leave", "erased", "revoked", "<str:token>"),
        )
    },
    "privacy/": EVERYONE,
    "accessibility/": EVERYONE,
    "about/": EVERYONE,
    **{
        f"about/{page}/": EVERYONE
        for page in ("how-we-write", "people", "funding", "complaints", "corrections")
    },
    "robots.txt": EVERYONE,
    ".well-known/security.txt": EVERYONE,
    "sitemap.xml": EVERYONE,
    "sitemap-<section>.xml": EVERYONE,
    "mail/bounces/": EVERYONE,
    "healthz/live": EVERYONE,
    "healthz/ready": EVERYONE,
    "accounts/login/": EVERYONE,
    "accounts/logout/": EVERYONE,
    "accounts/reauthenticate/": STAFF,
    "accounts/password/change/": STAFF,
    "accounts/sessions/": STAFF,
    "accounts/password/set/<str:uidb64>/<str:token>/": EVERYONE,
    "accounts/sessions/<int:pk>/end/": STAFF,
    "accounts/sessions/trusted/<int:pk>/end/": STAFF,
    "accounts/mfa/": STAFF,
    # Between password and second factor; anyone else is sent back to the sign-in page.
    "accounts/mfa/authenticate/": STAFF,
    "accounts/mfa/reauthenticate/": STAFF,
    "accounts/mfa/totp/activate/": STAFF,
    "accounts/mfa/totp/deactivate/": STAFF,
    "accounts/mfa/recovery-codes/": STAFF,
    "accounts/mfa/recovery-codes/generate/": STAFF,
    "accounts/mfa/webauthn/": STAFF,
    "accounts/mfa/webauthn/add/": STAFF,
    "accounts/mfa/webauthn/login/": EVERYONE,
    "accounts/mfa/webauthn/reauthenticate/": STAFF,
    "accounts/mfa/webauthn/keys/<int:pk>/remove/": STAFF,
    "accounts/mfa/webauthn/keys/<int:pk>/edit/": STAFF,
    # These exist only if an identity provider is set.
    "accounts/oidc/login/": EVERYONE,
    "accounts/oidc/callback/": EVERYONE,
    "admin/": STAFF,
    "admin/components/": ARTICLES,
    "admin/portal/accounts/": LEADING,
    "admin/portal/accounts/add/": LEADING,
    "admin/portal/accounts/<uuid:pk>/": LEADING,
    "admin/portal/accounts/<uuid:pk>/<slug:act>/": LEADING,
    "admin/login/": STAFF,
    "admin/logout/": STAFF,
    "admin/password_change/": STAFF,
    "admin/password_change/done/": STAFF,
    "admin/jsi18n/": STAFF,
    "admin/autocomplete/": NOBODY,
    "admin/r/<path:content_type_id>/<path:object_id>/": STAFF,
    "admin/^(?P<app_label>articles|inquiries|portal)/$": STAFF,
    "admin/(?P<url>.*)$": STAFF,
    "admin/portal/user/": NOBODY,
    "admin/portal/user/add/": NOBODY,
    "admin/portal/user/<id>/password/": NOBODY,
    "admin/portal/user/<path:object_id>/": STAFF,
    "admin/portal/user/<path:object_id>/change/": NOBODY,
    "admin/portal/user/<path:object_id>/delete/": NOBODY,
    "admin/portal/user/<path:object_id>/history/": NOBODY,
    **{
        f"admin/articles/{name}/{step}": ARTICLES
        for name in ("reference", "term")
        for step in ("", "<path:object_id>/change/", "<path:object_id>/history/")
    },
    **{f"admin/articles/{name}/<path:object_id>/": STAFF for name in ("reference", "term")},
    **{f"admin/articles/{name}/<path:object_id>/delete/": NOBODY for name in ("reference", "term")},
    "admin/articles/reference/add/": ARTICLES,
    "admin/articles/reference/import/": ARTICLES,
    "admin/articles/reference/number/": ARTICLES,
    "admin/articles/reference/<uuid:pk>/read/": ARTICLES,
    "admin/articles/reference/<uuid:pk>/standing/": ARTICLES,
    "admin/articles/term/add/": REVIEWING,
    **{
        f"admin/articles/{name}/{step}": WRITING
        for name in KEPT_BY_EDITORS
        for step in (
            *("", "<path:object_id>/change/", "<path:object_id>/delete/"),
            "<path:object_id>/history/",
        )
    },
    **{f"admin/articles/{name}/<path:object_id>/": STAFF for name in KEPT_BY_EDITORS},
    "admin/articles/synonym/add/": WRITING,
    "admin/articles/missedsearch/add/": NOBODY,
    "admin/articles/proposal/": ARTICLES,
    "admin/articles/proposal/add/": NOBODY,
    "admin/articles/proposal/<path:object_id>/": STAFF,
    "admin/articles/proposal/<path:object_id>/change/": ARTICLES,
    "admin/articles/proposal/<path:object_id>/delete/": NOBODY,
    "admin/articles/proposal/<path:object_id>/history/": ARTICLES,
    "admin/articles/category/": ARTICLES,
    "admin/articles/category/add/": REVIEWING,
    "admin/articles/category/<path:object_id>/": STAFF,
    "admin/articles/category/<path:object_id>/change/": ARTICLES,
    "admin/articles/category/<path:object_id>/delete/": NOBODY,
    "admin/articles/category/<path:object_id>/history/": ARTICLES,
    "admin/articles/image/": ARTICLES,
    "admin/articles/image/add/": WRITING,
    "admin/articles/image/<path:object_id>/": STAFF,
    "admin/articles/image/<path:object_id>/change/": ARTICLES,
    "admin/articles/image/<path:object_id>/delete/": WRITING,
    "admin/articles/image/<path:object_id>/history/": ARTICLES,
    "admin/articles/image/<uuid:pk>/withdraw/": REVIEWING,
    "admin/articles/article/": ARTICLES,
    "admin/articles/article/add/": WRITING,
    "admin/articles/article/<path:object_id>/": STAFF,
    "admin/articles/article/<path:object_id>/change/": ARTICLES,
    "admin/articles/article/<path:object_id>/delete/": NOBODY,
    "admin/articles/article/<path:object_id>/history/": ARTICLES,
    "admin/articles/article/due/": ARTICLES,
    "admin/articles/article/export/": WRITING,
    "admin/articles/article/import/": WRITING,
    # Their own; not even a superuser sees another person's.
    "admin/articles/article/import/<uuid:pk>/": NOBODY,
    "admin/articles/article/kept/<uuid:pk>/": NOBODY,
    "admin/articles/article/<uuid:pk>/feedback/": ARTICLES,
    "admin/articles/article/<uuid:pk>/feedback/<int:number>/": ARTICLES,
    "admin/articles/article/try/": WRITING,
    "admin/articles/article/keep/": WRITING,
    "admin/articles/article/<uuid:pk>/keep/": WRITING,
    "admin/articles/article/paste/": WRITING,
    "admin/articles/article/library/<slug:shelf>/": WRITING,
    "admin/articles/article/<uuid:pk>/try/": WRITING,
    "admin/articles/article/<uuid:pk>/preview/": ARTICLES,
    "admin/articles/article/<uuid:pk>/review/": ARTICLES,
    "admin/articles/article/<uuid:pk>/review/<int:thread>/": ARTICLES,
    "admin/articles/article/<uuid:pk>/step/<slug:taken>/": ARTICLES,
    "admin/articles/article/<uuid:pk>/confirm/": REVIEWING,
    "admin/articles/article/<uuid:pk>/leave/": ARTICLES,
    "admin/articles/article/<uuid:pk>/move/": WRITING,
    "admin/articles/article/<uuid:pk>/revisions/": ARTICLES,
    "admin/articles/article/<uuid:pk>/revisions/<int:number>/": ARTICLES,
    "admin/articles/article/<uuid:pk>/share/": ARTICLES,
    "admin/articles/article/<uuid:pk>/translate/<slug:language>/": WRITING,
    "admin/articles/article/<uuid:pk>/up-to-date/": WRITING,
    "admin/articles/article/<uuid:pk>/share/<int:link>/end/": ARTICLES,
    "admin/inquiries/auditentry/": AUDITING,
    "admin/inquiries/auditentry/export/": AUDITING,
    "admin/inquiries/auditentry/reading/": AUDITING,
    "admin/inquiries/auditentry/reading/<uuid:pk>/": AUDITING,
    "admin/inquiries/auditentry/reading/<uuid:pk>/export/": AUDITING,
    **{
        f"admin/inquiries/{name}/{step}": LEADING
        for name in KEPT_BY_LEADS
        for step in (
            *("", "add/", "<path:object_id>/change/", "<path:object_id>/delete/"),
            "<path:object_id>/history/",
        )
    },
    **{f"admin/inquiries/{name}/<path:object_id>/": STAFF for name in KEPT_BY_LEADS},
    # Coordinators read the replies that leads keep.
    **{
        f"admin/inquiries/cannedreply/{step}": frozenset({Role.COORDINATOR, Role.LEAD})
        for step in ("", "<path:object_id>/change/", "<path:object_id>/history/")
    },
    "admin/inquiries/restored/settle/": LEADING,
    "admin/inquiries/restored/release/": LEADING,
    "admin/inquiries/attention/": frozenset({Role.COORDINATOR, Role.LEAD}),
    "admin/inquiries/your-calendar/": frozenset({Role.COORDINATOR, Role.LEAD}),
    "calendar/<str:token>.ics": EVERYONE,
    # Service levels are fixed: there is one for each urgency.
    "admin/inquiries/servicelevel/add/": NOBODY,
    "admin/inquiries/servicelevel/<path:object_id>/delete/": NOBODY,
    "admin/inquiries/languages/": frozenset({Role.COORDINATOR, Role.LEAD}),
    # Their own languages, or for a lead, those of everyone who handles requests.
    "admin/inquiries/languages/<uuid:pk>/": LEADING,
    "admin/inquiries/team/": TRIAGING,
    "admin/inquiries/team/away/": TRIAGING,
    "admin/inquiries/team/shift/": TRIAGING,
    # Their own days and requests, or for a lead, everyone’s.
    "admin/inquiries/team/away/<uuid:pk>/": LEADING,
    "admin/inquiries/team/<uuid:pk>/move/": LEADING,
    "admin/inquiries/inquiry/": REQUESTS,
    "admin/inquiries/inquiry/find/": REQUESTS,
    "admin/inquiries/inquiry/bulk/": REQUESTS,
    "admin/inquiries/inquiry/tasks/": frozenset({Role.COORDINATOR, Role.LEAD}),
    "admin/inquiries/inquiry/undo/": frozenset({Role.COORDINATOR, Role.LEAD}),
    "admin/inquiries/inquiry/views/": frozenset({Role.COORDINATOR, Role.LEAD}),
    # Their own views, or for a lead, also those that are shared.
    "admin/inquiries/savedview/<uuid:pk>/delete/": frozenset({Role.COORDINATOR, Role.LEAD}),
    "admin/inquiries/inquiry/limbo/": LEADING,
    "admin/inquiries/inquiry/reports/bursts/": LEADING,
    "admin/inquiries/inquiry/reports/": LEADING,
    "admin/inquiries/inquiry/reports/export/": LEADING,
    "admin/inquiries/inquiry/crisis/": REQUESTS,
    "admin/inquiries/inquiry/enter/": frozenset({Role.COORDINATOR, Role.LEAD}),
    "admin/inquiries/inquiry/<uuid:pk>/change/": REQUESTS,
    "admin/inquiries/inquiry/<uuid:pk>/next/": frozenset({Role.COORDINATOR, Role.LEAD}),
    "admin/inquiries/inquiry/<uuid:pk>/pulse/": REQUESTS,
    "admin/inquiries/inquiry/<uuid:pk>/reply/fill/": frozenset({Role.COORDINATOR, Role.LEAD}),
    "admin/inquiries/inquiry/<uuid:pk>/reply/preview/": frozenset({Role.COORDINATOR, Role.LEAD}),
    "admin/inquiries/inquiry/<uuid:pk>/<slug:step>/": REQUESTS,
}


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern, route)
