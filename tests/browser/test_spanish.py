"""The sender’s whole journey in Spanish, in a real browser, without JavaScript."""

import re
from http import HTTPStatus
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from inquiries.models import Inquiry
from inquiries.states import State
from tests.browser import pages
from tests.browser.test_accessibility import send
from tests.inquiries.mail.patient_mails import send_all, whole

pytestmark = pytest.mark.once

MESSAGE = "¿Qué significa esto para mí?\nTomo micofenolato."
ADDRESS = "ana@example.org"


def test_everything_from_reading_to_erasing_is_in_spanish(
    page_without_script: Page, settings: Any
) -> None:
    settings.EMAIL_IS_SET, settings.PORTAL_URL = True, "https://portal.example"
    page = page_without_script
    pages.load_content()
    read(page)
    code = ask(page)
    open_by_mail(page, code)
    write(page)
    take_away(page)
    erase(page)


def is_spanish(page: Page, address: str) -> None:
    expect(page).to_have_url(re.compile(f"/es{re.escape(address)}$"))
    expect(page.locator("html")).to_have_attribute("lang", "es")


def read(page: Page) -> None:
    """Go from the English home page, through the header link, to the list of articles."""
    page.goto("/")
    page.get_by_role("link", name="Español").click()
    is_spanish(page, "/")
    page.get_by_role("navigation").get_by_role("link", name="Artículos").click()
    is_spanish(page, "/articles/")
    assert page.locator("main article, main li").count(), "there is something to read"


def ask(page: Page) -> str:
    """Forget the name, fix it, and return the private page's code."""
    page.goto(f"/es{pages.ASK}")
    page.locator("[name=contact_method][value=email]").check()
    page.locator("[name=email]").fill(ADDRESS)
    page.locator("[name=language][value=es]").check()
    page.locator("[name=message]").fill(MESSAGE)
    page.locator("[name=consent]").check()
    send(page, HTTPStatus.UNPROCESSABLE_ENTITY)
    is_spanish(page, f"{pages.ASK}?send")
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.locator("[name=email]")).to_have_value(ADDRESS)
    expect(page.locator("[name=message]")).to_have_value(MESSAGE)
    for chosen in ("[name=contact_method][value=email]", "[name=consent]"):
        expect(page.locator(chosen)).to_be_checked()
    assert not Inquiry.objects.exists()
    page.locator("[name=full_name]").fill("Ana Ejemplo")
    send(page, HTTPStatus.FOUND)
    is_spanish(page, pages.SENT)
    expect(page.locator("[data-reference]")).to_be_visible()
    return re.sub(r"\D", "", page.locator(".page-code").inner_text())


def open_by_mail(page: Page, code: str) -> None:
    (sent,) = send_all()
    reference = Inquiry.objects.get().reference
    assert sent.subject == f"Tenemos su solicitud ({reference})"
    assert "Por favor, no conteste este correo" in str(sent.body)
    assert '<html lang="es">' in whole(sent)
    link = re.search(r"https://portal\.example(/es/\S+/)", str(sent.body))
    assert link, "to the Spanish page"
    page.goto(link[1])
    is_spanish(page, pages.PRIVATE)
    page.locator("[name=detail]").fill(code)
    send(page, HTTPStatus.FOUND)
    is_spanish(page, pages.PRIVATE)
    expect(page.locator(f"[data-reference='{reference}']")).to_be_visible()
    expect(page.locator(".message").first).to_contain_text("Tomo micofenolato.")


def write(page: Page) -> None:
    page.locator("[name=text]").fill("¿Cuándo me llaman?")
    send(page, HTTPStatus.FOUND)
    is_spanish(page, f"{pages.PRIVATE}?done=written")
    expect(page.get_by_role("status")).to_contain_text("Tenemos su mensaje.")


def take_away(page: Page) -> None:
    page.get_by_role("link", name="Leer o imprimir todo lo que tenemos").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Todo lo que tenemos sobre su solicitud"
    )
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.get_by_role("main")).to_contain_text("Usted nos escribió.")
    file = page.context.request.get(f"/es{pages.PRIVATE}download/").json()
    assert file["you_sent"]["message"] == MESSAGE
    assert "Usted nos escribió." in [each["what"] for each in file["what_happened"]]
    page.get_by_role("link", name="Volver a su solicitud").click()
    is_spanish(page, pages.PRIVATE)


def erase(page: Page) -> None:
    page.get_by_role("link", name="Borrar todo lo que nos contó").click()
    page.locator("[name=sure]").check()
    send(page, HTTPStatus.FOUND)
    is_spanish(page, f"{pages.PRIVATE}erased/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Listo. Borramos lo que nos contó.")
    assert Inquiry.objects.get().state == State.ERASED
