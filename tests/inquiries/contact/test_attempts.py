"""The contact policy: which attempts count, and which are still missing. 2026 in New York."""

from datetime import datetime
from typing import Any

import pytest

from inquiries.contact import plan as planning
from inquiries.models import Event
from tests.inquiries.contact.attempts import at, happened, routine, sent, tried

pytestmark = pytest.mark.django_db

MAIL = {"email": "ana@example.org"}
WROTE: tuple[str, datetime, dict[str, str]] = ("wrote", at(23, 12), {})


@pytest.mark.parametrize(
    ("fields", "events", "attempts", "missing"),
    [
        pytest.param(
            MAIL,
            [],
            0,
            [
                "3 attempts, at least 4 hours apart",
                "attempts in the sender’s morning and afternoon",
                "attempts by phone call and email",
            ],
            id="nothing yet; in the evening we are closed",
        ),
        pytest.param(
            MAIL,
            tried(at(23, 9), at(23, 12), at(23, 13)),
            2,
            ["1 more attempt, at least 4 hours after the last", "an attempt by email"],
            id="what comes too soon is no attempt of its own",
        ),
        pytest.param(
            MAIL,
            [*tried(at(23, 9), at(23, 14)), *tried(at(24, 9), method="email")],
            3,
            [],
            id="all done",
        ),
        pytest.param(
            {},
            tried(at(23, 9), at(23, 14), at(24, 9)),
            3,
            [],
            id="no second way where they gave one, and want nothing left on it",
        ),
        pytest.param(
            {"voicemail": "callback_only"},
            tried(at(23, 9), at(23, 14), at(24, 9)),
            3,
            ["an attempt by text message"],
            id="a text where a message may be left",
        ),
        pytest.param(
            {"voicemail": "callback_only", "shared_phone": True, **MAIL, "shared_email": True},
            tried(at(23, 9), at(23, 14), at(24, 9)),
            3,
            [],
            id="neither text nor mail where others read them",
        ),
        pytest.param(
            {"best_time": "morning"},
            tried(at(23, 9), at(24, 9), at(25, 9)),
            3,
            [],
            id="no other part of the day than they asked for",
        ),
        pytest.param(
            {"time_zone": "America/Los_Angeles"},
            tried(at(23, 13), at(24, 13), at(25, 13)),
            3,
            ["an attempt in the sender’s afternoon"],
            id="parts of the day are theirs: it is morning in Los Angeles",
        ),
        pytest.param(
            {},
            [*tried(at(23, 9)), *happened(WROTE), *tried(at(23, 14))],
            1,
            ["2 more attempts, at least 4 hours apart", "an attempt in the sender’s morning"],
            id="what they wrote begins it anew",
        ),
        pytest.param(
            {},
            [*tried(at(23, 9)), *happened(("reopened", at(24, 9), {}))],
            0,
            [
                "3 attempts, at least 4 hours apart",
                "attempts in the sender’s morning and afternoon",
            ],
            id="so does opening it again",
        ),
        pytest.param(
            MAIL,
            [*tried(at(23, 9), at(23, 14)), *happened(("replied", at(24, 9), {}))],
            3,
            [],
            id="a message that a mail told them of is an attempt by mail",
        ),
        pytest.param(
            MAIL,
            [
                *tried(at(23, 9), at(23, 14)),
                *happened(
                    ("replied", at(24, 9), {}), ("undelivered", at(24, 9), {"mail": "reply"})
                ),
            ],
            2,
            ["1 more attempt, at least 4 hours after the last"],
            id="not if the mail never got there; and nobody asks for another",
        ),
        pytest.param(
            {},
            happened(("received", at(23, 9), {}), ("undelivered", at(23, 9), {"mail": "link"})),
            0,
            [
                "3 attempts, at least 4 hours apart",
                "attempts in the sender’s morning and afternoon",
            ],
            id="mails that the portal sends by itself never count",
        ),
        pytest.param(
            {}, tried(at(23, 9), reached="wrong"), 1, [], id="a wrong number leaves nothing to try"
        ),
    ],
)
def test_attempts_and_missing_requirements_are_counted(
    fields: dict[str, Any], events: list[Event], attempts: int, missing: list[str]
) -> None:
    done = planning.measure_progress(sent(**fields), events, routine(), at(25, 10))
    assert (done.attempts, list(done.missing)) == (attempts, missing)
