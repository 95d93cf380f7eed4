"""The cookies of who asks, all of them sealed or signed.

One shows the confirmation, one keeps the private page open; one tells, of a browser that opened a
private page, that it did; one, for an hour, that somebody left in a hurry.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True)
class Cookie:
    """A cookie of the public pages."""

    base_name: str

    def name(self, request: HttpRequest) -> str:
        """With HTTPS one that a browser takes from this very host only, for all of its paths.

        From a neighbouring name nobody can plant one.
        """
        return f"__Host-{self.base_name}" if request.is_secure() else self.base_name

    def value(self, request: HttpRequest) -> str:
        """As the browser sent it; empty where it has none."""
        return request.COOKIES.get(self.name(request), "")

    def set(
        self, request: HttpRequest, response: HttpResponse, value: str, *, seconds: int | None
    ) -> None:
        """For so long, or until the browser is closed."""
        self._set(request, response, value=value, max_age=seconds)

    def delete(self, request: HttpRequest, response: HttpResponse) -> None:
        # As it was set, or a browser would not take it for the same.
        self._set(request, response, max_age=0, expires="Thu, 01 Jan 1970 00:00:00 GMT")

    def _set(self, request: HttpRequest, response: HttpResponse, **given: Any) -> None:
        response.set_cookie(
            self.name(request),
            # Also for the form, where who sends it again shows by these who they are, and for every
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
