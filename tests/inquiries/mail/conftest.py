"""Fixtures: a mail server, and the staff who get notices."""

from typing import TYPE_CHECKING, Any

import pytest

# Imported inside the fixtures, because Django is not set up until this file has been read.
if TYPE_CHECKING:
    from portal.models import User


@pytest.fixture(autouse=True)
def _mail_is_set(settings: Any) -> None:
    settings.EMAIL_IS_SET = True
    settings.PORTAL_URL = "https://portal.example"


@pytest.fixture
def owner(db: None) -> "User":
    from portal.models import Role
    from tests.factories import make_staff

    return make_staff(Role.COORDINATOR, email="owner@example.org")


@pytest.fixture
def chief(db: None) -> "User":
    from portal.models import Role
    from tests.factories import make_staff

    return make_staff(Role.LEAD, email="chief@example.org")


@pytest.fixture
def author(db: None) -> "User":
    from portal.models import Role
    from tests.factories import make_staff

    return make_staff(Role.EDITOR, email="author@example.org")


@pytest.fixture
def ana(db: None) -> "User":
    from portal.models import Role
    from tests.factories import make_staff

    return make_staff(Role.REVIEWER, email="ana@example.org")


@pytest.fixture
def ben(db: None) -> "User":
    from portal.models import Role
    from tests.factories import make_staff

    return make_staff(Role.REVIEWER, email="ben@example.org")
