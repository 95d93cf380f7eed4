"""Comments on a passage in a real browser: by keyboard, by selected words, and without script."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from articles.editing import comments, previews
from articles.models import Article, CommentThread
from articles.states import State
from portal.models import User
from tests.articles.editing.test_carrying_over import correct
from tests.browser.pages import ARTICLES
from tests.browser.test_accessibility import sign_in
from tests.browser.test_keyboard import tab
from tests.browser.test_small_corrections import open_review
from tests.browser.test_writing import take
from tests.factories import make_commentthread, make_draft, submit

pytestmark = pytest.mark.django_db(transaction=True)

Examine = Callable[[str], None]
FIRST = "Urine can show protein before anyone feels ill."
BODY = f"## What it shows\n\n{FIRST}\n\n- It takes a minute.\n- It doesn’t hurt."


def review_of(article: Article) -> str:
    return f"{ARTICLES}{article.pk}/review/"


def comment_link(page: Page, words: str) -> Locator:
    return page.get_by_role("link", name=f"Comment on “{words}")


def press_tab_to(page: Page, target: Locator) -> None:
    for _ in range(60):
        if tab(page).evaluate("(stop, wanted) => stop === wanted", target.element_handle()):
            return
    raise AssertionError("never reached")


def press_tab_where_it_leads(page: Page) -> None:
    """Press Tab in the part of the page that the address names.

    The browser goes there when it draws the page for the first time, which a picture makes sure of.
    """
    expect(page.locator(":target")).to_be_visible()
    page.wait_for_load_state()
    page.screenshot()
    page.keyboard.press("Tab")


def show(page: Page, name: str) -> None:
    """Keep pictures of the page as it is, in the folder that SHOTS names."""
    if folder := os.environ.get("SHOTS"):
        for width in (390, 1280):
            for scheme in ("light", "dark"):
                page.set_viewport_size({"width": width, "height": 800})
                page.emulate_media(color_scheme=scheme)
                path = Path(folder) / f"{name}_{width}_{scheme}.png"
                page.screenshot(path=path, full_page=True)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1280, "height": 800})


def test_a_reviewer_comments_by_keyboard_and_approves_when_it_is_resolved(
    page: Page, examine: Examine, editor: User, reviewer: User
) -> None:
    article = submit(make_draft(by=editor, body=BODY))
    sign_in(page, reviewer)
    page.goto(review_of(article))
    page.locator("#passage-" + _key(page, FIRST)).scroll_into_view_if_needed()
    link = comment_link(page, FIRST)
    page.locator("h2", has_text="What it shows").evaluate("each => { each.tabIndex = -1 }")
    page.locator("h2", has_text="What it shows").focus()
    press_tab_to(page, link)
    page.keyboard.press("Enter")
    field = page.get_by_label("Your comment")
    expect(field).to_be_focused()
    page.keyboard.type("Early in the illness, or always?")
    show(page, "review_form")
    examine("a comment being written")
    field.focus()
    tab(page)
    press_tab_to(page, page.get_by_role("button", name="Add comment"))
    page.keyboard.press("Enter")
    thread = page.locator(".comment-thread")
    expect(thread).to_contain_text("Early in the illness, or always?")
    expect(thread).to_be_in_viewport()
    show(page, "review_thread")
    examine("a comment")

    page.goto(f"{ARTICLES}{article.pk}/step/approve/")
    expect(page.get_by_role("alert")).to_contain_text("1 comment is open.")
    expect(page.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
    examine("an approval that has to wait")
    page.get_by_role("alert").get_by_role("link").click()
    thread.locator(".comment-answer > summary").click()
    page.get_by_label("Your answer").fill("I looked it up: early.")
    page.get_by_role("button", name="Add answer").click()
    expect(thread).to_contain_text("I looked it up: early.")
    thread.get_by_role("button", name="Resolve").click()
    expect(page.get_by_role("heading", name="0 open comments")).to_be_visible()
    take(page, article, "Approve")
    assert Article.objects.get().state == State.APPROVED


def test_selected_words_are_quoted_and_in_no_address(
    page: Page, editor: User, reviewer: User
) -> None:
    article = make_draft(by=editor, body=BODY)
    sign_in(page, reviewer)
    page.goto(review_of(article))
    words = page.get_by_text(FIRST, exact=True)
    words.evaluate(
        "each => getSelection().setBaseAndExtent(each.firstChild, 0, each.firstChild, 22)"
    )
    comment_link(page, FIRST).click()
    expect(page.get_by_label("The words it’s about")).to_have_value("Urine can show protein")
    assert "protein" not in page.url
    page.get_by_label("Your comment").fill("In whom?")
    page.get_by_role("button", name="Add comment").click()
    expect(page.locator(".comment-quote")).to_have_text("Urine can show protein")
    # What is selected elsewhere is not quoted.
    words.evaluate("each => getSelection().selectAllChildren(each)")
    comment_link(page, "It takes a minute.").click()
    expect(page.get_by_label("The words it’s about")).to_have_value("")


def test_comments_need_no_script(page_without_script: Page, editor: User, reviewer: User) -> None:
    page, article = page_without_script, make_draft(by=editor, body=BODY)
    sign_in(page, reviewer)
    page.goto(review_of(article))
    comment_link(page, "It doesn’t hurt.").click()
    press_tab_where_it_leads(page)
    expect(page.get_by_label("Your comment")).to_be_focused()
    page.get_by_label("Your comment").fill("Say what it costs.")
    page.get_by_label("The words it’s about").fill("doesn’t hurt")
    page.get_by_role("button", name="Add comment").click()
    expect(page.locator(".comment-thread")).to_contain_text("Say what it costs.")


def test_a_small_correction_waits_for_an_open_comment(
    page: Page, editor: User, reviewer: User
) -> None:
    waiting = correct()
    thread = make_commentthread(waiting, by=editor, words="procedure")
    sign_in(page, reviewer)
    page.goto(f"{ARTICLES}{waiting.pk}/step/approve/")
    page.get_by_role("alert").get_by_role("link").click()
    page.get_by_role("button", name="Resolve").click()
    open_review(page, waiting)
    assert page.get_by_role("checkbox").count() == 1
    take(page, waiting, "Approve")
    assert waiting.head.approvals.get().carried_from == waiting.approval
    thread.refresh_from_db()
    assert thread.resolved_by == reviewer


def test_an_expert_comments_by_the_link(page: Page, examine: Examine, editor: User) -> None:
    article = make_draft(by=editor, body=BODY)
    make_commentthread(article, text="Our own words")
    _, secret = previews.create_preview_link(article, days=7, by=editor)
    page.goto(f"/preview/{secret}/")
    show(page, "expert")
    examine("a shared preview")
    comment_link(page, FIRST).click()
    press_tab_where_it_leads(page)
    expect(page.get_by_label("Your name")).to_be_focused()
    page.get_by_role("button", name="Send comment").click()
    expect(page.get_by_role("alert")).to_contain_text("Your comment wasn’t sent.")
    show(page, "expert_form")
    examine("a comment of an expert, refused")
    page.get_by_label("Your name").fill("Dr. Ana Nieves")
    page.get_by_label("Your comment").fill("I would say “about”.")
    page.get_by_role("button", name="Send comment").click()
    expect(page.get_by_role("status")).to_contain_text("Your comment was sent")
    examine("thanks to an expert")
    assert "Our own words" not in page.content()
    assert CommentThread.objects.get(opened_by=None).comments.get().name == "Dr. Ana Nieves"


def test_what_is_left_of_comments_can_be_read(
    page: Page, examine: Examine, editor: User, reviewer: User
) -> None:
    article = make_draft(by=editor, body=BODY)
    thread = make_commentthread(article, by=reviewer, words=FIRST)
    comments.resolve(make_commentthread(article, by=reviewer), by=editor)
    CommentThread.objects.filter(pk=thread.pk).update(is_placed=False)
    sign_in(page, editor)
    page.goto(review_of(article))
    page.get_by_text("Resolved (1)").click()
    expect(page.get_by_text("About a passage that is no longer there")).to_be_visible()
    show(page, "review_lost")
    examine("a comment without a place")


def _key(page: Page, words: str) -> str:
    link = comment_link(page, words).get_attribute("href") or ""
    return link.rpartition("#passage-")[2]
