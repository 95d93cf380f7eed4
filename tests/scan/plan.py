"""Who scans what: each page with its forms once, by the first visitor whose page it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urljoin, urlsplit

from portal.models import Role, User
from tests import factories
from tests.scan import addresses
from tests.scan.addresses import ANYONE, SUPERUSER
from tests.scan.visitor import Target, Visitor

# The number of the state that a form changes. Where the form stays after it was sent, each sending
# needs the number of now.
_NUMBERED = {"note-version", "opened_version"}
# Where cookies and headers are tried.
_HEADERS = {ANYONE: "/care-coordinator/sent/", Role.COORDINATOR: "/admin/"}
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b\d+\b")


@dataclass(frozen=True)
class Attempt:
    """One run of sqlmap: which fields of a form or address (none: its marks)."""

    target: Target
    names: frozenset[str] = frozenset()
    #: A field that the form's page gives anew for each sending.
    fresh: str = ""


@dataclass
class Work:
    visitor: Visitor
    pages: list[str] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)


def make(site: str, password: str) -> list[Work]:
    """Sign everybody in, make what is to be scanned, and share it out."""
    visitors = [Visitor(site)]
    factories.make_staff(username=SUPERUSER, is_superuser=True)
    for name in addresses.VISITORS[1:]:
        visitor = Visitor(site, name)
        if name == SUPERUSER:
            visitor.sign_in(SUPERUSER, factories.PASSWORD)
        else:
            visitor.sign_in(f"demo-{name}", password)
        visitors.append(visitor)
    _ask(visitors[0])
    coordinator = User.objects.get(username="demo-coordinator")
    found = addresses.by_visitor(coordinator)
    known: set[object] = set()
    works = [_work(visitor, found[visitor.name], known) for visitor in visitors]
    return [work for work in works if work.pages]


def _ask(visitor: Visitor) -> None:
    """Send the public form once: its confirmation is one of the pages."""
    form = next(
        each for each in visitor.targets("/care-coordinator/ask/") if "consent" in each.names
    )
    _, text, _ = visitor.open(form.address, form.fields)
    if "data-reference" not in text:
        raise SystemExit("The form was not taken. Give what it misses in tests/scan/visitor.py.")


def _work(visitor: Visitor, found: list[tuple[str, str]], known: set[object]) -> Work:
    work = Work(visitor)
    for route, marked in found:
        path = marked.replace("*", "")
        targets = list(visitor.targets(path))
        if query := addresses.QUERIES.get(route):
            address = urljoin(visitor.site, path)
            targets.append(Target("GET", address, tuple(parse_qsl(query)), address))
        kinds = {_kind(each): each for each in reversed(targets) if each.names}
        new = [each for kind, each in kinds.items() if kind not in known]
        if route in known and not new:
            continue
        if "*" in marked and route not in known:
            address = urljoin(visitor.site, marked)
            work.attempts.append(Attempt(Target("GET", address, (), address)))
        known |= {route, *kinds}
        work.pages.append(path)
        work.targets += new
    for target in work.targets:
        work.attempts += _attempts(target)
    if start := _HEADERS.get(visitor.name):
        names = {"user-agent", "referer", *(cookie.name for cookie in visitor.jar)}
        address = urljoin(visitor.site, start)
        work.attempts.append(Attempt(Target("GET", address, (), address), frozenset(names)))
    return work


def _attempts(target: Target) -> Iterator[Attempt]:
    numbered = target.names & _NUMBERED
    if numbered:
        yield Attempt(target, numbered)
    if target.names - numbered:
        # A form for what is new carries no number yet.
        given = [name for name, value in target.fields if name in numbered and value]
        yield Attempt(target, target.names - numbered, next(iter(given), ""))


def _kind(target: Target) -> tuple[str, str, frozenset[str]]:
    return target.method, _KEY.sub("…", urlsplit(target.address).path), target.names
