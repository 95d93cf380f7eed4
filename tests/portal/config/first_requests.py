"""The first requests of a process, and what each of them has to load; run as a program."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.bench import site
from tests.bench.process import ASK, PRIVATE, load, open_private_page, typed
from tests.bench.visitor import Visitor

ADDRESSES = "addresses.json"


def write_addresses(folder: Path) -> None:
    """Write one address for each route, with who may open it."""
    site.write_visits(folder)
    from tests.portal.audience import AUDIENCE
    from tests.portal.test_routes import make_addresses

    addresses = make_addresses()
    found = [(route, addresses[route], sorted(AUDIENCE[route])) for route in AUDIENCE]
    (folder / ADDRESSES).write_text(json.dumps(found))


def visit_all(application: Callable[..., Any], folder: Path) -> Iterator[tuple[str, int]]:
    """Take a sender's steps, then open every page for anyone, a coordinator or a lead."""
    known = site.visits(folder)
    sender = Visitor(application)
    status, form = sender.get(ASK)
    yield ASK, status
    yield f"POST {ASK}", sender.post(ASK, form, typed(1))[0]
    yield "sent/", sender.get("/care-coordinator/sent/")[0]
    open_private_page(sender, known["token"])
    yield PRIVATE, sender.get(PRIVATE)[0]
    visitors = {
        "anyone": Visitor(application),
        "coordinator": Visitor(application, known["coordinator"]),
        "lead": Visitor(application, known["lead"]),
    }
    for route, address, audience in json.loads((folder / ADDRESSES).read_text()):
        if "logout" in route:
            continue
        for role, visitor in visitors.items():
            if role in audience:
                yield f"{role}: {route}", visitor.get(address)[0]


def main(what: str, folder: Path) -> dict[str, Any]:
    if what == "prepare":
        write_addresses(folder)
        return {}
    application = load("portal")
    loaded = set(sys.modules)
    if what == "loaded":
        return {"loaded": sorted(loaded)}
    grown: dict[str, list[str]] = {}
    for name, status in visit_all(application, folder):
        if status >= 500:
            raise SystemExit(f"{name} answered {status}")
        if more := sorted(set(sys.modules) - loaded):
            grown[name] = more
            loaded |= set(more)
    return grown


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], Path(sys.argv[2]))))
