"""What browsers and caches may do with responses."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

from inquiries.urls import PERSONAL_ROUTES
from inquiries.views.inquiry_form import CACHE_FOR_BACK_BUTTON
from portal.http.language import route_name

#: Public pages run no script at all and load nothing from other sites.
PUBLIC_POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
#: The Django admin has scripts of its own, and icons as data: URLs.
STAFF_POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
STAFF_PREFIX = "/admin/"
#: Staff pages, which have one language. Like the senders' own pages, they stay in no cache, not
#: even the browser's: a device may be shared.
STAFF_PREFIXES = (STAFF_PREFIX, "/accounts/")
#: View names: the only pages that another page of ours shows in a frame.
FRAMED_VIEWS = frozenset({"admin:articles_article_preview"})

_NOT_USED = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture"),
    *("encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid"),
    *("idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "otp-credentials"),
    *("payment", "picture-in-picture", "screen-wake-lock", "serial", "storage-access", "sync-xhr"),
    *("usb", "window-management", "xr-spatial-tracking"),
)
#: Sign-in and staff pages use passkeys; no page uses anything else that needs permission.
_PASSKEYS = ("publickey-credentials-create", "publickey-credentials-get")
STAFF_PERMISSIONS = ", ".join(
    [*(f"{name}=()" for name in _NOT_USED), *(f"{name}=(self)" for name in _PASSKEYS)]
)
PUBLIC_PERMISSIONS = ", ".join(f"{name}=()" for name in (*_NOT_USED, *_PASSKEYS))

#: Types that are never a page by themselves and request nothing: a page loads nine such files, and
#: phones pay for every header.
_SUBRESOURCE_TYPES = ("text/css", "font/")


#: Compressed anew for each reader: one millisecond for the longest page.
_BROTLI_QUALITY = 4
#: Bytes; below this, compression gains nothing. Same as Django's value.
_LEAST_COMPRESSED = 200


class CompressionMiddleware(GZipMiddleware):
    """Compresses everything but images, which are as small as they get.

    What is the same for everybody is sent as Brotli, a tenth smaller. The rest is left to Django's
    gzip, which hides the length of a secret next to what somebody else has typed (BREACH).
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.get("Content-Type", "").startswith("image/"):
            return response
        if isinstance(response, HttpResponse) and _is_brotli_fit(request, response):
            import brotli  # loaded on first use

            patch_vary_headers(response, ("Accept-Encoding",))
            compress: Callable[..., bytes] = brotli.compress
            response.content = compress(response.content, quality=_BROTLI_QUALITY)
            response["Content-Encoding"] = "br"
            response["Content-Length"] = str(len(response.content))
            if etag := response.get("ETag", ""):
                response["ETag"] = etag if etag.startswith("W/") else f"W/{etag}"
            return response
        return super().process_response(request, response)


def _is_brotli_fit(request: HttpRequest, response: HttpResponse) -> bool:
    accepted = [each.strip() for each in request.headers.get("Accept-Encoding", "").split(",")]
    is_for_everybody = "public" in response.get("Cache-Control", "")
    return (
        "br" in accepted
        and is_for_everybody
        and not response.cookies
        and not response.has_header("Content-Encoding")
        and len(response.content) >= _LEAST_COMPRESSED
    )


class SecurityHeadersMiddleware:
    """Sets the headers that the page left unset: sign-in pages bring a policy of their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        headers = response.headers
        is_staff_page = request.path.startswith(STAFF_PREFIX)
        policy = STAFF_POLICY if is_staff_page else PUBLIC_POLICY
        frames = "DENY"
        if request.resolver_match and request.resolver_match.view_name in FRAMED_VIEWS:
            policy = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
            frames = "SAMEORIGIN"
        if settings.HTTPS:
            policy = f"{policy}; upgrade-insecure-requests"
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        is_personal = _is_personal(request)
        if not response.get("Content-Type", "").startswith(_SUBRESOURCE_TYPES):
            headers.setdefault("Content-Security-Policy", policy)
            # Not left to Django's middleware alone: a request refused early never gets that far.
            headers["X-Frame-Options"] = frames
            headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
            headers.setdefault(
                "Permissions-Policy", STAFF_PERMISSIONS if is_personal else PUBLIC_PERMISSIONS
            )
        if _is_for_the_back_button(request, response):
            # Only the browser's own cache keeps it, and a changed cookie must not make the browser
            # request the page again.
            headers["Vary"] = "Accept-Encoding"
        elif is_personal or _is_for_this_visitor_only(request, response):
            headers["Cache-Control"] = "private, no-store"
        return response


def _is_personal(request: HttpRequest) -> bool:
    if request.path.startswith(STAFF_PREFIXES):
        return True
    # None if the request was refused or redirected before its route was looked up.
    match = request.resolver_match
    name = match.view_name if match else route_name(request.path_info)
    return name in PERSONAL_ROUTES


def _is_for_the_back_button(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        response.get("Cache-Control") == CACHE_FOR_BACK_BUTTON
        and request.method in {"GET", "HEAD"}
        and response.status_code < HTTPStatus.BAD_REQUEST
    )


def _is_for_this_visitor_only(request: HttpRequest, response: HttpResponse) -> bool:
    """True for anything that was sent, went wrong, depends on a cookie or sets one."""
    return (
        request.method not in {"GET", "HEAD"}
        or response.status_code >= HTTPStatus.BAD_REQUEST
        or bool(response.cookies)
        or "cookie" in response.get("Vary", "").lower()
    )
