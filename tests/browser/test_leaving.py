"""Someone who leaves a shared computer in a hurry: Back shows nothing that they typed."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import FLAGS, chromium

pytestmark = pytest.mark.django_db(transaction=True)

ASK = "/care-coordinator/ask/"


@pytest.fixture(params=[False, True], ids=["loads pages anew", "keeps finished pages"])
def someone(request: Any, browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A visitor whose browser reloads a page for Back, and one whose browser keeps it in memory."""
    keeps_pages = ["--disable-back-forward-cache"] if request.param else []
    own = browser.browser_type.launch(
        executable_path=chromium(), args=FLAGS, ignore_default_args=keeps_pages
    )
    page = own.new_context(base_url=live_server.url).new_page()
    page.route("https://www.wikipedia.org/**", _elsewhere)
    yield page
    own.close()


def _elsewhere(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body="<title>Elsewhere</title>")


def send(page: Page) -> None:
    page.goto(ASK)
    page.get_by_label("Your name").fill("Ana Example")
    page.get_by_label("Phone call").check()
    page.get_by_label("Phone number").fill("202-555-0147")
    page.get_by_label("What would you like to talk about?").fill("My secret question")
    page.get_by_label("I agree").check()
    page.get_by_role("button", name="Send my request").click()
    page.wait_for_url("**/sent/")


def back_to_the_form(page: Page) -> None:
    """Use the page's own history, because a page that was kept in memory does not load again."""
    for _ in range(3):
        away = _away_from(page.url)
        page.evaluate("history.back()")
        page.wait_for_url(away, wait_until="commit")
        if page.url.endswith(ASK):
            page.wait_for_selector("#id_message")
            return
    raise AssertionError(f"Back led to {page.url}")


def _away_from(address: str) -> Callable[[str], bool]:
    return lambda url: url != address


def typed(page: Page) -> list[str]:
    return [page.locator(f"#id_{name}").input_value() for name in ("full_name", "phone", "message")]


def test_security_1_going_back_after_leaving_shows_an_empty_form(someone: Page) -> None:
    send(someone)
    someone.get_by_role("link", name="Leave this page").first.click()
    someone.wait_for_url("https://www.wikipedia.org/")
    back_to_the_form(someone)
    assert typed(someone) == ["", "", ""]
    assert "Ana Example" not in someone.content()


def test_going_back_without_leaving_shows_the_form_as_sent(someone: Page) -> None:
    send(someone)
    back_to_the_form(someone)
    assert typed(someone) == ["Ana Example", "202-555-0147", "My secret question"]
