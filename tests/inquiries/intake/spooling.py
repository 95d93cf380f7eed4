"""A form that is accepted while the database is down."""

from typing import Any

import pytest
from django.db import OperationalError

from inquiries.intake import front_desk
from inquiries.intake import reception as intake
from inquiries.intake.spool import SpoolEntry
from tests.factories import make_submission

KEY = "one-form-on-one-screen"


def break_the_database(monkeypatch: pytest.MonkeyPatch, error: Exception | None = None) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise error or OperationalError("the database is gone")

    monkeypatch.setattr(intake, "receive_inquiry", fail)


def accept(**fields: Any) -> front_desk.Acceptance:
    return front_desk.accept_submission(SpoolEntry(submission=make_submission(**fields), key=KEY))
