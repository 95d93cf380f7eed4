"""Writing, reviewing and publishing in the admin, in a real browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article
from articles.rendering import finding_reader
from portal.models import User
from tests.browser.conftest import spotless_page
from tests.browser.pages import ARTICLES
from tests.browser.test_accessibility import sign_in
from tests.factories import make_category, make_draft, make_reference, make_term

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def desk_of(
    user: User, browser: Browser, live_server: LiveServer, look: dict[str, Any]
) -> Iterator[Page]:
    with spotless_page(browser, live_server.url, look) as page:
        sign_in(page, user)
        yield page


def body(page: Page) -> Any:
    return page.get_by_label("Body")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("saved.")


def take(page: Page, article: Article, step: str) -> None:
    """Take this person's main step from the article's page."""
    page.goto(f"{ARTICLES}{article.pk}/change/")
    page.locator(".action-menu .default", has_text=step).click()
    if step == "Approve":
        for box in page.get_by_role("checkbox").all():
            box.check()
        page.get_by_label("Your conflicts of interest").fill("None")
    page.get_by_role("button", name=step, exact=True).click()
    expect(page.locator(".messagelist .success")).to_contain_text(article.title)


def test_two_people_can_publish_and_change_an_article(
    browser: Browser, live_server: LiveServer, look: dict[str, Any], editor: User, reviewer: User
) -> None:
    make_category("Kidneys")
    make_reference("gu-2014", title="Stem cells in lupus nephritis")
    with (
        desk_of(editor, browser, live_server, look) as writing,
        desk_of(reviewer, browser, live_server, look) as reviewing,
        spotless_page(browser, live_server.url, look) as reading,
    ):
        writing.goto(f"{ARTICLES}add/")
        writing.get_by_label("Title", exact=True).fill("Kidney tests")
        writing.get_by_label("Summary").fill("What a urine test shows, and what it does not.")
        writing.get_by_label("Stage of the evidence").select_option("none")
        writing.get_by_label("Key points").fill("A urine test can show protein. [@gu-2014]")
        body(writing).fill("## Protein\n\nThe first words. [@gu-2014]")
        writing.get_by_label("Your conflicts of interest").fill("None")
        writing.get_by_label("Kidneys").check()
        save(writing)
        article = Article.objects.get()
        take(writing, article, "Submit for review")
        take(reviewing, article, "Approve")
        assert reading.goto("/articles/kidney-tests/").status == 404  # type: ignore[union-attr]
        take(reviewing, article, "Publish now")
        reading.goto("/articles/kidney-tests/")
        expect(reading.get_by_role("main")).to_contain_text("The first words.")

        writing.goto(f"{ARTICLES}{article.pk}/change/")
        body(writing).fill("## Protein\n\nThe second words. [@gu-2014]")
        save(writing)
        take(writing, article, "Submit for review")
        reviewing.goto(f"{ARTICLES}{article.pk}/step/approve/")
        reviewing.get_by_role("link", name="Compare with the live version").click()
        expect(reviewing.locator("del")).to_contain_text("first")
        expect(reviewing.locator("ins")).to_contain_text("second")
        take(reviewing, article, "Approve")
        reading.reload()
        expect(reading.get_by_role("main")).to_contain_text("The first words.")
        take(writing, article, "Publish now")
        reading.reload()
        expect(reading.get_by_role("main")).to_contain_text("The second words.")


def test_the_toolbar_and_its_dialogs_work_by_keyboard_and_can_be_undone(
    page: Page, editor: User
) -> None:
    make_reference("gu-2014", title="Stem cells in lupus nephritis")
    make_term("Remission", definition="The disease is quiet.")
    draft = make_draft(body="Plain.")
    sign_in(page, editor)
    page.goto(f"{ARTICLES}{draft.pk}/change/")
    text = body(page)
    text.select_text()
    page.keyboard.press("Control+b")
    expect(text).to_have_value("**Plain.**")
    page.keyboard.press("Control+z")
    expect(text).to_have_value("Plain.")

    page.keyboard.press("Shift+Tab")  # into the toolbar, which is a single stop
    expect(page.get_by_role("button", name="Bold")).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("button", name="Section…")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Insert a required section")).to_be_visible()
    page.keyboard.press("Escape")
    expect(text).to_be_focused()
    expect(text).to_have_value("Plain.")

    page.keyboard.press("Control+End")
    page.get_by_role("button", name="Citation…").click()
    page.get_by_label("Search by title, author, or key").fill("lupus")
    expect(page.get_by_role("dialog")).to_contain_text("1 found.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(text).to_have_value("Plain.[@gu-2014]")

    page.get_by_role("button", name="Finding…").click()
    dialog = page.get_by_role("dialog", name="Insert a finding")
    dialog.get_by_label("Source key").fill("gu-2014")
    expect(dialog.get_by_label("Study design")).not_to_have_value("")  # from the library
    dialog.get_by_role("button", name="Insert").click()
    expect(dialog.get_by_role("alert")).to_contain_text("the number of people")
    dialog.get_by_label("Number of people").fill("81")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("the length of follow-up")
    dialog.get_by_label("Length of follow-up").fill("12 months")
    dialog.get_by_label("What happened").first.fill("Remission: quiet kidneys")
    dialog.get_by_label("Affected", exact=True).first.fill("49")
    dialog.get_by_label("What this study can’t show").fill("Whether the cells were the cause.")
    page.keyboard.press("Enter")
    expect(text).to_have_value(
        re.compile(
            r'\n\n```finding\nstudy: gu-2014\n.*people: 81\nfollowed: "12 months"\noutcomes:\n'
            r'  - benefit: "Remission: quiet kidneys"\n    count: 49 of 81\n'
            r"cannot show: Whether the cells were the cause\.\n```$",
            re.DOTALL,
        )
    )


def test_a_comparison_of_two_groups_can_be_filled_in(page: Page, editor: User) -> None:
    make_reference(key="shoe-2020")
    draft = make_draft(body="Plain.")
    sign_in(page, editor)
    page.goto(f"{ARTICLES}{draft.pk}/change/")
    page.get_by_role("button", name="Finding…").click()
    dialog = page.get_by_role("dialog", name="Insert a finding")
    expect(dialog.get_by_label("Affected, second group").first).to_be_hidden()
    dialog.get_by_label("Source key").fill("shoe-2020")
    expect(dialog.get_by_label("Study design")).not_to_have_value("")  # from the library
    dialog.get_by_label("Number of people").fill("12")
    dialog.get_by_label("Length of follow-up").fill("1 year")
    dialog.get_by_text("The study compared two groups").click()
    dialog.get_by_label("What happened").first.fill("Walked")
    dialog.get_by_label("Affected", exact=True).first.fill("9")
    dialog.get_by_label("What this study can’t show").fill("Why.")
    for label, words, lacks in (
        ("Name of first group", "shoes: both", "a name for the first group"),
        ("Name of second group", "none", "a different name for the second group"),
        ("People in the second group", "6", "the number of people in the second group"),
        ("Affected, second group", "5", "how many were affected, and out of how many"),
    ):
        page.keyboard.press("Enter")
        expect(dialog.get_by_role("alert")).to_contain_text(lacks)
        dialog.get_by_label(label).first.fill(words)
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(body(page)).to_have_value(re.compile("```finding\n"))
    block = body(page).input_value().partition("```finding\n")[2]
    finding = finding_reader.read_finding(block.partition("```")[0], line=1)
    assert [(group.name, group.people) for group in finding.groups] == [
        ("shoes: both", 12),
        ("none", 6),
    ]
    assert (finding.outcomes[0].counts, finding.outcomes[0].totals) == ((9, 5), (12, 6))


def test_the_preview_and_checks_update_while_typing(page: Page, editor: User) -> None:
    draft = make_draft(body="Plain.")
    sign_in(page, editor)
    page.goto(f"{ARTICLES}{draft.pk}/change/")
    shown = page.frame_locator("iframe[title='Preview of the page']")
    expect(shown.get_by_role("main")).to_contain_text("Plain.")
    body(page).fill("Foamy *urine*. <script>alert(1)</script>")
    expect(shown.locator("em")).to_have_text("urine")
    page.get_by_role("button", name="Desktop").click()
    expect(page.get_by_role("button", name="Desktop")).to_have_attribute("aria-pressed", "true")
    assert shown.locator("body").evaluate("() => innerWidth") == 1280
    expect(page.locator("#checks")).to_contain_text("3 words.")
    page.on("dialog", lambda dialog: dialog.accept())  # confirms the warning about leaving
    assert Article.objects.get().head.number == 1


def test_typed_text_survives_a_lost_session(page: Page, editor: User) -> None:
    draft = make_draft(body="Plain.")
    sign_in(page, editor)
    page.goto(f"{ARTICLES}{draft.pk}/change/")
    body(page).fill("An hour of work.")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("heading", name="You’re signed out")).to_be_visible()
    again = page.get_by_role("link", name="Sign in again")
    assert again.get_attribute("href") == f"/accounts/login/?next={ARTICLES}{draft.pk}/change/"
    sign_in(page, editor)
    page.goto(f"{ARTICLES}{draft.pk}/change/")
    expect(body(page)).to_have_value("Plain.")  # never replaced silently
    expect(page.locator("#kept")).to_contain_text("This browser kept unsaved text from")
    page.get_by_role("button", name="Restore").click()
    expect(body(page)).to_have_value("An hour of work.")
    save(page)
    page.reload()
    expect(body(page)).to_have_value("An hour of work.")
    expect(page.locator("#kept")).to_be_empty()
    assert (
        page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('writing:'))") == []
    )


def test_a_page_can_be_previewed_and_saved_without_script(
    page_without_script: Page, editor: User
) -> None:
    page = page_without_script
    draft = make_draft(body="Plain.")
    sign_in(page, editor)
    page.goto(f"{ARTICLES}{draft.pk}/change/")
    expect(page.get_by_role("toolbar")).to_have_count(0)
    body(page).fill("Foamy *urine*.")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Preview in a new tab").click()
    expect(opened.value.locator("em")).to_have_text("urine")
    save(page)
