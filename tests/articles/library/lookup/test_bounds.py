"""Servers that are slow, talkative, broken, or hostile: the answer is a refusal in words."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from articles.library.lookup import LookupFailed, NotFound, look_up
from articles.library.lookup.connection import MOST_BYTES
from tests.articles.library.lookup.stand_in import (
    DOI,
    Answer,
    StandIn,
    as_json,
    make_work,
    stand_in,
)
from tests.ports import free_port

_HTML = b"<!doctype html><title>Sign in to the network</title>"
_JSON = {"Content-Type": "application/json"}


def find(seconds: float = 10) -> str:
    return look_up("doi", DOI, until=time.monotonic() + seconds).source.title


def _deep(path: str) -> Answer:
    return 200, _JSON, b"[" * 200_000


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda path: (200, _JSON, b" " * (MOST_BYTES + 1)), "too large"),
        (lambda path: (200, {**_JSON, "Content-Length": "9999999999"}, b" "), "didn’t answer"),
        (lambda path: (200, {**_JSON, "Content-Encoding": "gzip"}, b"{}"), "couldn’t be read"),
        (lambda path: (200, {"Content-Type": "text/html"}, _HTML), "couldn’t be read"),
        (lambda path: (200, _JSON, b"\xff\xfe\x00"), "couldn’t be read"),
        (lambda path: (200, _JSON, b'"text"'), "couldn’t be read"),
        (lambda path: (200, _JSON, b'{"message": []}'), "couldn’t be read"),
        (_deep, "couldn’t be read"),
        (lambda path: (500, {}, b"oops"), r"error \(500\)"),
        (lambda path: (429, {"Retry-After": "1"}, b"slow down"), r"error \(429\)"),
        (lambda path: (200, {"Transfer-Encoding": "chunked"}, b"zz\r\n"), "didn’t answer"),
        (lambda path: (302, {"Location": "http://[::1"}, b""), "led to another address"),
        (lambda path: (302, {}, b""), "led to another address"),
        (lambda path: (302, {"Location": path}, b""), "led to another address"),
        (lambda path: (301, {"Location": "file:///etc/passwd"}, b""), "led to another address"),
        (lambda path: (307, {"Location": "//169.254.169.254/"}, b""), "led to another address"),
    ],
)
def test_what_is_no_answer_is_refused(
    there: StandIn, answer: Callable[[str], Answer], reason: str
) -> None:
    there.instead = answer
    with pytest.raises(LookupFailed, match=reason):
        find()


def test_a_redirect_to_another_host_is_not_followed(there: StandIn) -> None:
    """Security 6: a server abroad can't make the site ask an address inside the clinic."""
    with stand_in() as elsewhere:
        elsewhere.works[DOI] = make_work()
        there.instead = lambda path: (302, {"Location": f"{elsewhere.address}{path}"}, b"")
        with pytest.raises(LookupFailed, match="led to another address"):
            find()
        assert elsewhere.asked == []


def test_a_redirect_on_the_same_host_is_followed(there: StandIn) -> None:
    there.works[DOI] = make_work()
    there.instead = lambda path: (
        as_json({"message": {"items": []}})
        if "filter" in path
        else as_json({"message": make_work()})
        if path.startswith("/moved")
        else (308, {"Location": f"/moved{path}"}, b"")
    )
    assert find().startswith("Cells")


def test_an_answer_that_dribbles_in_ends_at_the_deadline(there: StandIn) -> None:
    """Each byte comes in time, the answer never does: a page must not wait for its end."""
    there.works[DOI] = make_work()
    there.dribble = 0.02
    began = time.monotonic()
    with pytest.raises(LookupFailed, match="took too long"):
        find(seconds=0.5)
    assert time.monotonic() - began < 60  # the answer would take minutes


def test_nothing_is_asked_after_the_deadline(there: StandIn) -> None:
    with pytest.raises(LookupFailed, match="took too long"):
        find(seconds=0)
    assert there.asked == []


def test_a_server_that_is_down_is_no_proof_that_a_source_is_unknown(
    settings: Any,
) -> None:
    settings.LOOKUP_CROSSREF = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(LookupFailed, match="didn’t answer"):
        find()


def test_gone_counts_as_not_found(there: StandIn) -> None:
    there.instead = lambda path: (410, {}, b"gone")
    with pytest.raises(NotFound):
        find()
