"""The cookies of senders, all of them sealed or signed.

One shows the confirmation; one keeps the private page open; one marks a browser that has opened a
private page; and one, for an hour, says that somebody left in a hurry.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True)
class Cookie:
    """A cookie of the public pages."""

    base_name: str

    def name(self, request: HttpRequest) -> str:
        """Return the name; with HTTPS, the __Host- prefix ties it to this exact host and all paths.

        A neighboring subdomain cannot plant such a cookie.
        """
        return f"__Host-{self.base_name}" if request.is_secure() else self.base_name

    def value(self, request: HttpRequest) -> str:
        """Return what the browser sent; empty if it has no such cookie."""
        return request.COOKIES.get(self.name(request), "")

    def set(
        self, request: HttpRequest, response: HttpResponse, value: str, *, seconds: int | None
    ) -> None:
        """Set it for that many seconds, or until the browser is closed."""
        self._set(request, response, value=value, max_age=seconds)

    def delete(self, request: HttpRequest, response: HttpResponse) -> None:
        # Same attributes as when it was set, or browsers would treat it as another cookie.
        self._set(request, response, max_age=0, expires="Thu, 01 Jan 1970 00:00:00 GMT")

    def _set(self, request: HttpRequest, response: HttpResponse, **given: Any) -> None:
        response.set_cookie(
            self.name(request),
            # The form needs it too, to recognize a sender who submits again; so do pages in every
            # language.
            path="/",
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
            **given,
        )


CONFIRMATION = Cookie("sent")
VISIT = Cookie("request")
KNOWN_BROWSER = Cookie("known")
QUICK_EXIT = Cookie("left")
