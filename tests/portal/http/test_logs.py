"""What is logged, and what never is."""

import logging
import re
import sys
import warnings
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection
from django.test import Client, override_settings
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Category
from portal.http import logs
from portal.http.limits import LIMITS, Limit
from portal.models import Role
from tests.factories import make_staff
from tests.portal.http.log_lines import heard, lines, written
from tests.portal.real_site import SECRET, Site


def record(name: str = "portal.test", message: str = "A sentence.", **fields: Any) -> Any:
    return logging.getLogger(name).makeRecord(
        name, logging.INFO, __file__, 7, message, (SECRET,), None, "somewhere", fields
    )


def failing(error: Exception) -> Any:
    made = record()
    try:
        raise error
    except type(error):
        made.exc_info = sys.exc_info()
    return made


def test_the_site_prints_nothing_from_a_visitor(site: Site) -> None:
    token = f"{SECRET}-tOkEn"
    site.ask(
        "POST",
        f"/care-coordinator/ask/?article={SECRET}",
        f"full_name={SECRET}&message={SECRET}&phone={SECRET}".encode(),
        {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"sent={SECRET}"},
    )
    for method, address in {
        "GET": f"/search/?q=fault+{SECRET}",
        "HEAD": f"/care-coordinator/request/{token}/?reference={SECRET}",
        "TRACE": f"/admin/inquiries/inquiry/?q={SECRET}",
        SECRET: f"/{SECRET}",
        "OPTIONS": f"/static/{SECRET}",
    }.items():
        headers = {"X-Request-ID": SECRET, "User-Agent": SECRET, "Referer": SECRET}
        site.ask(method, address, headers=headers | {"Authorization": SECRET})
    site.ask("GET", "/", headers={"Host": f"{SECRET}.example"})
    site.send(b"GET /outside-of-django HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    printed = site.log.read_text()
    assert SECRET.lower() not in printed.lower()
    assert "203.0.113.9" not in printed
    assert "4155550134" not in printed
    found = lines(printed)
    loggers = {line["logger"].partition(".")[0] for line in found}
    assert {"portal", "of", "py", "django"} <= loggers, "all of them spoke"
    methods = {line.get("method") for line in found}
    assert {"GET", "HEAD", "POST", "TRACE", "OPTIONS", "OTHER"} <= methods
    routes = {line.get("route") for line in found}
    assert {"search/", "care-coordinator/ask/", "static", "unmatched"} <= routes


@pytest.mark.django_db
def test_refusals_are_logged_with_their_route_and_status(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, "search", Limit(0, 60, "address"))
    client.force_login(make_staff(Role.EDITOR))
    strict = Client(enforce_csrf_checks=True)
    logging.getLogger("portal.access").setLevel(logging.INFO)
    with heard() as told:
        client.get(f"/admin/inquiries/inquiry/?q={SECRET}")
        client.get(f"/admin/inquiries/inquiry/{uuid4()}/change/")
        client.get(f"/search/?q={SECRET}")
        strict.post("/accounts/login/", {"login": SECRET, "password": SECRET})
    answered = [line for line in lines(told.getvalue()) if line["logger"] == "portal.access"]
    assert [(line["method"], line["route"], line["status"]) for line in answered] == [
        ("GET", "admin/inquiries/inquiry/", 403),
        ("GET", "admin/inquiries/inquiry/<uuid:pk>/change/", 404),
        ("GET", "search/", 429),
        ("POST", "accounts/login/", 403),
    ]
    assert SECRET not in told.getvalue()


def test_an_error_page_shows_the_request_id_in_its_log_lines(site: Site) -> None:
    answer = site.ask("GET", "/search/?q=fault")
    assert answer.status == 500
    number = answer.headers["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{16}", number)
    assert f"give us this number: <code>{number}</code>" in answer.text
    assert SECRET not in answer.text
    own = [line for line in lines(site.log.read_text()) if line.get("request_id") == number]
    fault = next(line for line in own if "exception" in line)
    types = [each["type"] for each in fault["exception"]]
    assert types[:2] == ["builtins.RuntimeError", "django.db.utils.OperationalError"]
    assert any(
        frame.startswith("portal/views/search.py:") and frame.endswith(":search")
        for frame in fault["exception"][0]["frames"]
    )
    access = own[-1]
    assert (access["method"], access["route"], access["status"]) == ("GET", "search/", 500)
    assert access["milliseconds"] > 0


def test_each_request_gets_a_new_id_and_a_visitors_own_is_ignored(site: Site) -> None:
    given = {"X-Request-ID": "0123456789abcdef"}
    numbers = {site.ask("GET", "/", headers=given).headers["X-Request-ID"] for _ in range(3)}
    assert len(numbers) == 3
    assert "0123456789abcdef" not in numbers


@given(st.text(), st.text())
def test_no_text_can_end_a_line_or_forge_a_field(text: str, name: str) -> None:
    made = record(message=text)
    made.name = f"portal.{name}"
    made.method = made.kind = made.command = made.anchor = made.route = text
    assert len(written(made).splitlines()) == 1
    assert written(made).isascii()
    (line,) = lines(written(made))
    assert "route" not in line


@pytest.mark.parametrize("character", ["\r", "\n", "\r\n", "\x0b", "\x85", "\u2028", "\x1b[2J"])
def test_visitor_input_cannot_forge_a_log_line(client: Client, character: str) -> None:
    forged = f'{character}{{"level": "forged"}}'
    with heard() as told:
        client.generic(f"GET{character}", f"/no-such{forged}", headers={"X-Request-ID": forged})
    assert "forged" not in told.getvalue()
    assert [line["method"] for line in lines(told.getvalue())] == ["OTHER"]


def test_our_messages_are_logged_as_in_the_code_without_arguments() -> None:
    (line,) = lines(written(record(message="%s asked.")))
    assert line["message"] == "%s asked."


@pytest.mark.parametrize("name", ["django.request", "psycopg", "root", "portalx", "inquiriesx.y"])
def test_only_the_location_of_other_loggers_messages_is_logged(name: str) -> None:
    (line,) = lines(written(record(name, message=SECRET)))
    assert line["at"] == "tests/portal/http/test_logs.py:7:somewhere"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reader", "known"),
        ("kind", SECRET),
        ("kind", "ana@example.org"),
        ("kind", "Ana"),
        ("kind", "two words"),
        ("kind", ["a", "list"]),
        ("kind", "a\n"),
        ("command", "x" * 100),
        ("method", "get"),
        ("status", "200"),
        ("count", 4155550134),
        ("count", float("nan")),
        ("route", f"/care-coordinator/request/{SECRET}/"),
        ("anchor", "a b c d e f g h"),
    ],
)
def test_an_unknown_or_malformed_field_is_left_out(field: str, value: object) -> None:
    made = record()
    setattr(made, field, value)
    (line,) = lines(written(made))
    assert list(line) == ["time", "level", "logger", "message"]


