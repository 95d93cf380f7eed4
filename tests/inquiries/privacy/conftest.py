"""A fixture for the privacy officer."""

from typing import TYPE_CHECKING

import pytest

# Imported inside the fixtures, because Django is not set up until this file has been read.
if TYPE_CHECKING:
    from portal.models import User


@pytest.fixture
def officer() -> "User":
    from portal.models import Role
    from tests.factories import make_staff

    return make_staff(Role.PRIVACY)
