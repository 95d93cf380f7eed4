"""Who scans what: each page and its forms once, by the first visitor who may open it."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

import time_machine
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from fido2.utils import websafe_encode

from inquiries import private_links
from inquiries.models import ContactMethod, Inquiry
from inquiries.states import AttemptResult, State
from inquiries.triage import steps
from inquiries.views.private_page import visits
from portal.accounts import sessions
from portal.accounts.session_store import SessionStore
from portal.models import Role, User
from tests import factories
from tests.portal.accounts import devices
from tests.scan import addresses
from tests.scan.addresses import ANYONE, AT_THE_DOOR, HALFWAY, SUPERUSER
from tests.scan.visitor import Target, Visitor

# The version of what a form changes. If the form stays open after it was sent, each submission
# needs the current version.
_NUMBERED = {"opened_version", "version"}
# Pages where cookies and headers are tried.
_HEADERS = {
    ANYONE: ("/care-coordinator/sent/", "/care-coordinator/request/"),
    Role.COORDINATOR: ("/admin/",),
}
_LONGER_THAN_A_SCAN = timedelta(hours=3)
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b\d+\b")


@dataclass(frozen=True)
class Attempt:
    """One run of sqlmap: the fields of a form or address to try (none: its `*` marks)."""

    target: Target
    names: frozenset[str] = frozenset()
    #: A field that the form's page renews for each submission.
    fresh: str = ""


@dataclass
class Work:
    """What one visitor scans."""

    visitor: Visitor
    is_signed_in: bool
    #: Wildcards of what wapiti must avoid.
    excluded: list[str]
    #: Where wapiti starts, and the method and path of everything that it must visit.
    pages: list[str] = field(default_factory=list)
    wanted: set[tuple[str, str]] = field(default_factory=set)
    #: For sqlmap.
    attempts: list[Attempt] = field(default_factory=list)


def make(site: str, password: str) -> list[Work]:
    """Sign everyone in, create what is to be scanned, and divide it up."""
    people = {f"{role}": User.objects.get(username=f"demo-{role}") for role in Role}
    people[SUPERUSER] = factories.make_staff(username=SUPERUSER, is_superuser=True)
    coordinator = people[Role.COORDINATOR]
    people[SUPERUSER].password = coordinator.password
    people[SUPERUSER].save()
    # A second session of theirs in another browser, for the scan to end.
    Visitor(site).sign_in(coordinator.username, password)
    app = devices.with_app(coordinator)
    _give_passkey(coordinator)
    known: set[object] = set()
    works = []
    for name in addresses.VISITORS:
        visitor, user = Visitor(site, name), people.get(name)
        if name == ANYONE:
            _answer(_ask(visitor), by=coordinator)
        elif name == AT_THE_DOOR:
            visitor.open(_link())
        elif name == HALFWAY:
            visitor.enter(coordinator.username, password)
        elif user:
            visitor.sign_in(user.username, password, app)
        _keep_young(visitor)
        _keep_visit_young(visitor)
        work = _work(visitor, addresses.of(name, user), known)
        if work.pages:
            works.append(work)
    return works


def _give_passkey(user: User) -> None:
    some = websafe_encode(b"anything")
    asked = {"publicKey": {"user": {"id": some}, "challenge": some}}
    WebAuthn.add(user, "Blue key", json.loads(devices.Passkey().register(asked)))


def _keep_young(visitor: Visitor) -> None:
    """Extend the session: a scan outlasts a recent sign-in and a half-finished one."""
    for cookie in visitor.jar:
        if cookie.name != settings.SESSION_COOKIE_NAME:
            continue
        session = SessionStore(cookie.value)
        for name in (sessions.SIGNED_IN_AT, sessions.SEEN_AT):
            if name in session:
                session[name] += _LONGER_THAN_A_SCAN.total_seconds()
        if "account_login" in session:
            session["account_login"]["initiated_at"] += _LONGER_THAN_A_SCAN.total_seconds()
        session.save()


def _keep_visit_young(visitor: Visitor) -> None:
    """Extend the visit too: a scan outlasts an open private page."""
    request, response = RequestFactory().get("/"), HttpResponse()
    request.COOKIES = {cookie.name: cookie.value or "" for cookie in visitor.jar}
    if visit := visits.current_visit(request):
        with time_machine.travel(datetime.now().astimezone() + _LONGER_THAN_A_SCAN):
            visits.save_visit(request, response, visit)
    for cookie in visitor.jar:
        if cookie.name in response.cookies:
            cookie.value = response.cookies[cookie.name].value


def _ask(visitor: Visitor) -> Inquiry:
    """Send the public form once: its confirmation is a page, and leads to the private page."""
    form = next(
        each for each in visitor.targets("/care-coordinator/ask/") if "consent" in each.names
    )
    _, text, _ = visitor.open(form.address, form.fields)
    if "data-reference" not in text:
        raise SystemExit("The form was not taken. Give what it misses in tests/scan/visitor.py.")
    forms = visitor.targets("/care-coordinator/sent/")
    opens = next(each for each in forms if each.method == "POST")
    ended_at, _, status = visitor.open(opens.address, opens.fields)
    if status != 200 or not ended_at.endswith(reverse("inquiries:private")):
        raise SystemExit(f"The confirmation led to {ended_at} ({status}).")
    reference = text.partition('data-reference="')[2].partition('"')[0]
    return Inquiry.objects.get(reference=reference)


def _answer(inquiry: Inquiry, *, by: User) -> None:
    """Log a contact, so that the private page asks whether we reached them."""
    inquiry = steps.claim(inquiry, version=inquiry.version, by=by)
    how = {"method": ContactMethod.PHONE, "reached": AttemptResult.SPOKE}
    steps.log_attempt(inquiry, **how, version=inquiry.version, by=by)


def _link() -> str:
    """Return the link to a request's private page."""
    inquiry = Inquiry.objects.exclude(state=State.ERASED).first()
    assert inquiry, "fill() made some"
    return reverse("inquiries:private_link", args=[private_links.create_link(inquiry)])


