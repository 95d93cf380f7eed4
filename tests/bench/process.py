"""One process of the portal, or of a bare Django: its startup time and its memory at work.

`python -m tests.bench.process portal|bare start|memory FOLDER` prints a JSON object.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

REQUESTS = 1_000
ASK = "/care-coordinator/ask/"
PRIVATE = "/care-coordinator/request/"


def load(which: str) -> Callable[..., Any]:
    """Load the application, with everything that the first request would load otherwise."""
    if which == "portal":
        from portal.wsgi import application
    else:
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.bare_settings"
        from django.core.wsgi import get_wsgi_application
        from django.urls import get_resolver

        application = get_wsgi_application()
        _ = get_resolver().url_patterns
    return application


def held() -> dict[str, float]:
    """Return its own memory and its part of shared memory, in MB."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:]}
    return {"pss_mb": kilobytes["Pss"] / 1024, "modules": len(sys.modules)}


def ask_for_everything(application: Callable[..., Any], folder: Path) -> Iterator[tuple[str, int]]:
    """Make one visit of each kind, again and again; yield its name and the status."""
    from tests.bench import site
    from tests.bench.visitor import Visitor

    known = site.visits(folder)
    reader, sender = Visitor(application), Visitor(application)
    coordinator = Visitor(application, known["coordinator"])
    editor = Visitor(application, known["editor"])
    open_private_page(sender, known["token"])
    number = 0
    while True:
        number += 1
        yield "home", reader.get("/")[0]
        yield "article", reader.get(known["article"])[0]
        yield "category", reader.get(known["category"])[0]
        yield "search", reader.get(f"/search/?q=kidney+{number}")[0]
        patient = Visitor(application)
        status, form = patient.get(ASK)
        yield "form", status
        yield "store", patient.post(ASK, form, typed(number))[0]
        yield "private page", sender.get(PRIVATE)[0]
        yield "queue", coordinator.get("/admin/inquiries/inquiry/")[0]
        yield "request", coordinator.get(known["request"])[0]
        yield "editor", editor.get(known["draft"])[0]


def open_private_page(sender: Any, token: str) -> None:
    """Use the mailed link, and the last digits of the phone number that was given."""
    sender.get(f"{PRIVATE}{token}/")
    _, door = sender.get(PRIVATE)
    sender.post(f"{PRIVATE}prove/", door, {"detail": "0100"})


def typed(number: int) -> dict[str, str]:
    return {
        "relation": "self",
        "full_name": f"Ana Example {number}",
        "contact_method": "email",
        "email": f"ana{number}@example.org",
        "voicemail": "none",
        "language": "en",
        "time_zone": "America/New_York",
        "message": f"I would like to know more about this study, please. I have read it {number} "
        "times and I am not sure whether it is meant for somebody like me.",
        "consent": "on",
    }


def main(which: str, what: str, folder: Path) -> dict[str, Any]:
    application = load(which)
    started = {"cpu_ms": round(time.process_time() * 1000, 1), **held()}
    if what == "start":
        return started
    from tests.bench.visitor import Visitor

    statuses: dict[str, list[int]] = {}
    if which == "bare":
        visitor = Visitor(application)
        for _ in range(REQUESTS):
            statuses.setdefault("page", []).append(visitor.get("/")[0])
    else:
        answers = ask_for_everything(application, folder)
        for _, (name, status) in zip(range(REQUESTS), answers, strict=False):
            statuses.setdefault(name, []).append(status)
    odd = {name: sorted(set(found)) for name, found in statuses.items()}
    return {"at_start_mb": started["pss_mb"], **held(), "statuses": odd}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))))