def test_known_fields_come_in_order() -> None:
    fields: dict[str, Any] = {
        "count": 3,
        "kind": "verify.ledger",
        "command": "verify_ledger",
        "status": 404,
        "route": logs.Route("care-coordinator/request/<token>/"),
        "method": "GET",
        "milliseconds": 1.5,
        "anchor": "2026-11-23:9f86d081884c7d65",
    }
    (line,) = lines(written(record(**fields)))
    assert {name: line[name] for name in fields} == fields
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line["time"])


def test_an_exception_is_logged_without_its_message() -> None:
    error = KeyError(SECRET)
    error.__cause__ = ValueError(SECRET)
    text = written(failing(error))
    assert SECRET not in text
    (line,) = lines(text)
    assert [each["type"] for each in line["exception"]] == [
        "builtins.KeyError",
        "builtins.ValueError",
    ]
    assert line["exception"][0]["frames"][-1].startswith("tests/portal/http/test_logs.py:")


def test_an_endless_chain_of_causes_is_cut_short() -> None:
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    (line,) = lines(written(failing(first)))
    assert len(line["exception"]) == 5


@pytest.mark.django_db
def test_database_details_of_a_refused_row_stay_out_of_the_log() -> None:
    made = Category.objects.create(name=SECRET, slug=SECRET.lower())
    with pytest.raises(IntegrityError) as refused:
        Category.objects.create(name=SECRET, slug=made.slug)
    if connection.vendor == "postgresql":
        assert SECRET in str(refused.value), "it does say it"
    assert SECRET.lower() not in written(failing(DatabaseError(refused.value))).lower()
    assert SECRET.lower() not in written(failing(refused.value)).lower()


def test_a_warning_is_logged_by_its_location_and_category(caplog: pytest.LogCaptureFixture) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = logs._log_warning
        warnings.warn(SECRET, UserWarning, stacklevel=1)
    (line,) = lines(written(caplog.records[-1]))
    assert line["logger"] == "py.warnings"
    assert re.fullmatch(r"tests/portal/http/test_logs\.py:\d+:UserWarning", line["at"])


def test_all_loggers_use_the_same_formatter() -> None:
    assert not logging.raiseExceptions, "a failing handler would print what it was given"
    for name, logger in [("", logging.getLogger()), *logging.root.manager.loggerDict.items()]:
        if isinstance(logger, logging.Logger):
            for handler in logger.handlers:
                if type(handler) is logging.StreamHandler:
                    assert isinstance(handler.formatter, logs.JsonFormatter), name
                assert "AdminEmailHandler" not in type(handler).__name__, name


@override_settings(DEBUG=False)
def test_the_request_id_is_cleared_after_the_request(client: Client) -> None:
    client.get("/healthz/live")
    assert logs.request_id.get() == ""


@override_settings(DEBUG=False)
def test_a_health_check_that_is_well_has_no_line(client: Client) -> None:
    """Load balancers and the supervisor ask every few seconds."""
    logging.getLogger("portal.access").setLevel(logging.INFO)
    with heard() as told:
        client.get("/healthz/live")
        logs.write_access_line(
            "0" * 16, method="GET", route=logs.Route("healthz/ready"), status=503, began=0.0
        )
    answered = [line for line in lines(told.getvalue()) if line["logger"] == "portal.access"]
    assert [(line["route"], line["status"]) for line in answered] == [("healthz/ready", 503)]
