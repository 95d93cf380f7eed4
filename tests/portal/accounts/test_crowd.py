"""Many sign-ins at once: passwords are hashed one at a time, and no one else waits for that."""

import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from django.test import Client

from portal.accounts import password_queue
from portal.config.server import MOST_AT_WORK
from portal.models import User
from tests.portal.accounts.devices import App, enter
from tests.portal.real_site import Answer, Site

LOGIN = "/accounts/login/"
CROWD = 40
#: Seconds. Hashing a password takes half a second on a quiet machine, and much longer on this one.
AT_ONCE = 3.0


def knock(site: Site, number: int) -> Answer:
    """Try to sign in as a browser does, from a network of its own."""
    network = {"X-Forwarded-For": f"198.51.100.{number}"}
    page = site.ask("GET", LOGIN, headers=network)
    cookie = re.search(r"__Host-csrftoken=\w+", page.headers["Set-Cookie"])
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert cookie
    assert token
    typed = {"login": f"nobody-{number}", "password": "x", "csrfmiddlewaretoken": token[1]}
    headers = {
        **network,
        "Cookie": cookie[0],
        "Referer": f"https://portal.example{LOGIN}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return site.ask("POST", LOGIN, urlencode(typed).encode(), headers)


@pytest.mark.once
@pytest.mark.no_cover
def test_security_9_readers_and_senders_are_served_while_a_crowd_signs_in(site: Site) -> None:
    waits = []
    with ThreadPoolExecutor(CROWD) as threads:
        crowd = [threads.submit(knock, site, number) for number in range(CROWD)]
        while not all(each.done() for each in crowd):
            began = time.monotonic()
            assert site.ask("GET", "/care-coordinator/").status == 200
            assert site.ask("POST", "/care-coordinator/ask/", b"message=x").status == 422
            waits.append(time.monotonic() - began)
            time.sleep(0.05)
    answers = [each.result() for each in crowd]
    statuses = Counter(each.status for each in answers)
    assert set(statuses) <= {200, 503}, "told that it is wrong, or to come back"
    assert statuses[200] >= 1
    for busy in [each for each in answers if each.status == 503]:
        assert busy.headers["Retry-After"] == "10"
        assert "Many people are signing in right now" in busy.text
    assert sorted(waits)[len(waits) // 2] < AT_ONCE


def test_a_crowd_leaves_most_threads_free() -> None:
    assert password_queue.PLACES < MOST_AT_WORK / 2
    assert password_queue.PATIENCE < 5


@pytest.mark.django_db
def test_people_who_find_no_place_are_told_so_and_not_counted(coordinator: User, app: App) -> None:
    for _ in range(password_queue.PLACES):
        password_queue._places.acquire()
    try:
        for _ in range(7):
            answer = enter(Client(), coordinator)
            assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    finally:
        for _ in range(password_queue.PLACES):
            password_queue._places.release()
    assert enter(Client(), coordinator).status_code == 302