def _work(visitor: Visitor, found: Iterable[tuple[str, str]], known: set[object]) -> Work:
    ending = addresses.ending(visitor.name)
    kept = (*ending, *addresses.NOT_BY_WAPITI)
    if visitor.name != ANYONE:  # These are the same for everyone.
        kept += ("static/",)
    work = Work(
        visitor,
        is_signed_in=visitor.name not in {ANYONE, AT_THE_DOOR, HALFWAY},
        excluded=addresses.patterns(kept),
    )
    for route, marked in found:
        page = marked.replace("*", "")
        if query := addresses.QUERIES.get(route):
            page = f"{page}?{query}"
        kinds = {
            _kind(target): target
            for target in visitor.targets(page)
            if target.names and not addresses.belongs(target.address, ending)
        }
        new = [target for kind, target in kinds.items() if kind not in known]
        if route in known and not new:
            continue
        if "*" in marked and route not in known:
            address = urljoin(visitor.site, marked)
            work.attempts.append(Attempt(Target("GET", address, (), address)))
        known |= {route, *kinds}
        for target in new:
            work.attempts += _attempts(target)
        if route not in kept:
            path = urlsplit(page).path
            # If a page redirects to another one, the forms are on that page.
            forms = [each for each in new if each.method == "POST"]
            led_to = {each.page for each in forms if urlsplit(each.page).path != path}
            work.pages += [page, *(led_to - set(work.pages))]
            work.wanted.add(("GET", path))
        work.wanted |= {
            (target.method, urlsplit(target.address).path)
            for target in new
            if not addresses.belongs(target.address, kept)
        }
    for start in _HEADERS.get(visitor.name, ()):
        names = {"user-agent", "referer", *(cookie.name for cookie in visitor.jar)}
        address = urljoin(visitor.site, start)
        work.attempts.append(Attempt(Target("GET", address, (), address), frozenset(names)))
    return work


def _attempts(target: Target) -> Iterator[Attempt]:
    numbered = target.names & _NUMBERED
    if numbered:
        yield Attempt(target, numbered)
    if target.names - numbered:
        # A form for a new object has no version yet.
        given = [name for name, value in target.fields if name in numbered and value]
        yield Attempt(target, target.names - numbered, next(iter(given), ""))


def _kind(target: Target) -> tuple[str, str, frozenset[str]]:
    return target.method, _KEY.sub("…", urlsplit(target.address).path), target.names
