"""The request form in a real browser: which fields it requires follows what is chosen."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import pages

Examine = Callable[[str], None]


@pytest.mark.parametrize("scripts", [False, True])
def test_the_required_contact_field_follows_the_choice_without_script(
    page: Page, page_without_script: Page, scripts: bool
) -> None:
    """Patient 5: both contact fields looked required."""
    shown = page if scripts else page_without_script
    shown.goto(pages.ASK)
    phone, email = shown.locator('[for="id_phone"]'), shown.locator('[for="id_email"]')
    for label in (phone, email):
        assert label.inner_text().endswith("(one of the two is enough)")
    for choice, needed, other in (
        ("Phone call", phone, email),
        ("Text message", phone, email),
        ("Email", email, phone),
    ):
        shown.get_by_label(choice, exact=True).check()
        assert needed.inner_text().endswith("(needed for the way you chose)"), choice
        assert other.inner_text().endswith("(optional)"), choice
    expect(
        shown.get_by_text("Give us a phone number or an email address. One is enough.")
    ).to_be_visible()


def test_language_is_asked_before_the_message(page: Page) -> None:
    """Patient 4: it was asked after the message."""
    page.goto(pages.ASK)
    language, message = (
        page.get_by_label(words).bounding_box()
        for words in ("Español", "What would you like to talk about?")
    )
    assert language
    assert message
    assert language["y"] < message["y"]


@pytest.mark.parametrize("width", [320, 1280])
def test_a_request_can_be_sent_in_spanish_without_script(
    page_without_script: Page, width: int
) -> None:
    """The form has an error on the way, and danger words at the end."""
    page = page_without_script
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"/es{pages.ASK}")
    page.get_by_label("Su nombre").fill("Ana Ejemplo")
    page.get_by_label("¿De qué le gustaría hablar?").fill("Quiero morir.")
    page.get_by_label("Acepto que la clínica").check()
    page.get_by_role("button", name="Enviar mi solicitud").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Elija cómo debemos comunicarnos con usted")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_label("Número de teléfono").fill("202-555-0143")
    page.get_by_role("button", name="Enviar mi solicitud").click()
    expect(page).to_have_url(re.compile("/es/care-coordinator/sent/$"))
    headings = page.locator("main").get_by_role("heading").all_inner_texts()
    assert headings[0] == "¿Está a salvo en este momento?"
    assert "Gracias. Tenemos su solicitud." in " ".join(headings[1].split())
    expect(page.get_by_text("llame y oprima el 2")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.django_db(transaction=True)
def test_spanish_request_pages_are_accessible(page: Page, examine: Examine) -> None:
    for path in (pages.COORDINATOR, pages.ASK, pages.PAPER, pages.SENT):
        page.goto(f"/es{path}")
        examine(path)
    page.goto(f"/es{pages.ASK}")
    page.get_by_role("button", name="Enviar mi solicitud").click()
    examine("the form with errors")
