"""Danger words on screen: what the sender, the coordinator and the lead see, and how large."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from inquiries.models import DangerPhrase
from inquiries.states import State
from portal.models import Role, User
from tests.browser import pages
from tests.browser.test_accessibility import press, sign_in
from tests.factories import make_inquiry, make_staff

Examine = Callable[[str], None]
READ_IT = "Read it now: may be urgent. Then call now"


@pytest.fixture
def lead(transactional_db: None) -> User:
    return make_staff(Role.LEAD)


def ask(page: Page, message: str) -> None:
    page.goto(pages.ASK)
    page.get_by_label("Your name").fill("Ana Example")
    page.get_by_label("Phone number").fill("(202) 555-0100")
    page.get_by_label("What would you like to talk about?").fill(message)
    page.get_by_label(re.compile("^I agree")).check()
    page.get_by_role("button", name="Send my request").click()
    expect(page.locator("[data-reference]")).to_be_visible()


@pytest.mark.django_db(transaction=True)
def test_intake_spanish_danger_words_get_an_answer_in_both_languages(
    page: Page, examine: Examine
) -> None:
    ask(page, "Quiero morir.")
    card = page.get_by_role("region", name="¿Está a salvo en este momento?")
    expect(card).to_be_in_viewport()
    expect(card.get_by_role("link", name="988").first).to_have_attribute("href", "tel:988")
    expect(card.get_by_role("heading")).to_have_text(
        ["¿Está a salvo en este momento?", "Are you safe right now?"]
    )
    examine("sent, in danger")
    page.get_by_role("button", name="See, correct, or cancel your request").click()
    expect(page.get_by_role("region", name="¿Está a salvo en este momento?")).to_be_in_viewport()
    examine("private page, in danger")


@pytest.mark.parametrize("width", [390, 1280])
def test_staff_5_danger_is_the_first_thing_a_coordinator_sees(
    page_without_script: Page, lead: User, width: int
) -> None:
    page = page_without_script
    inquiry = make_inquiry(
        State.CLAIMED, owner=lead, message="I have chest pain.", contact_method="text"
    )
    sign_in(page, lead)
    page.goto(f"{pages.QUEUE}{inquiry.pk}/change/")
    first, crisis = (
        page.get_by_role("link", name=name) for name in (READ_IT, "Somebody is in danger")
    )
    expect(first).to_be_in_viewport(ratio=1)
    expect(crisis).to_be_in_viewport(ratio=1)
    for later in (inquiry.full_name, "Their question", "Next attempt"):
        assert _top_of(page, later) > _bottom(first)
    sizes = [each.evaluate("each => getComputedStyle(each).fontSize") for each in (first, crisis)]
    assert float(sizes[0][:-2]) > float(sizes[1][:-2])
    first.click()
    # The summary quotes its beginning; the link leads to all of it.
    expect(page.locator(".request-message")).to_have_text("I have chest pain.")
    expect(page.locator(".request-message")).to_be_in_viewport(ratio=1)
    crisis.press("Enter")
    expect(page.get_by_role("region", name="If someone is in danger")).to_be_focused()


def test_a_pattern_is_tried_without_script_and_the_page_jumps_to_its_matches(
    page: Page, page_without_script: Page, examine: Examine, lead: User
) -> None:
    inquiry = make_inquiry(message="My piano is wooden.")
    for each in (page_without_script, page):
        sign_in(each, lead)
        each.goto(f"{pages.DANGER}add/")
        each.get_by_label("Language").select_option("en")
        each.get_by_label("Pattern").fill("piano is wooden")
        each.get_by_label("Sentences to try").fill("My piano is wooden.\nMy piano is fine.")
        press(each, "Try it", 200)
        found = each.get_by_role("region", name="With this change")
        expect(found).to_be_focused()
        expect(found.get_by_role("link", name=inquiry.reference)).to_be_visible()
        expect(found.get_by_role("row", name="My piano is wooden.")).to_contain_text("marked")
        expect(found.get_by_role("row", name="My piano is fine.")).not_to_contain_text("marked")
        expect(each.get_by_label("Pattern")).to_have_value("piano is wooden")
    examine("danger pattern, tried")
    assert not DangerPhrase.objects.filter(phrase="piano is wooden").exists()


def _bottom(part: Locator) -> float:
    box = part.bounding_box()
    assert box
    return float(box["y"] + box["height"])


def _top_of(page: Page, heading: str) -> float:
    box = page.get_by_role("heading", name=heading, exact=True).bounding_box()
    assert box
    return float(box["y"])
