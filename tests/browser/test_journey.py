"""The main journey in a real browser: from reading to a request that a coordinator has closed."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from inquiries.models import Addition, Inquiry
from inquiries.outcomes import Outcome
from inquiries.states import State
from tests.browser import pages

TITLE = "Donor stem cells for lupus nephritis"
MESSAGE = "What would this mean for me?\nI take mycophenolate."


def test_the_whole_journey_from_reading_to_a_closed_request(page: Page) -> None:
    travel(page)


def test_the_whole_journey_needs_no_script(page_without_script: Page) -> None:
    travel(page_without_script)


@pytest.mark.once
@pytest.mark.parametrize("width", [320])
def test_the_journey_to_a_reference_fits_a_phone(page: Page) -> None:
    pages.load_content()
    read(page)
    assert ask(page) == Inquiry.objects.get().reference


def travel(page: Page) -> None:
    pages.load_content()
    read(page)
    reference = ask(page)
    sign_in(page)
    triage(page, reference)
    inquiry = Inquiry.objects.get()
    assert (inquiry.state, inquiry.outcome) == (State.CLOSED, Outcome.REFERRED)
    assert (inquiry.full_name, inquiry.message) == ("Ana Example", MESSAGE)
    assert inquiry.article
    assert inquiry.article.get_absolute_url() == pages.ARTICLE


def read(page: Page) -> None:
    """Go from home to category to article, and on through its invitation."""
    page.goto("/")
    page.get_by_role("region", name="Topics").get_by_role("link", name="Lupus", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lupus")
    page.get_by_role("main").get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)
    invitation = page.get_by_role("region", name="Speak with one of our Care Coordinators")
    invitation.get_by_role("link", name="Ask a coordinator to contact you").click()
    expect(page.get_by_role("main")).to_contain_text(f"You were reading {TITLE}")


def ask(page: Page) -> str:
    """Fill in the form without the name, fix it, and return the reference."""
    phone = page.get_by_label("Phone number")
    message = page.get_by_label("What would you like to talk about?")
    page.get_by_label("Phone call").check()
    phone.fill("(202) 555-0100")
    message.fill(MESSAGE)
    page.get_by_text("More about how to contact you").click()
    page.get_by_label("Evening").check()
    page.get_by_label("Topic").select_option("Stem Cell Therapy")
    page.get_by_label(re.compile("^I agree")).check()
    for _ in range(2):  # the second time from the field itself, where the error link led
        send(page)
        summary = page.get_by_role("alert")
        expect(summary).to_be_focused()
        expect(page).to_have_title(re.compile("^Error: "))
        expect(phone).to_have_value("(202) 555-0100")
        expect(message).to_have_value(MESSAGE)
        for chosen in ("Phone call", "Evening", re.compile("^I agree")):
            expect(page.get_by_label(chosen)).to_be_checked()
        expect(page.get_by_label("Topic")).to_have_value("stem-cell-therapy")
        summary.get_by_role("link", name="Enter your name").click()
        expect(page.get_by_label("Your name")).to_be_focused()
    assert not Inquiry.objects.exists()
    page.keyboard.type("Ana Example")
    send(page)
    reference = confirmed(page).get_attribute("data-reference")
    assert reference
    page.reload()
    expect(confirmed(page)).to_have_attribute("data-reference", reference)
    return reference


def send(page: Page) -> None:
    page.get_by_role("button", name="Send my request").click()


def confirmed(page: Page) -> Locator:
    expect(page).to_have_url(re.compile(f"{pages.SENT}$"))
    return page.locator("[data-reference]")


def sign_in(page: Page) -> None:
    page.goto(pages.QUEUE)
    expect(page).to_have_url(re.compile(re.escape(pages.SIGN_IN)))
    page.locator('[name="login"]').fill("demo-coordinator")
    page.locator('[name="password"]').fill(pages.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(f"{pages.QUEUE}$"))


def triage(page: Page, reference: str) -> None:
    """Find the request in the queue, claim it and close it; then find it only by its reference."""
    row = page.locator(f'tr[data-reference="{reference}"]')
    expect(row.get_by_role("cell", name="Claim it", exact=True)).to_be_visible()
    expect(row.get_by_role("cell", name="New", exact=True)).to_be_visible()
    row.get_by_role("link", name=reference).click()
    expect(page.get_by_role("main")).to_contain_text("I take mycophenolate.")
    page.get_by_role("button", name="Claim").first.click()
    expect(page.get_by_role("heading", name="Claimed by Demo Coordinator")).to_be_visible()
    page.locator("summary", has_text=re.compile("^Close$")).click()
    closing = page.locator("#do-close")
    closing.get_by_label("Referred").check()
    closing.get_by_role("button", name="Close").click()
    expect(page.get_by_role("heading", name="Closed: Referred")).to_be_visible()
    page.goto(pages.QUEUE)
    expect(page.get_by_role("main")).to_contain_text("No one is waiting for an answer.")
    expect(row).to_have_count(0)
    page.goto(f"{pages.QUEUE}?q={reference}")
    expect(row).to_contain_text("Closed")


@pytest.mark.once
def test_going_back_to_correct_a_number_adds_to_the_same_request(page: Page) -> None:
    """It also works if the browser loads the page again for Back, as it does here."""
    pages.load_content()
    page.goto(pages.ASK)
    page.get_by_label("Your name").fill("Ana Example")
    page.get_by_label("Phone call").check()
    page.get_by_label("Phone number").fill("202-555-0100")
    page.get_by_label("What would you like to talk about?").fill(MESSAGE)
    page.get_by_label("I agree").check()
    page.get_by_role("button", name="Send my request").click()
    first = page.locator("[data-reference]").get_attribute("data-reference")
    page.go_back()
    expect(page.get_by_label("Your name")).to_have_value("Ana Example")
    page.get_by_label("Phone number").fill("202-555-0199")
    page.get_by_role("button", name="Send my request").click()
    assert page.locator("[data-reference]").get_attribute("data-reference") == first
    assert Addition.objects.get(event__inquiry__reference=first).submission.phone == "202-555-0199"
    assert Inquiry.objects.count() == 1


@pytest.mark.once
def test_an_address_typo_can_be_fixed_from_the_confirmation(page: Page) -> None:
    pages.load_content()
    page.goto(pages.ASK)
    page.get_by_label("Your name").fill("Ana Example")
    page.get_by_label("Email address").fill("ana@gmial.com")
    page.get_by_label("What would you like to talk about?").fill(MESSAGE)
    page.get_by_label("I agree").check()
    send(page)
    reference = confirmed(page).get_attribute("data-reference")
    expect(page.get_by_role("main")).to_contain_text("Did you mean …@gmail.com?")
    page.get_by_role("button", name="Fix it").click()
    expect(page).to_have_url(re.compile("/care-coordinator/request/reach/#id_email$"))
    page.get_by_label("Email address").fill("ana@gmail.com")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile("/care-coordinator/request/"))
    expect(page.get_by_role("main")).to_contain_text(reference or "")
    expect(page.get_by_role("main")).to_contain_text("ana@gmail.com")
