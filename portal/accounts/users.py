"""Who is signed in, for code that runs behind the sign-in middleware."""

from typing import cast

from django.http import HttpRequest

from portal.models import User


def current_user(request: HttpRequest) -> User:
    return cast("User", request.user)
