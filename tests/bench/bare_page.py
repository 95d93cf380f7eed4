"""The baseline for the portal: one Django view of 15 kB without any middleware, and one that stores
a row of its own for a form with a CSRF token. Settings and views are in one file.
"""

import os
from typing import Any

import dj_database_url
from django.conf import settings

settings.configure(
    SECRET_KEY="only-for-measuring-0123456789-abcdefghijklmnopqrstuvwxyz",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    DATABASES={
        "default": {
            **dj_database_url.parse(os.environ["DATABASE_URL"]),
            "CONN_MAX_AGE": None,
        }
    },
)

from django.core.wsgi import get_wsgi_application  # noqa: E402 - only now are there settings
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect  # noqa: E402
from django.middleware.csrf import get_token  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.csrf import csrf_protect  # noqa: E402

_PAGE = b"<p>Nothing but words to be sent. </p>\n" * 405


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_PAGE)


@csrf_protect
def insert(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO bench_bare (words) VALUES (%s)", [request.POST.get("message", "")]
            )
        return HttpResponseRedirect("/")
    return HttpResponse(
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(request)}">'
    )


urlpatterns = [path("", page), path("insert/", insert)]
application: Any = get_wsgi_application()
