"""A reply in the wrong language, as a coordinator sees it in a browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from inquiries.models import Inquiry, Message
from inquiries.states import State
from portal.models import Role, User
from tests.browser import pages
from tests.browser.test_queue import enter
from tests.factories import make_inquiry, make_staff

ENGLISH = "Thank you for your message. I will call you tomorrow about your results."


@pytest.fixture
def user(transactional_db: None) -> User:
    return make_staff(Role.COORDINATOR)


@pytest.fixture
def inquiry(user: User) -> Inquiry:
    return make_inquiry(
        State.CLAIMED,
        owner=user,
        language="es",
        contact_method="email",
        email="rosa@example.org",
    )


def send(page: Page, user: User, inquiry: Inquiry) -> None:
    enter(page, user, f"{pages.QUEUE}{inquiry.pk}/change/")
    page.get_by_label("Message to the sender").fill(ENGLISH)
    page.get_by_role("button", name="Write to the sender").click()


def test_without_script_the_language_is_checked_once_and_the_reply_sent_once(
    page_without_script: Page, user: User, inquiry: Inquiry
) -> None:
    page = page_without_script
    send(page, user, inquiry)
    asked = page.get_by_role("alert").filter(has_text="This reply looks like English.")
    expect(asked).to_be_in_viewport()
    expect(page.get_by_label("Message to the sender")).to_have_value(ENGLISH)
    assert not Message.objects.exists()
    page.get_by_role("button", name="Send it in English").click()
    expect(page.get_by_role("alert").filter(has_text="looks like")).to_have_count(0)
    assert [each.text for each in Message.objects.all()] == [ENGLISH]


def test_the_language_question_is_accessible(
    page: Page, user: User, inquiry: Inquiry, examine: Callable[[str], None]
) -> None:
    send(page, user, inquiry)
    expect(page.get_by_role("alert").filter(has_text="looks like English")).to_be_focused()
    examine("a reply in the wrong language")
