"""Text that was typed and not saved survives a crash, another tab, and a lost session."""

import os
import re
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.editing import writing
from articles.models import Article, KeptText
from portal.models import User
from tests.browser.conftest import FLAGS, chromium
from tests.browser.pages import ARTICLES
from tests.browser.test_accessibility import sign_in
from tests.factories import make_content, make_draft

pytestmark = pytest.mark.django_db(transaction=True)

KEPT = re.compile("Not saved yet. Kept at")
#: Longer than the script waits, however busy the machine is.
PATIENCE = 30_000


@pytest.fixture
def bare_page(browser: Browser, live_server: LiveServer, look: dict[str, Any]) -> Iterator[Page]:
    """A page where requests may fail, for those that have to."""
    with browser.new_context(base_url=live_server.url, **look) as context:
        yield context.new_page()


def open_draft(page: Page, draft: Article) -> Any:
    page.goto(f"{ARTICLES}{draft.pk}/change/")
    return page.get_by_label("Body")


def expect_kept(page: Page) -> None:
    expect(page.locator("#kept-status")).to_have_text(KEPT, timeout=PATIENCE)


def leave(page: Page) -> None:
    """Go elsewhere, as somebody does who doesn't mind the warning."""
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/admin/")


def test_a_browser_that_is_killed_loses_what_was_typed_in_the_last_seconds_at_most(
    page: Page, live_server: LiveServer, editor: User
) -> None:
    draft = make_draft(body="Saved.")
    kind = page.context.browser.browser_type  # type: ignore[union-attr]
    doomed = kind.launch(executable_path=chromium(), args=FLAGS)
    other = doomed.new_page(base_url=live_server.url)
    sign_in(other, editor)
    text = open_draft(other, draft)
    text.press("Control+End")
    other.keyboard.type(" An hour of work.")
    expect_kept(other)
    processes = doomed.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    main = next(each["id"] for each in processes if each["type"] == "browser")
    os.kill(main, signal.SIGKILL)

    sign_in(page, editor)  # with another browser, which has nothing in its storage
    text = open_draft(page, draft)
    expect(text).to_have_value("Saved.")
    offer = page.get_by_role("group", name="Unsaved text")
    expect(offer).to_contain_text("You have text that wasn’t saved (from ")
    offer.get_by_role("link", name="Compare").click()
    expect(page.locator("ins")).to_contain_text("An hour of work")
    page.get_by_role("link", name="Use it").click()
    expect(text).to_have_value("Saved. An hour of work.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("saved.")
    expect(page.get_by_role("group", name="Unsaved text")).to_have_count(0)
    draft.refresh_from_db()
    assert draft.head.body == "Saved. An hour of work."


def test_ten_seconds_never_pass_without_keeping_what_is_typed(
    bare_page: Page, editor: User
) -> None:
    draft, page = make_draft(body="Saved."), bare_page
    sign_in(page, editor)
    page.clock.install()  # its script is refused in the preview, which the console reports
    text = open_draft(page, draft)
    for number in range(1, 4):
        words = "Word. " * number
        text.fill(words)
        with page.expect_response(re.compile("/keep/$")) as kept:
            page.clock.run_for(10_000)
        assert "kept" in kept.value.json()
        assert KeptText.objects.get().words["body"] == words


def test_two_tabs_keep_two_texts_and_a_colleague_is_named(page: Page, editor: User) -> None:
    draft = make_draft(body="Saved.")
    sign_in(page, editor)
    second = page.context.new_page()
    for tab, words in ((page, "In the first tab."), (second, "In the second tab.")):
        open_draft(tab, draft).fill(words)
        expect_kept(tab)
    kept = KeptText.objects.order_by("kept_at")
    assert [each.words["body"] for each in kept] == ["In the first tab.", "In the second tab."]
    writing.save_revision(draft, make_content(body="A colleague’s."), version=1, by=None)
    page.get_by_label("Body").fill("In the first tab, and more.")
    expect(page.locator("#kept-status")).to_contain_text("saved another version", timeout=PATIENCE)
    leave(page)
    page.goto(f"{ARTICLES}{draft.pk}/change/")
    expect(page.get_by_label("Body")).to_have_value("A colleague’s.")
    offers = page.get_by_role("group", name="Unsaved text")
    expect(offers).to_have_count(2)
    offers.first.get_by_role("button", name="Throw it away").click()
    expect(offers).to_have_count(1)
    expect(offers).to_contain_text("Compare the two first")


def test_ctrl_s_saves(page: Page, editor: User) -> None:
    draft = make_draft(body="Saved.")
    sign_in(page, editor)
    open_draft(page, draft).fill("Typed.")
    page.get_by_role("button", name="Section…").click()
    page.keyboard.press("Control+s")  # not with a dialog open, which may hold more
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist")).to_contain_text("saved.")
    draft.refresh_from_db()
    assert draft.head.body == "Typed."
    assert not KeptText.objects.still_open().exists()


@pytest.mark.parametrize("lost", ["sessionid", None])
def test_signing_in_again_in_another_tab_goes_on_keeping(
    bare_page: Page, editor: User, lost: str | None
) -> None:
    draft, page = make_draft(body="Saved."), bare_page
    sign_in(page, editor)
    text = open_draft(page, draft)
    page.context.clear_cookies(name=lost)
    text.fill("Typed while signed out.")
    note = page.locator("#kept")
    expect(note).to_contain_text("Sign in again in another tab", timeout=PATIENCE)
    assert not KeptText.objects.exists()
    sign_in(page.context.new_page(), editor)
    expect_kept(page)
    expect(note).to_be_empty()
    assert KeptText.objects.get().words["body"] == "Typed while signed out."
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist")).to_contain_text("saved.")


def test_a_lost_connection_is_said_and_made_up_for(page: Page, editor: User) -> None:
    sign_in(page, editor)
    page.goto(f"{ARTICLES}add/")
    page.route("**/keep/", lambda route: route.abort())
    page.get_by_label("Title", exact=True).fill("Mine")
    status = page.locator("#kept-status")
    expect(status).to_have_text("Not kept: no connection. Trying again.", timeout=PATIENCE)
    page.unroute("**/keep/")
    expect_kept(page)
    assert KeptText.objects.get().words["title"] == "Mine"
    leave(page)
