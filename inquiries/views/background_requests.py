"""What a page's script asks for by itself, while nobody presses anything.

It keeps no session alive, and is answered by a part of a page, or 401 where nobody is signed in.
"""

from django.http import HttpRequest

_HEADER = "X-Asked-By"


def is_background_request(request: HttpRequest) -> bool:
    """Who lies about it loses by it: their session ends sooner."""
    return request.method == "GET" and request.headers.get(_HEADER) == "script"
