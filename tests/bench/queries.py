"""The number of SQL statements for each kind of response, without the first visit.

`python -m tests.bench.queries FOLDER` prints a JSON object.
"""

import json
import sys
from pathlib import Path
from typing import Any

from tests.bench import site

_VISITS = 2


def count(folder: Path) -> dict[str, int]:
    counted: dict[str, int] = json.loads(site.run(folder, "-m", __name__, str(folder)))
    return counted


def _count_here(folder: Path) -> dict[str, int]:
    from tests.bench.process import ASK, load, typed
    from tests.bench.visitor import Visitor

    application = load("portal")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    known: dict[str, Any] = site.visits(folder)
    reader, coordinator, editor = (
        Visitor(application, known.get(name)) for name in ("reader", "coordinator", "editor")
    )
    pages = {
        "article hot": (reader, known["article"]),
        "article es": (reader, f"/es{known['article']}"),
        "home": (reader, "/"),
        "category": (reader, known["category"]),
        "feed": (reader, "/feed/"),
        "search": (reader, "/search/?q=kidney"),
        "ask": (reader, ASK),
        "queue": (coordinator, "/admin/inquiries/inquiry/"),
        "request": (coordinator, known["request"]),
        "preview": (editor, f"{known['draft'][:-7]}preview/"),
    }
    found = {}
    for name, (visitor, address) in pages.items():
        for _ in range(_VISITS):
            with CaptureQueriesContext(connection) as captured:
                visitor.get(address)
            found[name] = len(captured)
    with CaptureQueriesContext(connection) as captured:
        reader.get(known["articles"][-1])
    found["article cold"] = len(captured)
    for number in range(_VISITS):
        sender = Visitor(application)
        _, form = sender.get(ASK)
        with CaptureQueriesContext(connection) as captured:
            sender.post(ASK, form, typed(1_000_000 + number))
        found["store"] = len(captured)
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_count_here(Path(sys.argv[1]))))
