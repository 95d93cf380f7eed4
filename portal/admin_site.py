"""The Django admin, adapted as the staff's workplace."""

from functools import partial, wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseForbidden
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from articles.staff_pages import script_media

#: URL arguments by which admin pages, Django's and ours, name one object.
OBJECT_KEYS = frozenset({"id", "object_id", "pk"})


_MENU_SCRIPT = script_media("menus")


class StaffAdminSite(AdminSite):
    site_header = "Care Portal"
    site_title = _("Care Portal staff")
    index_title = _("Start")
    enable_nav_sidebar = False

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Put the apps' staff pages in front of the admin's own, behind the same access check."""
        # Loaded with the URLs, and not sooner: with models, but before anyone opens a page.
        from articles.admin import start  # noqa: F401 - so that no first page waits for it
        from inquiries import staff_urls
        from portal import staff_menu  # noqa: F401 - the same

        pages = [
            URLPattern(page.pattern, self.admin_view(page.callback), name=page.name)
            for page in staff_urls.urlpatterns
        ]
        return [*pages, *super().get_urls()]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return what every staff page shows; templates that have no header don’t build it.

        Django's own adds a list of all apps, which our pages don't show, and reverses the address
        of every model for it.
        """
        from portal import staff_menu  # not with this module: see get_urls

        return {
            "site_title": self.site_title,
            "site_header": self.site_header,
            "site_url": self.site_url,
            "has_permission": self.has_permission(request),
            "is_popup": False,
            "is_nav_sidebar_enabled": self.enable_nav_sidebar,
            "log_entries": self.get_log_entries(request),
            "staff_script": _MENU_SCRIPT,
            "staff_name": partial(str, request.user),
            "staff_menu": partial(staff_menu.build_menu, request),
            "staff_role": partial(staff_menu.role_name, request.user),
        }

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show what is waiting for this person, in one part for each thing they do."""
        # Not loaded with this module: see get_urls.
        from articles.admin.start import start_parts as parts_of_articles
        from inquiries.views.staff import start
        from portal import staff_words

        user: Any = request.user
        counts = start.count_queue(user)
        context = {
            **self.each_context(request),
            "title": staff_words.START,
            "parts": [*start.start_parts(user, counts), *parts_of_articles(user)],
            **start.attention_context(user, counts),
        }
        request.current_app = self.name
        return TemplateResponse(request, "admin/index.html", context)

    def app_index(  # type: ignore[override] # Django's own always makes a page
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Our start page instead: the navigation has every list."""
        return redirect("admin:index")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's
        """Answer 404 for an object the user may not see: a 403 would reveal that it exists."""

        @wraps(view)
        def hide_unseen_object(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            names_an_object = bool(OBJECT_KEYS & kwargs.keys())
            try:
                answer: HttpResponseBase = view(request, *args, **kwargs)
            except PermissionDenied as refusal:
                if names_an_object:
                    raise Http404 from refusal
                raise
            # For a missing object, Django's pages redirect to the index before they check access.
            if names_an_object and answer.headers.get("Location") == reverse("admin:index"):
                raise Http404
            return answer

        return super().admin_view(hide_unseen_object, cacheable)

    @method_decorator(login_not_required)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Staff sign in at /accounts/login/ only: the admin's form would be a second way in."""
        if request.user.is_authenticated:
            if self.has_permission(request):
                return redirect("admin:index")
            # Signed in without access: a redirect to the sign-in page would loop.
            return HttpResponseForbidden(
                render_to_string(
                    "portal/error.html",
                    {
                        "code": 403,
                        "title": _("This isn’t a staff account"),
                        "message": _("Ask your lead to give it a role."),
                    },
                    request,
                )
            )
        asked = request.GET.get("next")
        return redirect_to_login(asked) if asked else redirect("account_login")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One page here too: /accounts/password/change/ also ends the user's other sessions."""
        return redirect("account_change_password")

    def password_change_done(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")
