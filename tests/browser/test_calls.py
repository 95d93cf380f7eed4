"""A coordinator’s calls, counted: clicks, keys, and page loads from the request to the next one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from inquiries.models import Inquiry
from inquiries.states import State
from portal.models import Role, User
from tests.browser import pages
from tests.browser.test_queue import enter
from tests.factories import make_inquiry, make_staff

PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1280, height=800)
AT_400_PERCENT = ViewportSize(width=320, height=200)


@dataclass(frozen=True)
class Ending:
    """How a call ended: what is chosen in the form, and the most that it may take."""

    chosen: dict[str, str]
    clicks: int
    state: State
    #: Whether the caller answers for a colleague, and so does not claim it.
    is_colleagues: bool = False


ENDINGS = {
    "spoke": Ending(
        {"reached": "spoke", "identity": "reference", "then": "close-answered"}, 5, State.CLOSED
    ),
    "wrong number": Ending({"reached": "wrong", "then": "open"}, 4, State.CLAIMED),
    "voicemail": Ending({"reached": "left_word", "then": "again"}, 4, State.CLAIMED),
    "second caller": Ending(
        {"reached": "spoke", "identity": "own_words"}, 3, State.CONNECTED, is_colleagues=True
    ),
}


@pytest.fixture
def user(transactional_db: None) -> User:
    return make_staff(Role.COORDINATOR)


def make_case(ending: Ending) -> Inquiry:
    state = State.CLAIMED if ending.is_colleagues else State.NEW
    make_inquiry()  # the next one
    return make_inquiry(state, voicemail="callback_only", email="ana@example.org")


class Counter:
    """A person at a page, who counts what they do."""

    def __init__(self, page: Page) -> None:
        page.wait_for_load_state()
        self.page, self.clicks, self.keys, self.loads = page, 0, 0, 0
        page.on("load", self._loaded)

    def _loaded(self, _page: Page) -> None:
        self.loads += 1

    def click(self, selector: str) -> None:
        self.clicks += 1
        self.page.locator(selector).click()

    def press(self, key: str) -> None:
        self.keys += 1
        self.page.keyboard.press(key)

    def tab_to(self, selector: str) -> None:
        """Move the focus there; each stop on the way is in sight, and not below the bar."""
        for _ in range(40):
            self.press("Tab")
            focused = self.page.locator(":focus")
            if focused.count() and focused.evaluate("(it, to) => it.matches(to)", selector):
                assert focused.evaluate(IS_UNCOVERED), f"covered: {selector}"
                return
        raise AssertionError(f"never reached: {selector}")

    def choose(self, name: str, value: str) -> None:
        """Choose in a group of radio buttons, by keyboard."""
        group = f'#do-call [name="call-{name}"]'
        self.tab_to(group)
        for _ in range(12):
            if self.page.locator(f'{group}[value="{value}"]:checked').count():
                return
            self.press(
                "Space" if not self.page.locator(f"{group}:checked").count() else "ArrowDown"
            )
        raise AssertionError(f"never chosen: {name}")


#: The middle of the focused element is really it, or within it or its label: nothing lies above.
IS_UNCOVERED = """element => {
  const box = element.getBoundingClientRect();
  const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return element.contains(there) || Boolean(there?.closest("label")?.contains(element));
}"""


@pytest.mark.parametrize("name", ENDINGS)
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_call_takes_few_clicks_and_one_form(
    page: Page, user: User, name: str, size: ViewportSize
) -> None:
    ending = ENDINGS[name]
    inquiry = make_case(ending)
    page.set_viewport_size(size)
    enter(page, user, f"{pages.QUEUE}{inquiry.pk}/change/")
    counter = Counter(page)
    if not ending.is_colleagues:
        expect(page.get_by_role("button", name="Claim").first).to_be_in_viewport()
        counter.click(".next-action [type=submit]")
        expect(page.get_by_text("You claimed this request.")).to_be_in_viewport()
        number = page.locator('.next-action a[href="tel:+12025550100"]')
        expect(number).to_be_in_viewport(ratio=1)
    for field, value in ending.chosen.items():
        counter.click(f'#do-call [name="call-{field}"][value="{value}"]')
    counter.click("#do-call [type=submit]")
    expect(page.get_by_text("Call logged.")).to_be_in_viewport()
    assert counter.clicks <= ending.clicks
    page.wait_for_load_state()  # the message can be seen before everything is loaded
    assert counter.loads == (1 if ending.is_colleagues else 2)
    inquiry.refresh_from_db()
    assert inquiry.state == ending.state
    if ending.chosen.get("then") != "open":
        page.get_by_role("link", name="Next request").click()
        expect(page.get_by_role("button", name="Claim").first).to_be_in_viewport()


@pytest.mark.parametrize("name", ENDINGS)
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_call_is_logged_by_keyboard_alone(
    page: Page, user: User, name: str, size: ViewportSize
) -> None:
    ending = ENDINGS[name]
    inquiry = make_case(ending)
    page.set_viewport_size(size)
    enter(page, user, f"{pages.QUEUE}{inquiry.pk}/change/")
    counter = Counter(page)
    if not ending.is_colleagues:
        counter.tab_to(".next-action [type=submit]")
        counter.press("Enter")
        expect(page.get_by_text("You claimed this request.")).to_be_visible()
    before = counter.keys
    counter.tab_to('.request-bar [href="#do-call"]')
    counter.press("Enter")
    for field, value in ending.chosen.items():
        counter.choose(field, value)
    counter.tab_to("#do-call [type=submit]")
    counter.press("Enter")
    expect(page.get_by_text("Call logged.")).to_be_visible()
    assert counter.keys - before <= 30, "from the message to the logged call"
    inquiry.refresh_from_db()
    assert inquiry.state == ending.state
    if ending.chosen.get("then") != "open":
        counter.tab_to(".messagelist a")
        assert counter.keys - before <= 31, "the way on is the first stop"


def test_what_matters_is_in_the_first_screen(page: Page, user: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=user, language="es", message="A long story. " * 60)
    enter(page, user, f"{pages.QUEUE}{inquiry.pk}/change/")
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        for part in ("#who", ".summary-why", ".summary-how", "#step", ".next-action a"):
            expect(page.locator(part).first).to_be_in_viewport(ratio=1)
        expect(page.locator(".request-bar")).to_be_in_viewport(ratio=1)


def test_the_form_fits_two_screens_of_a_phone_with_everything_shown(page: Page, user: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=user, voicemail="callback_only")
    page.set_viewport_size(PHONE)
    enter(page, user, f"{pages.QUEUE}{inquiry.pk}/change/")
    form, spoken, waiting = (
        page.locator(each) for each in ("#do-call", ".if-spoken", ".if-waiting")
    )
    expect(spoken).to_be_hidden()
    expect(waiting).to_be_hidden()
    page.get_by_role("link", name="Log a call").click()
    expect(page.get_by_label("Phone call")).to_be_in_viewport()
    assert height(form) <= 2 * PHONE["height"]
    page.get_by_label("We spoke with them").check()
    expect(spoken).to_be_visible()
    assert height(form) <= 2 * PHONE["height"]
    page.get_by_label("Put it on hold until").check()
    expect(waiting).to_be_visible()
    expect(page.locator(".request-bar")).to_be_in_viewport(ratio=1)


def height(locator: Any) -> float:
    box = locator.bounding_box()
    assert box
    return float(box["height"])


def test_at_400_percent_the_bar_covers_nothing(page: Page, user: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=user)
    enter(page, user, f"{pages.QUEUE}{inquiry.pk}/change/")
    position = "getComputedStyle(document.querySelector('.request-bar')).position"
    for size, expected in (
        (DESK, "sticky"),
        (PHONE, "fixed"),
        (AT_400_PERCENT, "static"),
    ):
        page.set_viewport_size(size)
        assert page.evaluate(position) == expected
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("name", ["spoke", "second caller"])
def test_the_page_has_no_fault_in_either_scheme(
    page: Page, user: User, name: str, examine: Callable[[str], None]
) -> None:
    ending = ENDINGS[name]
    inquiry = make_case(ending)
    enter(page, user, f"{pages.QUEUE}{inquiry.pk}/change/")
    page.get_by_label("We spoke with them").check()
    if not ending.is_colleagues:
        page.get_by_label("Put it on hold until").check()
    examine(f"request, {name}")
