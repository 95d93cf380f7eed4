"""What may come in, and what browsers may do with what goes out."""

from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse

from inquiries.views import FOR_THE_BACK_BUTTON

#: Reading pages run no script at all and load nothing from elsewhere.
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
#: The Django admin brings scripts of its own, and icons as data: URLs.
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


class PlainRequestMiddleware:
    """Refuses (400) a NUL in cookies or in the query of a staff page.

    No browser sends one, and PostgreSQL refuses to look for it, which would be a fault of ours.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_staff_page = request.path.startswith(STAFF_PREFIX)
        if any("\x00" in value for value in request.COOKIES.values()) or (
            is_staff_page and "%00" in request.META["QUERY_STRING"]
        ):
            raise SuspiciousOperation("A NUL character came with the request.")
        return self.get_response(request)


class SecurityHeadersMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_staff_page = request.path.startswith(STAFF_PREFIX)
        response.headers.setdefault(
            "Content-Security-Policy", STAFF_POLICY if is_staff_page else PUBLIC_POLICY
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        if response.get("Cache-Control") == FOR_THE_BACK_BUTTON:
            # No cache but her own keeps it, and that one must not take the cookie that came with
            # the page for a reason to ask for another.
            response["Vary"] = "Accept-Encoding"
        if is_staff_page:
            response.headers["Cache-Control"] = "private, no-store"
        return response
