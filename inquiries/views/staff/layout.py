"""The frame of a staff page: who may see it, and the admin's page around it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def staff_page(permission: str) -> Callable[[View], View]:
    """Refuse anyone without the permission: 403, or 404 if the address names an object."""
    return permission_required(permission, raise_exception=True)


def render_page(
    request: HttpRequest, name: str, title: "StrOrPromise", *, status: int = 200, **shown: Any
) -> TemplateResponse:
    context = {**admin.site.each_context(request), "title": title, **shown}
    return TemplateResponse(request, f"admin/inquiries/{name}.html", context, status=status)
