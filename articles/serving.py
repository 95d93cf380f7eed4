"""The files of pictures, as browsers get them: without a cookie, a session or a query."""

from pathlib import PurePath

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from articles import shelf
from articles.pictures import TYPES


@login_not_required
@require_safe
@cache_control(public=True, max_age=365 * 24 * 60 * 60, immutable=True)
def image(request: HttpRequest, name: str) -> HttpResponse:
    """Where a file is missing, the browser shows the words that describe the picture."""
    content = shelf.take(name)
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type=TYPES[PurePath(name).suffix[1:]])
    response["ETag"] = f'"{name}"'  # which says what is in it
    return response
