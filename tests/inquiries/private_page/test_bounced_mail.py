"""What the sender reads after an email to them came back."""

from typing import Any

import pytest

from inquiries.mail.bounces import Bounce, Result, take_bounce
from inquiries.models import BounceReason
from tests.inquiries.mail.bounced import DOMAIN, send_confirmation
from tests.inquiries.private_page.browser import PRIVATE, address, prove, with_link_of, words_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (BounceReason.NO_ADDRESS, "couldn’t deliver an email to you. Please check your email"),
        (BounceReason.FULL, "because your inbox is full"),
        (BounceReason.BLOCKED, "because your mail service blocked it"),
        (BounceReason.NOT_SAID, "couldn’t deliver an email to you. Please check your email"),
    ],
)
def test_the_sender_reads_on_their_page_and_copy_that_it_came_back(
    settings: Any, reason: BounceReason, sentence: str
) -> None:
    settings.EMAIL_IS_SET, settings.RETURN_ADDRESS = True, f"bounce@{DOMAIN}"
    inquiry, returned = send_confirmation()
    take_bounce(Bounce((returned,), Result.FAILED, reason))
    client = with_link_of(inquiry)
    prove(client, "0143")
    page = words_of(client.get(PRIVATE))
    assert "An email we sent you didn’t arrive." in page
    assert sentence in page
    copy = client.get(address("download")).json()
    assert [each["state"] for each in copy["emails_to_you"]] == ["Could not be delivered"]
    [told] = [each["what"] for each in copy["what_happened"] if each["kind"] == "undelivered"]
    assert sentence in told
