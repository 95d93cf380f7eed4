"""Every route with its audience. A route that is not listed fails."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from zeal import zeal_ignore

from articles.editing import previews
from portal.models import Role
from tests.factories import (
    make_article,
    make_commentthread,
    make_draft,
    make_image,
    make_inquiry,
    make_proposal,
    make_reference,
    make_staff,
    make_term,
)
from tests.portal.audience import AUDIENCE, EVERYONE, KEPT_BY_EDITORS, KEPT_BY_LEADS, routes

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]


def test_every_route_is_listed_with_its_audience() -> None:
    assert sorted(routes()) == sorted(AUDIENCE)


def make_addresses() -> dict[str, str]:
    """Return an address for each route, with objects that exist."""
    draft, article, inquiry = make_draft(), make_article(), make_inquiry()
    category, picture = article.categories.get(), make_image()
    reference, term, proposal = make_reference(), make_term(), make_proposal()
    user = make_staff()
    link, _ = previews.create_preview_link(draft, days=7, by=make_staff(Role.EDITOR))
    thread = make_commentthread(draft)

    rows: dict[str, Any] = {
        "admin/articles/article/": draft,
        "admin/articles/image/": picture,
        "admin/articles/reference/": reference,
        "admin/articles/term/": term,
        "admin/articles/proposal/": proposal,
        "admin/articles/category/": category,
        "admin/portal/user/": user,
        "admin/portal/accounts/": make_staff(Role.COORDINATOR),
        "admin/inquiries/auditentry/": user,
        "admin/inquiries/team/": make_staff(Role.COORDINATOR),
        "admin/inquiries/languages/": make_staff(Role.COORDINATOR),
    }

    kept = KEPT_BY_EDITORS | KEPT_BY_LEADS

    def fill(route: str) -> str:
        own = next((row for start, row in rows.items() if route.startswith(start)), None)
        if own is not None:
            key = str(own.pk)
        elif route.split("/")[2:] and (make := kept.get(route.split("/")[2])):
            key = str(make().pk)
        else:
            key = str(inquiry.pk)
        filled = {
            "<slug:slug>": category.slug if "categories" in route else article.slug,
            "<section>": "articles",
            "<str:name>": picture.files[0],
            "<path:content_type_id>": "0",
            "<path:object_id>": key,
            "<uuid:pk>": key,
            "<id>": key,
            "<slug:step>": "claim",
            "<int:pk>": "1",
            "<int:number>": "1",
            "<int:link>": str(link.pk),
            "<int:thread>": str(thread.pk),
            "<slug:taken>": "retire",
            "<slug:language>": "es",
            "<slug:shelf>": "sources",
            "<str:secret>": "no-such-secret",
            "<str:uidb64>": "MQ",
            "<str:token>": "no-such-token",
            "<slug:act>": "deactivate",
            "^(?P<app_label>articles|inquiries|portal)/$": "articles/",
            "(?P<url>.*)$": "no-such-page",
        }
        for placeholder, value in filled.items():
            route = route.replace(placeholder, value)
        return f"/{route}"

    return {route: fill(route) for route in AUDIENCE}


@pytest.fixture
def addresses() -> dict[str, str]:
    return make_addresses()


def _is_let_in(client: Client, address: str) -> bool:
    """An object that they may not see is not found (404); a page is refused (403)."""
    with zeal_ignore():  # the reader and the account they open are two queries, not a loop
        response = client.get(address)
    assert response.status_code < 500
    if response.status_code == 302 and "/login/" in response["Location"]:
        return False
    if re.search(r"^/admin/(articles|inquiries|portal)/.+/(\d+/|routine/|[0-9a-f]{8}-)", address):
        return response.status_code not in {403, 404}
    return response.status_code != 403


# Runs on one database only: a superuser sees every page on either, and the other roles' access
# does not depend on it.
@pytest.mark.once
@pytest.mark.parametrize("role", ["anyone", "", *Role.values])
def test_each_role_can_open_only_its_own_pages(
    role: str, addresses: dict[str, str], client: Client
) -> None:
    if role != "anyone":
        client.force_login(make_staff(role))
    # Last, because they end the session.
    order = sorted(AUDIENCE, key=lambda route: "logout" in route)
    let_in = {route for route in order if _is_let_in(client, addresses[route])}
    expected = {route for route in AUDIENCE if role in AUDIENCE[route]}
    # An app's index page is empty, and so not found, for users with no access to its models.
    app_pages = {"admin/^(?P<app_label>articles|inquiries|portal)/$"}
    assert let_in - app_pages == expected - app_pages


def test_a_superuser_can_open_everything_but_deletion_and_uploads_of_others(
    addresses: dict[str, str], client: Client
) -> None:
    client.force_login(make_staff(is_superuser=True))
    order = sorted(AUDIENCE, key=lambda route: "logout" in route)
    refused = {route for route in order if not _is_let_in(client, addresses[route])}
    assert refused == {
        "admin/autocomplete/",
        "admin/portal/user/<path:object_id>/delete/",
        "admin/articles/category/<path:object_id>/delete/",
        "admin/articles/missedsearch/add/",
        "admin/articles/proposal/add/",
        "admin/articles/proposal/<path:object_id>/delete/",
        "admin/articles/reference/<path:object_id>/delete/",
        "admin/articles/term/<path:object_id>/delete/",
        "admin/articles/article/<path:object_id>/delete/",
        "admin/articles/article/import/<uuid:pk>/",
        "admin/articles/article/kept/<uuid:pk>/",
        "admin/inquiries/servicelevel/add/",
        "admin/inquiries/servicelevel/<path:object_id>/delete/",
    }


@pytest.mark.once
def test_each_staff_page_offers_to_sign_out(addresses: dict[str, str], client: Client) -> None:
    client.force_login(make_staff(is_superuser=True))
    pages = {
        route: client.get(address)
        for route, address in addresses.items()
        if AUDIENCE[route] != EVERYONE
    }
    lacking = {
        route
        for route, page in pages.items()
        if page.status_code == 200
        and page["Content-Type"].startswith("text/html")
        and not re.search('(action|href)="/(accounts|admin)/logout/"', page.text)
    }
    assert lacking == {
        "admin/components/",  # shown as readers see them
        "admin/articles/article/<uuid:pk>/preview/",  # shown as readers will see it
        "admin/articles/article/<uuid:pk>/review/",  # the same, with comments
        "admin/inquiries/inquiry/<uuid:pk>/pulse/",  # a fragment of a page
    }


@pytest.mark.once
@pytest.mark.parametrize("role", ["", *Role.values])
def test_an_object_they_may_not_see_looks_like_a_missing_one(
    role: str, addresses: dict[str, str], client: Client
) -> None:
    client.force_login(make_staff(role))
    for route, address in addresses.items():
        if role in AUDIENCE[route] or "-" not in address or not route.startswith("admin/"):
            continue
        if not re.search("<(uuid:pk|id|path:object_id)>", route):
            continue
        nowhere = re.sub("[0-9a-f]{8}-[0-9a-f-]{27}", str(uuid4()), address)
        assert client.get(address).status_code == client.get(nowhere).status_code == 404, route
        assert client.post(address).status_code == client.post(nowhere).status_code == 404, route


def test_a_disabled_account_loses_access_at_once(client: Client) -> None:
    coordinator = make_staff(Role.COORDINATOR)
    client.force_login(coordinator)
    assert client.get("/admin/inquiries/inquiry/").status_code == 200
    coordinator.is_active = False
    coordinator.save()
    assert not _is_let_in(client, "/admin/inquiries/inquiry/")


def test_a_non_staff_account_is_told_so_without_a_redirect_loop(client: Client) -> None:
    client.force_login(make_staff(is_staff=False))
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403
    assert "This isn’t a staff account" in response.text
