"""An empty Django with admin and one page of 15 kB, as the baseline for the portal."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

_PAGE = b"<p>Nothing but words to be sent. </p>\n" * 405


@login_not_required
def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_PAGE)


urlpatterns = [path("admin/", admin.site.urls), path("", page)]
