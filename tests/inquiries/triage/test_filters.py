"""Filters of the queue, as addresses and as named views."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.utils import timezone

from articles.models import Category
from inquiries.contact import stored_plan
from inquiries.models import Inquiry, SavedView
from inquiries.states import State
from inquiries.triage import filters
from inquiries.triage.queue import VIEWS
from inquiries.views.staff import saved_views
from portal.models import Role, User
from tests.factories import make_category, make_inquiry, make_staff
from tests.inquiries.triage.queue_pages import QUEUE, references

pytestmark = pytest.mark.django_db

VIEWS_ADDRESS = f"{QUEUE}views/"


@pytest.fixture
def several(coordinator: User) -> dict[str, str]:
    topic = make_category("Ours")
    Category.objects.filter(pk=topic.pk).update(slug="ours")
    made = {
        "spanish": make_inquiry(language="es", interpreter=True),
        "mail": make_inquiry(contact_method="email", email="ana@example.org", phone=""),
        "urgent": make_inquiry(message="I can’t breathe"),
        "mine": make_inquiry(State.CLAIMED, owner=coordinator),
        "topic": make_inquiry(topic=topic),
        "old": make_inquiry(),
    }
    Inquiry.objects.filter(pk=made["old"].pk).update(received_at=timezone.now() - timedelta(days=8))
    stored_plan.renew_due()
    return {each.reference: name for name, each in made.items()}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("language=es", {"spanish"}),
        ("way=email", {"mail"}),
        ("urgency=urgent", {"urgent"}),
        ("owner=me", {"mine"}),
        ("topic=ours", {"topic"}),
        ("age=7", {"old"}),
        ("age=30", set()),
        ("owner=none&way=phone&language=es", {"spanish"}),
        ("view=unclaimed&urgency=urgent", {"urgent"}),
        ("topic=no-such", set()),
    ],
)
def test_each_filter_narrows_a_view(
    at_work: Client, several: dict[str, str], query: str, expected: set[str]
) -> None:
    assert {several[each] for each in references(at_work, f"?{query}")} == expected


def test_callable_now_follows_the_stored_window(at_work: Client, several: dict[str, str]) -> None:
    now = timezone.now()
    hour = timedelta(hours=1)
    Inquiry.objects.update(planned_way="phone", callable_from=None, callable_until=now + hour)
    reference = next(iter(several))
    ours = Inquiry.objects.filter(reference=reference)
    for outside in (
        {"callable_from": now + hour},
        {"callable_until": now - hour},
        {"planned_way": ""},
    ):
        ours.update(planned_way="phone", callable_from=now - hour, callable_until=now + hour)
        assert reference in references(at_work, "?callable=now")
        ours.update(**outside)
        assert reference not in references(at_work, "?callable=now")


@pytest.mark.parametrize(
    "query",
    [
        *("language=xx", "way=fax", "owner=x", "topic=A%20B", "age=0"),
        *("age=-1", "age=99999999999999999999", "callable=later", "urgency=%F0%9F%92%A5"),
        *("owner=00000000-0000-0000-0000-00000000000", f"topic={'x' * 5000}", "language=ES"),
    ],
)
def test_an_odd_filter_is_ignored(at_work: Client, query: str) -> None:
    inquiry = make_inquiry()
    assert references(at_work, f"?{query}") == [inquiry.reference]


def test_filters_that_find_nothing_say_what_to_do(at_work: Client) -> None:
    make_inquiry()
    page = BeautifulSoup(at_work.get(f"{QUEUE}?view=mine&language=es").text, "html.parser")
    (note,) = page.select(".queue-empty")
    assert "Nothing matches these filters." in note.get_text()
    assert [link["href"] for link in note.select("a")] == ["?view=mine", "?view=open&language=es"]
    (chosen,) = page.select("#filter-language option[selected]")
    assert chosen["value"] == "es"


def test_filters_last_through_the_pages_and_bulk_steps(
    at_work: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inquiries.triage.pagination.PAGE_SIZE", 2)
    made = [make_inquiry(language="es") for _ in range(3)] + [make_inquiry()]
    page = BeautifulSoup(at_work.get(f"{QUEUE}?language=es").text, "html.parser")
    (following,) = page.select('a[rel="next"]')
    assert references(at_work, str(following["href"])) == [made[2].reference]
    fields = {"step": "claim", "view": "open", "language": "es", "age": "x"}
    answer = at_work.post(f"{QUEUE}bulk/", fields)
    assert answer["Location"] == f"{QUEUE}?view=open&language=es"


def test_closed_requests_are_filtered_within_the_last_90_days(at_work: Client) -> None:
    new, old = (make_inquiry(State.CLOSED) for _ in range(2))
    Inquiry.objects.filter(pk=old.pk).update(closed_at=timezone.now() - timedelta(days=91))
    assert references(at_work, "?view=closed") == [new.reference, old.reference]
    assert references(at_work, "?view=closed&language=en") == [new.reference]


@pytest.mark.parametrize(
    ("name", "value", "index"),
    [
        ("way", "email", "inquiry_open_by_way"),
        ("language", "es", "inquiry_open_by_language"),
        ("urgency", "urgent", "inquiry_open_by_urgency"),
        ("topic", "lupus", "inquiry_open_by_topic"),
        ("callable", "now", "inquiry_open_by_due"),
        ("age", "7", "inquiry_open_by_due"),
        ("owner", "none", "inquiry_open_by_due"),
        ("owner", "me", "inquiry_claimed_by_due"),
    ],
)
def test_each_filter_is_read_from_an_index(
    coordinator: User, name: str, value: str, index: str
) -> None:
    rows = VIEWS["open"].rows(coordinator, timezone.now())
    rows = filters.Filters({name: value}).narrow(rows, coordinator, timezone.now())
    rows = rows.order_by(*VIEWS["open"].order.fields)[:51]
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        else:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute(f"EXPLAIN {sql}", params)
        plan = str(cursor.fetchall())
    assert index in plan
    assert "TEMP B-TREE" not in plan


# --- Named views ----------------------------------------------------------------------------------


def saved(client: Client) -> list[tuple[str, str]]:
    page = BeautifulSoup(client.get(QUEUE).text, "html.parser")
    return [
        (" ".join(each.get_text().split()), str(each["href"]))
        for each in page.select(".queue-saved a")
    ]


def test_a_view_is_kept_under_a_name_and_found_again(at_work: Client) -> None:
    fields = {"name": " Spanish  calls ", "view": "unclaimed", "language": "es", "way": "phone"}
    answer = at_work.post(VIEWS_ADDRESS, fields)
    assert answer["Location"] == f"{QUEUE}?view=unclaimed&way=phone&language=es"
    assert saved(at_work) == [("Spanish calls", answer["Location"])]
    kept = SavedView.objects.get()
    assert kept.filters == {"view": "unclaimed", "language": "es", "way": "phone"}
    at_work.post(f"/admin/inquiries/savedview/{kept.pk}/delete/")
    assert saved(at_work) == []


def test_only_leads_share_and_each_deletes_only_what_they_may(
    client: Client, coordinator: User, lead: User
) -> None:
    client.force_login(coordinator)
    client.post(VIEWS_ADDRESS, {"name": "Own", "shared": "on"})
    client.force_login(lead)
    client.post(VIEWS_ADDRESS, {"name": "For all", "shared": "on"})
    client.post(VIEWS_ADDRESS, {"name": "The lead’s"})
    assert [name for name, _ in saved(client)] == ["For all", "The lead’s"]
    client.force_login(coordinator)
    assert [name for name, _ in saved(client)] == ["For all", "Own"]
    for view in SavedView.objects.all():
        client.post(f"/admin/inquiries/savedview/{view.pk}/delete/")
    assert set(SavedView.objects.values_list("name", flat=True)) == {"For all", "The lead’s"}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "Give the view a name"),
        ({"name": "x" * 41}, "Give the view a name"),
        ({}, "Give the view a name"),
        ({"name": "Taken"}, "You already have a view named “Taken”"),
    ],
)
def test_a_view_that_cannot_be_kept_says_why(
    at_work: Client, coordinator: User, fields: dict[str, Any], said: str
) -> None:
    SavedView.objects.create(name="Taken", owner=coordinator)
    assert said in at_work.post(VIEWS_ADDRESS, fields, follow=True).text
    assert SavedView.objects.count() == 1


def test_nobody_keeps_more_views_than_a_list_can_show(
    at_work: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved_views, "MOST_VIEWS", 1)
    at_work.post(VIEWS_ADDRESS, {"name": "One"})
    page = at_work.post(VIEWS_ADDRESS, {"name": "Two"}, follow=True)
    assert "Delete one first." in page.text
    assert [name for name, _ in saved(at_work)] == ["One"]


def test_an_address_of_a_form_that_is_only_opened_changes_nothing(
    at_work: Client, coordinator: User
) -> None:
    view = SavedView.objects.create(name="Mine", owner=coordinator, filters={"view": "mine"})
    for address in (VIEWS_ADDRESS, f"/admin/inquiries/savedview/{view.pk}/delete/"):
        assert at_work.get(address)["Location"] == QUEUE
    assert SavedView.objects.get() == view


def test_a_lead_deletes_what_another_lead_shared(client: Client, lead: User) -> None:
    view = SavedView.objects.create(
        name="For all", owner=make_staff(Role.LEAD), is_shared=True, filters={"view": "open"}
    )
    client.force_login(lead)
    page = client.post(f"/admin/inquiries/savedview/{view.pk}/delete/", follow=True)
    assert not SavedView.objects.exists()
    assert page.status_code == 200


def test_a_view_changed_in_the_database_still_opens(at_work: Client, coordinator: User) -> None:
    for n, kept in enumerate(({"view": "x", "age": [1]}, [], "x", {"way": None})):
        SavedView.objects.create(name=f"Odd {n}", owner=coordinator, filters=kept)
    assert {address for _, address in saved(at_work)} == {f"{QUEUE}?view=open"}


def test_people_outside_triage_keep_no_views(client: Client) -> None:
    client.force_login(make_staff(Role.PRIVACY))
    assert client.post(VIEWS_ADDRESS, {"name": "x"}).status_code == 403
    assert "view-name" not in client.get(QUEUE).text
