"""Patient 2: a warning is shown once on a page, in the right place; it was there five times."""

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client

from portal.demo import content
from tests.factories import make_inquiry
from tests.inquiries.private_page.browser import PRIVATE, prove, with_link_of

pytestmark = pytest.mark.django_db

ASK, SENT = "/care-coordinator/ask/", "/care-coordinator/sent/"
FORM = {
    "full_name": "Ana Example",
    "phone": "202-555-0100",
    "message": "May I talk to someone?",
    "consent": "on",
}


def emergencies(page: str) -> list[Tag]:
    """Return each place that says to call for help: a paragraph, an item or a card."""
    soup = BeautifulSoup(page, "html.parser")
    calls = soup.select('a[href="tel:911"]')
    return list({id(place): place for each in calls if (place := _place(each))}.values())


def _place(call: Tag) -> Tag | None:
    return call.find_parent("section", class_="emergency") or call.find_parent("p")


@pytest.mark.parametrize(
    "address",
    [
        *("/about/", "/about/how-we-write/", "/about/people/", "/about/complaints/"),
        *("/", "/articles/", "/search/", "/privacy/", "/accessibility/", "/no-such-page/"),
        *(
            "/care-coordinator/",
            ASK,
            "/care-coordinator/paper/",
            SENT,
            PRIVATE,
            f"{PRIVATE}new-link/",
        ),
    ],
)
def test_each_page_says_once_who_to_call_in_an_emergency(client: Client, address: str) -> None:
    assert len(emergencies(client.get(address).text)) == 1


@pytest.mark.parametrize("message", ["May I talk to someone?", "I want to die."])
def test_confirmation_and_private_pages_say_once_who_to_call(client: Client, message: str) -> None:
    client.post(ASK, {**FORM, "message": message})
    assert len(emergencies(client.get(SENT).text)) == 1
    ana = with_link_of(make_inquiry(message=message))
    assert len(emergencies(ana.get(PRIVATE).text)) == 1, "at the door"
    prove(ana)
    assert len(emergencies(ana.get(PRIVATE).text)) == 1


def test_the_form_offers_emergency_help_before_the_first_question(client: Client) -> None:
    _, page = client.get(ASK).text.split("<main")
    assert page.index("Do you need help right now?") < page.index("<form")


@pytest.mark.parametrize("path", content.ARTICLES)
def test_an_article_gives_its_medicine_warning_and_disclaimer_once_each(
    client: Client, path: str
) -> None:
    content.load("for the demo’s own cast", articles=[path])
    soup = BeautifulSoup(client.get(f"/articles/{path.removesuffix('.md')}/").text, "html.parser")
    for contents in soup.select(".contents"):
        contents.decompose()
    words = " ".join(soup.get_text(" ").split())
    assert words.count("Don’t stop your medicines") == 1
    assert "Don’t stop or change your medicines" not in words
    assert words.count("not replace") == 1
    assert words.count("In an emergency, don’t wait for us.") == 1
