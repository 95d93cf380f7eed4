"""Every page is valid HTML according to the W3C checker."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client, RequestFactory

from portal import errors
from tests.browser import pages
from tests.factories import make_kepttext, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.no_cover]

ValidateHTML = Callable[[Mapping[str, str]], None]


def html_of(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return str(response.text)


def test_public_pages_and_forms_are_valid(client: Client, validate_html: ValidateHTML) -> None:
    pages.load_content()
    found = {
        name: html_of(client.get(address), pages.STATUSES.get(name, HTTPStatus.OK))
        for name, address in pages.PUBLIC.items()
    }
    found["ask with errors"] = html_of(client.post(pages.ASK, {}), 422)
    mended = {
        "full_name": "Ana <Example> & “Co”",
        "email": "ana@example.org",
        "message": "</textarea>",
        "consent": "on",
    }
    found["ask with one error"] = html_of(client.post(pages.ASK, mended | {"consent": ""}), 422)
    found["sent"] = html_of(client.post(pages.ASK, mended, follow=True))
    assert "data-reference" in found["sent"]
    found["sign-in with errors"] = html_of(client.post(pages.SIGN_IN, {}))
    strict = Client(enforce_csrf_checks=True)
    found["ask without proof"] = html_of(strict.post(pages.ASK, mended), 422)
    found["other form without proof"] = html_of(strict.post(pages.SIGN_IN, {}), 403)
    found["too large"] = html_of(client.post(pages.ASK, {"message": "x" * 1_600_000}), 413)
    found["our fault"] = html_of(errors.server_error(RequestFactory().get("/")), 500)
    validate_html(found)


def test_staff_pages_are_valid(validate_html: ValidateHTML) -> None:
    pages.load_content()
    staff_pages = pages.make_staff_pages()
    found: dict[str, str] = {}
    addresses: dict[str, str] = {}
    clients: dict[str, Client] = {}
    for user, theirs in staff_pages.items():
        client = clients[user.username] = Client()
        client.force_login(user)
        addresses |= theirs
        for name, address in theirs.items():
            found[name] = html_of(client.get(address))
    claimed = addresses["request, claimed"].removesuffix("change/")
    coordinator, editor = clients["demo-coordinator"], clients["demo-editor"]
    stale = {"close-version": 1, "close-outcome": "answered"}
    unfilled = {"close-version": 2, "close-outcome": ""}
    found["request, overtaken"] = html_of(coordinator.post(f"{claimed}close/", stale), 409)
    found["request, unfilled"] = html_of(coordinator.post(f"{claimed}close/", unfilled), 422)
    found["article, refused"] = html_of(
        editor.post(addresses["article, not to publish yet"], {"version": "1"}), 409
    )
    found["article, unfilled"] = html_of(editor.post(addresses["article, new"], {}), 422)
    found["article, shared"] = html_of(editor.post(addresses["article, share"], {"days": 7}))
    writer = next(user for user in staff_pages if user.username == "demo-editor")
    kept = make_kepttext(writer)
    found["unsaved text"] = html_of(editor.get(f"{pages.ARTICLES}kept/{kept.pk}/"))
    found["unsaved text, offered"] = html_of(editor.get(addresses["article, new"]))
    stranger = Client()
    stranger.force_login(make_staff())
    found["not theirs"] = html_of(stranger.get(pages.QUEUE), 403)
    validate_html(found)
