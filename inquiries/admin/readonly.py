"""What the pages here have in common: what they show changes by verbs alone."""

from typing import Any, TypeVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

Row = TypeVar("Row", bound=Model)


def current_user(request: HttpRequest) -> Any:
    """Who is signed in: staff, behind `admin_view`."""
    return request.user


class ReadOnlyAdmin(admin.ModelAdmin[Row]):
    """Nothing is added, edited or deleted here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def require_access(self, request: HttpRequest) -> None:
        """Raise PermissionDenied for who may not look either."""
        if not self.has_view_permission(request):
            raise PermissionDenied

    def render_page(
        self, request: HttpRequest, name: str, title: str, **shown: Any
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            **shown,
        }
        return TemplateResponse(request, f"admin/inquiries/{name}.html", context)
