"""The error pages."""

import pytest
from django.test import Client, RequestFactory

from articles.models import Article
from portal.errors import server_error
from tests.portal.http.log_lines import heard, lines
from tests.portal.real_site import SECRET


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/no-such", 404),
        ("GET", "/?" + "x" * 9000, 414),
        ("POST", "/", 405),
        ("PUT", "/", 405),
        ("POST", "/accounts/login/", 403),
        ("POST", "/admin/", 403),
    ],
)
def test_every_error_page_shows_its_request_id(method: str, address: str, status: int) -> None:
    response = Client(enforce_csrf_checks=address != "/").generic(method, address)
    assert response.status_code == status
    assert f"give us this number: <code>{response['X-Request-ID']}</code>" in response.text
    assert response["Cache-Control"] == "private, no-store"


def test_an_error_page_outside_a_request_has_no_id() -> None:
    page = server_error(RequestFactory().get("/")).content.decode()
    assert "this number" not in page
    assert "Code for our staff: 500" in page


@pytest.mark.django_db
@pytest.mark.django_db
def test_a_failure_in_the_error_page_is_reported_in_plain_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import portal.errors
    from portal.wsgi import application  # sets up logging, so that no handler is left listening

    def fail(*args: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(Article.objects, "published", fail)
    monkeypatch.setattr(portal.errors, "render_to_string", fail)
    answered: list[str] = []
    environ = RequestFactory().get("/articles/").environ
    with heard() as told:
        page = b"".join(application(environ, lambda *said: answered.append(said[0])))  # type: ignore[arg-type]
    assert answered == ["500 Internal Server Error"]
    assert page.startswith(b"Something went wrong on our side.")
    assert SECRET not in told.getvalue()
    own = [line for line in lines(told.getvalue()) if line["logger"] == "portal.wsgi"]
    assert [line["message"] for line in own] == ["no page for a fault"]
