"""The frame of staff pages: who is signed in, and a menu that offers nothing that is refused."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from zeal import zeal_ignore

from portal.models import Role, User
from tests.factories import (
    make_absence,
    make_cannedreply,
    make_dangerphrase,
    make_inquiry,
    make_staff,
)

pytestmark = pytest.mark.django_db

START = "/admin/"
QUEUE = "/admin/inquiries/inquiry/"
ABSENCES = "/admin/inquiries/absence/"
#: What each role is offered first, as the menu shows it.
DAILY = {
    Role.COORDINATOR: [
        *("Start", "Requests", "Enter a request", "Crisis scripts", "Tasks", "Our team"),
        "Canned replies",
    ],
    Role.LEAD: [
        *("Start", "Requests", "Enter a request", "Crisis scripts", "Tasks", "Our team"),
        *("Canned replies", "Lead page", "Reports", "Absences"),
    ],
    Role.PRIVACY: ["Start", "Requests", "Crisis scripts", "Audit trail", "Who read what"],
    Role.EDITOR: [
        *("Start", "Articles", "Review list", "Changes to approve", "References", "Glossary"),
        "Pictures",
    ],
    "": ["Start"],
}
DAILY[Role.REVIEWER] = DAILY[Role.EDITOR]


def open_page(client: Client, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return BeautifulSoup(answer.text, "html.parser")


def sign_in(client: Client, role: str, **fields: Any) -> User:
    user = make_staff(role, **fields)
    client.force_login(user)
    return user


@pytest.mark.parametrize("role", ["", *Role.values])
def test_the_menu_fits_the_role_and_each_link_opens(client: Client, role: str) -> None:
    sign_in(client, role)
    page = open_page(client, START)
    links = page.select(".staff-nav a")
    daily = [link.text.strip() for link in links if not link.find_parent(class_="staff-more")]
    assert daily == DAILY[Role(role) if role else ""]
    for link in [*links, *page.select(".staff-account a")]:
        with zeal_ignore():
            answer = client.get(str(link["href"]), follow=True)
        assert answer.status_code == 200, link
        assert not answer.redirect_chain, link


def test_every_page_shows_the_full_name_and_the_role(client: Client) -> None:
    sign_in(client, Role.LEAD, first_name="Maria", last_name="Okafor")
    for address in (START, QUEUE, ABSENCES, f"{ABSENCES}add/", f"{QUEUE}limbo/"):
        person = open_page(client, address).select_one(".staff-account summary")
        assert person
        assert person.get_text(" ", strip=True) == "Maria Okafor Lead coordinator"


def test_the_current_page_is_marked_once(client: Client) -> None:
    sign_in(client, Role.LEAD)
    row = make_absence()
    for address, expected in (
        (START, ("Start", "page")),
        (ABSENCES, ("Absences", "page")),
        (f"{ABSENCES}{row.pk}/change/", ("Absences", "true")),
        (f"{QUEUE}reports/", ("Reports", "page")),
        (f"{QUEUE}reports/export/", ("Reports", "true")),
        (f"{QUEUE}{make_inquiry().pk}/change/", ("Requests", "true")),
    ):
        marked = open_page(client, address).select(".staff-nav [aria-current]")
        found = [(link.text.strip(), link["aria-current"]) for link in marked]
        assert found == [expected], address


def test_each_page_has_one_main_heading_and_says_where_it_is(client: Client) -> None:
    sign_in(client, Role.LEAD)
    row = make_absence()
    for address, heading in (
        (START, "Start"),
        (ABSENCES, "Absences"),
        (f"{ABSENCES}add/", "Add absence"),
        (f"{ABSENCES}{row.pk}/change/", "Change absence"),
        ("/admin/inquiries/servicelevel/", "Service levels"),
        ("/admin/inquiries/your-calendar/", "Your calendar"),
    ):
        page = open_page(client, address)
        assert [each.text.strip() for each in page.select("h1")] == [heading]
        crumbs = page.select_one(".breadcrumbs")
        if address != START:
            assert crumbs
            assert crumbs.get_text(" ", strip=True).startswith("Start ")
        assert "Inquiries" not in page.get_text(), "the code’s own name for its parts"


def test_no_list_asks_to_select_something(client: Client) -> None:
    make_cannedreply()
    make_dangerphrase()
    superuser = User.objects.create_superuser("root", password="-")
    client.force_login(superuser)
    for link in open_page(client, START).select(".staff-nav a"):
        page = open_page(client, str(link["href"]))
        for place in page.select("h1, title"):
            assert "Select" not in place.text, link


def test_an_empty_list_says_what_that_means(client: Client) -> None:
    sign_in(client, Role.LEAD)
    page = open_page(client, ABSENCES)
    empty = page.select_one(".list-empty")
    assert empty
    assert "No one is away, and no time off is planned." in empty.text
    assert [link["href"] for link in empty.select("a")] == [f"{ABSENCES}add/"]
    page = open_page(client, "/admin/inquiries/dangerphrase/?q=xyzzy")
    empty = page.select_one(".list-empty")
    assert empty
    assert "Nothing matches." in empty.text


def test_durations_are_in_words(client: Client) -> None:
    sign_in(client, Role.LEAD)
    rows = open_page(client, "/admin/inquiries/servicelevel/")
    assert "8 working hours" in rows.text
    assert "80 working hours" in rows.text
    form = open_page(client, "/admin/inquiries/servicelevel/routine/change/")
    assert "Working minutes. Now: 8 working hours." in form.text


def test_the_page_of_an_app_leads_to_the_start_page(client: Client) -> None:
    sign_in(client, Role.LEAD)
    assert client.get("/admin/inquiries/")["Location"] == START
