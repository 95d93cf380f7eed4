"""The files of pictures, served without a cookie or a session."""

from http import HTTPStatus
from pathlib import PurePath

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from articles.images import storage
from articles.images.files import TYPES
from articles.models import Image
from articles.views import words

_YEAR = 365 * 24 * 60 * 60  # in seconds


@login_not_required
@require_safe
def image(request: HttpRequest, name: str) -> HttpResponse:
    """Serve a picture file. If it is missing, the browser shows the alt text instead.

    A withdrawn picture gets a 410: caches and search engines drop it sooner than after a 404.
    """
    content = storage.load_file(name)
    if content is None:
        withdrawn = Image.objects.exclude(withdrawn_at=None)
        if storage.is_file_name(name) and withdrawn.filter(digest=name.partition("-")[0]).exists():
            return HttpResponse(words.PICTURE_GONE, "text/plain", HTTPStatus.GONE)
        raise Http404
    response = HttpResponse(content, content_type=TYPES[PurePath(name).suffix[1:]])
    patch_cache_control(response, public=True, max_age=_YEAR, immutable=True)
    response["ETag"] = f'"{name}"'  # the name identifies the content
    return get_conditional_response(request, response["ETag"], response=response) or response
