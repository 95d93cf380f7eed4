"""The import of posts, from the upload to the report, by keyboard alone and without scripts."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article, Proposal
from portal.models import User
from tests.articles.posts.exports import write_export, write_item
from tests.browser.conftest import BEYOND_THE_EDGE, spotless_page
from tests.browser.pages import ARTICLES
from tests.browser.test_accessibility import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

#: Milliseconds that all parts of an import may take on a busy machine.
PARTS = 90_000


@pytest.fixture
def own_queries_for_each_post(settings: LazySettings) -> None:
    """Each post is a transaction with queries of its own, which are no loop to mend."""
    settings.ZEAL_ALLOWLIST = [{"model": "*"}]


def press_tab_until(page: Page, name: str) -> None:
    """Go to the control with this name, as far as the keyboard leads there."""
    target = page.get_by_text(name, exact=True).or_(page.get_by_role("button", name=name))
    for _ in range(60):
        page.keyboard.press("Tab")
        if target.first.evaluate("each => (each.control ?? each) === document.activeElement"):
            return
    raise AssertionError(name)


@pytest.mark.usefixtures("own_queries_for_each_post")
@pytest.mark.parametrize(("width", "color_scheme"), [(390, "dark"), (1280, "light")])
def test_an_export_becomes_drafts_by_keyboard_alone_and_without_scripts(
    browser: Browser,
    live_server: LiveServer,
    look: dict[str, Any],
    editor: User,
    tmp_path: Path,
) -> None:
    export = tmp_path / "blog.xml"
    video = 'Warm water. <iframe src="https://video.example/1"></iframe>'
    items = [write_item(number=each, slug=f"foot-{each}") for each in range(2, 6)]
    export.write_bytes(write_export(write_item(video), *items, write_item("", number=30)))
    bad = tmp_path / "letter.docx"
    bad.write_bytes(b"PK\x03\x04")
    look = look | {"java_script_enabled": False}
    with spotless_page(browser, live_server.url, look) as page:
        sign_in(page, editor)
        page.goto(ARTICLES)
        press_tab_until(page, "Import articles")
        page.keyboard.press("Enter")
        page.get_by_label("Files").set_input_files([export, bad])
        press_tab_until(page, "Upload and preview")
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Import: what each post becomes", timeout=PARTS
        )
        main = page.get_by_role("main")
        expect(main).to_contain_text("letter.docx: this isn’t a Word document")
        expect(main).to_contain_text("something embedded from another site")
        assert not page.evaluate(BEYOND_THE_EDGE)
        press_tab_until(page, "Feet")
        page.keyboard.press("Space")
        press_tab_until(page, "Create drafts")
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", level=1)).to_have_text("Import: report", timeout=PARTS)
        expect(main).to_contain_text("Draft created: 5")
        expect(main.get_by_role("listitem").filter(has_text="it has no text")).to_be_visible()
        assert not page.evaluate(BEYOND_THE_EDGE)
    assert Article.objects.count() == 5
    assert Proposal.objects.get().subject == "Feet"
