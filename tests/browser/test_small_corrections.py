"""A corrected slip in a live article, as its reviewer sees it in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from articles.models import Article
from portal.models import User
from tests.articles.editing.test_carrying_over import CORRECTED, SLIP, correct, edit
from tests.browser.pages import ARTICLES
from tests.browser.test_accessibility import sign_in
from tests.browser.test_writing import take
from tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)

Examine = Callable[[str], None]


def open_review(page: Page, article: Article) -> None:
    page.goto(f"{ARTICLES}{article.pk}/change/")
    page.locator(".action-menu .default", has_text="Approve").click()
    expect(page.get_by_role("button", name="Approve", exact=True)).to_be_visible()


def boxes(page: Page) -> int:
    return page.get_by_role("checkbox").count()


def test_a_corrected_slip_takes_one_box_and_all_can_be_asked(
    page: Page, examine: Examine, reviewer: User
) -> None:
    waiting = correct()
    sign_in(page, reviewer)
    open_review(page, waiting)
    note = page.get_by_role("region", name="Only small corrections")
    expect(note).to_contain_text("Body, line 3: proceedure → procedure")
    expect(note).to_contain_text("Every fact and number matches them.")
    assert boxes(page) == 1
    examine("a small correction")
    page.get_by_role("link", name="Confirm every statement myself").click()
    expect(note).to_have_count(0)
    assert boxes(page) == 7
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_label("Your conflicts of interest").fill("None")
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.locator(".messagelist .success")).to_contain_text(waiting.title)
    assert waiting.head.approvals.get().carried_from_id is None


def test_one_box_is_enough(page: Page, reviewer: User) -> None:
    waiting = correct()
    sign_in(page, reviewer)
    take(page, waiting, "Approve")
    assert waiting.head.approvals.get().carried_from == waiting.approval


def test_a_reviewer_reads_why_everything_is_asked(
    page: Page, examine: Examine, reviewer: User
) -> None:
    waiting = edit(make_article(body=SLIP), CORRECTED.replace("can show", "will show"))
    sign_in(page, reviewer)
    open_review(page, waiting)
    expect(page.locator(".note")).to_contain_text("“can” became “will”")
    assert boxes(page) == 7
    examine("a change that is not small")
