"""The desk: an editor asks a reviewer, who finds the draft on their start page."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from articles.models import Article
from articles.states import State
from portal.models import Role, User
from tests.browser.test_accessibility import press, sign_in
from tests.factories import make_article, make_draft, make_staff, submit

START = "/admin/"
LIST = "/admin/articles/article/"


def figure(page: Page, label: str) -> str:
    """Return the count that the start page shows with a label."""
    return page.get_by_role("link", name=re.compile(label)).locator(".figure-count").inner_text()


@pytest.fixture
def editor(transactional_db: None) -> User:
    return make_staff(Role.EDITOR, first_name="Rosa", last_name="Quist")


def test_an_editor_asks_a_reviewer_who_sends_it_back(
    page: Page, editor: User, examine: Callable[[str], None]
) -> None:
    reviewer = make_staff(Role.REVIEWER, first_name="Ida", last_name="Lund")
    make_staff(Role.REVIEWER, first_name="Aki", last_name="Mori")
    sign_in(page, editor)
    page.goto(START)
    expect(page.get_by_text("Nothing is waiting. Start a draft")).to_be_visible()
    examine("an editor's empty desk")
    make_article(title="Seen by readers")
    submit(make_draft(title="For anyone"))
    draft = make_draft(title="For Ida", by=editor)
    page.goto(f"{LIST}{draft.pk}/step/submit/")
    page.get_by_label("Reviewer").select_option("Ida Lund")
    examine("submit")
    press(page, "Submit for review", 302)
    expect(page.locator(".article-status")).to_contain_text("Ida Lund")

    sign_in(page, reviewer)
    page.goto(START)
    assert figure(page, "Waiting for my review") == "2"
    examine("a reviewer's desk")
    page.get_by_role("link", name=re.compile("Waiting for my review")).click()
    expect(page.locator("#result_list tbody tr")).to_have_count(2)
    examine("what waits for a reviewer")
    page.get_by_role("link", name="For Ida").click()
    page.get_by_role("link", name="Send back to the editor").click()
    page.get_by_label("What needs to change").fill("Say who was asked.")
    press(page, "Send back to the editor", 302)
    page.goto(START)
    assert figure(page, "Waiting for my review") == "1"

    sign_in(page, editor)
    page.goto(START)
    assert figure(page, "Sent back to me") == "1"
    examine("an editor's desk")
    page.get_by_role("link", name=re.compile("Sent back to me")).click()
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    expect(page.locator("#result_list")).to_contain_text("Rosa Quist")
    assert Article.objects.get(pk=draft.pk).state == State.DRAFT
