"""Staff."""

from itertools import count
from typing import Any

from portal.models import Role, User

PASSWORD = "correct horse battery staple"

_numbers = count(1)


def make_staff(role: Role | str = "", **fields: Any) -> User:
    number = next(_numbers)
    details = {
        "username": f"{role or 'nobody'}-{number}",
        "first_name": "Demo",
        "last_name": f"{str(role).capitalize()} {number}",
        "is_staff": True,
    }
    return User.objects.create_user(password=PASSWORD, role=role, **{**details, **fields})
