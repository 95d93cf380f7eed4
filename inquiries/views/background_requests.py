"""Requests that a page's script sends on its own, without any action by the user.

They don't keep a session alive. The answer is part of a page, or 401 if nobody is signed in.
"""

from django.http import HttpRequest

_HEADER = "X-Asked-By"


def is_background_request(request: HttpRequest) -> bool:
    """Whether a script sent this. A false header gains nothing: the session just ends sooner."""
    return request.method == "GET" and request.headers.get(_HEADER) == "script"
