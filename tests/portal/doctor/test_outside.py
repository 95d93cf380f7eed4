"""The site as visitors see it: what the doctor says where the table has no row for it."""

from typing import Any

import pytest

from portal.doctor import Untried, outside
from tests.portal.doctor.front import Faults, front
from tests.portal.doctor.installation import Installation

pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _served_by_https(settings: Any) -> None:
    settings.HTTPS, settings.PORTAL_URL = True, "https://127.0.0.1"
    outside._gone.clear()


@pytest.mark.parametrize(
    ("faults", "says"),
    [
        (Faults(), ""),
        (Faults(serves_http=True), ""),
        (Faults(serves_http=True, passes_on_proto=True), "passes on X-Forwarded-Proto"),
        (Faults(serves_http=True, claims_https=True), "answers over plain HTTP"),
    ],
)
def test_plain_http_has_to_lead_to_https_whatever_a_visitor_says(
    faults: Faults, says: str, on_sqlite: Installation
) -> None:
    with front(on_sqlite.site_port, faults=faults) as port:
        problem = outside.examine_plain_http(port=port)
    assert says in problem.what if problem else not says


def test_nobody_at_the_usual_port_is_fine() -> None:
    assert outside.examine_plain_http(port=1) is None


def test_a_site_that_no_one_can_reach_is_asked_once_and_the_rest_is_untried(settings: Any) -> None:
    settings.PORTAL_URL = "https://127.0.0.1:1"
    problem = outside.site_can_be_reached()
    assert problem
    assert problem.is_advice
    assert "could not be checked" in problem.what
    for check in (
        outside.certificate_is_valid,
        outside.headers_protect_visitors,
        outside.only_the_proxy_says_what_is_https,
        outside.other_names_are_refused,
        outside.plain_http_leads_to_https,
    ):
        with pytest.raises(Untried):
            check()
    outside._gone.clear()
    for check in (outside.certificate_is_valid, outside.headers_protect_visitors):
        with pytest.raises(Untried):
            check()


def test_links_in_emails_have_to_lead_over_https(settings: Any) -> None:
    settings.PORTAL_URL = "http://portal.example"
    problem = outside.site_can_be_reached()
    assert problem
    assert "links in emails" in problem.what
    settings.HTTPS = False
    with pytest.raises(Untried):
        outside.site_can_be_reached()


def test_a_port_that_speaks_no_tls_is_reported(settings: Any, on_sqlite: Installation) -> None:
    settings.PORTAL_URL = f"https://127.0.0.1:{on_sqlite.site_port}"
    with pytest.raises(Untried):
        outside.site_can_be_reached()
    problem = outside.certificate_is_valid()
    assert problem
    assert "doesn't speak TLS" in problem.what


def test_a_certificate_made_for_a_few_days_may_be_near_its_end() -> None:
    shown = {"notBefore": "Jan  1 00:00:00 2024 GMT", "notAfter": "Jan  1 00:00:00 2025 GMT"}
    problem = outside._expires_soon(shown)
    assert problem
    assert "expires in -" in problem.what
