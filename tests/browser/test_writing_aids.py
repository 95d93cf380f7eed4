"""What is pasted, dropped, and linked while writing; the preview and the bar stay in view."""

import re
from base64 import b64encode
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from articles.models import Image
from portal.models import User
from tests.browser.pages import ARTICLES
from tests.browser.test_accessibility import sign_in
from tests.factories import make_article, make_draft, make_photo

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "\n\n".join(f"## Part {n}\n\nThe words of part {n} are here." for n in range(40))
#: What covers the middle of the element with the focus, if it is not itself or within it.
COVERED = """() => {
  const focused = document.activeElement;
  const { left, top, width, height } = focused.getBoundingClientRect();
  const middle = Math.min(top + height / 2, innerHeight - 2);
  const at = document.elementFromPoint(left + width / 2, middle);
  return focused.contains(at) || at?.contains(focused) ? "" : `${focused.outerHTML.slice(0, 80)}`;
}"""
PASTE = """(body, { html, plain, file }) => {
  const data = new DataTransfer();
  if (html) data.setData("text/html", html);
  if (plain) data.setData("text/plain", plain);
  if (file) {
    const bytes = Uint8Array.from(atob(file), (each) => each.charCodeAt(0));
    data.items.add(new File([bytes], "Left kidney.jpg", { type: "image/jpeg" }));
  }
  const options = { bubbles: true, cancelable: true };
  body.focus();
  return !body.dispatchEvent(file
    ? new DragEvent("drop", { ...options, dataTransfer: data })
    : new ClipboardEvent("paste", { ...options, clipboardData: data }));
}"""


def open_draft(page: Page, editor: User, body: str = "Before.") -> Any:
    sign_in(page, editor)
    page.goto(f"{ARTICLES}{make_draft(body=body).pk}/change/")
    text = page.get_by_label("Body")
    text.press("Control+End")
    return text


def test_text_pasted_from_word_becomes_markdown_and_can_be_undone(page: Page, editor: User) -> None:
    text = open_draft(page, editor)
    html = (
        "<p class=MsoNormal>A <b>bold</b> word.<img src=x onerror='document.title=1'></p>"
        "<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>One</p>"
        "<script>document.title = 1</script>"
    )
    title = page.title()
    assert text.evaluate(PASTE, {"html": html, "plain": "A bold word."})
    expect(text).to_have_value("Before.A **bold** word.\n\n- One")
    expect(page.locator("#paste-status")).to_contain_text("left out: a script")
    expect(page.locator("#paste-status")).to_contain_text("left out: a picture")
    page.keyboard.press("Control+z")
    expect(text).to_have_value("Before.")
    assert page.title() == title


def test_plain_text_and_what_cannot_be_converted_is_pasted_as_it_is(
    page: Page, editor: User
) -> None:
    text = open_draft(page, editor, "In: ")
    assert not text.evaluate(PASTE, {"plain": "Only words"})  # left to the browser
    page.route("**/paste/", lambda route: route.abort())
    text.evaluate(PASTE, {"html": "<b>Words</b>", "plain": "Words"})
    expect(text).to_have_value("In:Words")
    expect(page.locator("#paste-status")).to_contain_text("without its format")
    page.unroute("**/paste/")
    text.evaluate(PASTE, {"html": "<div>" * 100, "plain": " and more"})
    expect(text).to_have_value("In:Words and more")
    expect(page.locator("#paste-status")).to_contain_text("nested too deeply")


def test_a_picture_that_is_dropped_is_described_uploaded_and_inserted(
    page: Page, editor: User
) -> None:
    text = open_draft(page, editor)
    photo = b64encode(make_photo(width=400)).decode()
    text.evaluate(PASTE, {"file": photo})
    dialog = page.get_by_role("dialog", name="Upload a picture")
    expect(dialog.get_by_label("Name")).to_have_value("Left kidney")
    dialog.get_by_role("button", name="Upload").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Describe it, or mark it as decorative")
    assert not Image.objects.exists()
    dialog.get_by_label("Description").fill("A kidney, cut open.")
    dialog.get_by_role("button", name="Upload").click()
    expect(text).to_have_value(
        "Before.\n\n![A kidney, cut open.](image:left-kidney)", timeout=30_000
    )
    expect(dialog).to_be_hidden()
    assert Image.objects.get().alt == "A kidney, cut open."


def test_a_link_to_an_article_is_found_by_its_title(page: Page, editor: User) -> None:
    make_article(title="Kidney [biopsy]", slug="biopsy")
    make_draft(title="Kidney biopsy, not live")
    text = open_draft(page, editor)
    page.get_by_role("button", name="Link to article…").click()
    page.get_by_label("Search by title", exact=True).fill("biopsy")
    expect(page.get_by_role("dialog")).to_contain_text("1 found.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(text).to_have_value(r"Before.[Kidney \[biopsy\]](/articles/biopsy/)")


def test_the_preview_follows_the_caret_and_takes_no_focus(page: Page, editor: User) -> None:
    text = open_draft(page, editor, LONG)
    shown = page.frame_locator("iframe[title='Preview of the page']")
    for part in (39, 3, 20):
        text.evaluate(
            "(body, words) => { const at = body.value.indexOf(words);"
            " body.focus(); body.setSelectionRange(at, at); }",
            f"words of part {part} ",
        )
        expect(shown.get_by_text(f"The words of part {part} are")).to_be_in_viewport()
        expect(text).to_be_focused()


@pytest.mark.parametrize(("width", "height"), [(390, 700), (320, 256), (1280, 800)])
def test_the_bar_covers_nothing_that_has_the_focus(
    page: Page, editor: User, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    open_draft(page, editor)
    page.get_by_label("Title", exact=True).focus()
    covered = set()
    for _ in range(25):
        page.keyboard.press("Tab")
        covered.add(page.evaluate(COVERED))
    assert covered == {""}


def test_save_is_in_view_while_somebody_writes_and_dialogs_fit_a_phone(
    page: Page, editor: User
) -> None:
    page.set_viewport_size({"width": 390, "height": 700})
    open_draft(page, editor, LONG)
    expect(page.get_by_role("button", name="Save draft")).to_be_in_viewport(ratio=1)
    names = ("Citation…", "Finding…", "Section…", "Upload…", "Link to article…", "Picture…")
    for name in names:
        page.get_by_role("button", name=name).click()
        dialog = page.get_by_role("dialog")
        box = dialog.bounding_box()
        assert box
        assert box["y"] >= 0, name
        assert box["y"] + box["height"] <= 700, name
        assert box["width"] <= 390, name
        cancel = dialog.get_by_role("button", name="Cancel")
        cancel.click()
        expect(dialog).to_have_count(0)


def test_unsaved_text_and_the_bar_are_accessible(page: Page, examine: Any, editor: User) -> None:
    text = open_draft(page, editor)
    text.fill("Typed.")
    expect(page.locator("#kept-status")).to_have_text(re.compile("Kept at"), timeout=30_000)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    offer = page.get_by_role("group", name="Unsaved text")
    expect(offer).to_be_visible()
    examine("an article with unsaved text")
    offer.get_by_role("link", name="Compare").click()
    expect(page.locator("ins")).to_be_visible()
    examine("unsaved text, compared")
