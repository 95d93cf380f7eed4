"""What a process of the site loads when it starts, and that nobody's first request loads more."""

import json
from pathlib import Path

import pytest

from tests.bench import site

pytestmark = [pytest.mark.once, pytest.mark.no_cover]

#: What a process needs where somebody writes, uploads or reads files; or not at all.
FORBIDDEN = {
    *("PIL", "bibtexparser", "holidays", "markdown_it", "pylatexenc", "rispy", "yaml"),
    *("fido2", "jwt", "requests", "urllib3"),
    *("articles.posts", "articles.rendering.renderer", "inquiries.worker.worker"),
}
#: 1,830 before it was looked at; an empty Django with admin has 590. Sentences in rooms of their
#: own and a second language are 50 of them.
MOST_MODULES = 1_250
#: Which pages may load more, and why.
MAY_LOAD = {
    # How staff sign in: its first page loads how. Beside the hash of a password nobody feels it.
    "accounts/": (
        *("_", "allauth", "cryptography", "fido2", "portal.accounts", "PIL", "pyexpat", "qrcode"),
        "xml",
    ),
    # Leads look at them now and then.
    "admin/inquiries/inquiry/reports/": ("inquiries.reports",),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("site")
    site.make(made, "tests.portal.config.first_requests")
    return made


def ask(folder: Path, *words: str) -> dict[str, list[str]]:
    told = site.run(folder, "-m", "tests.portal.config.first_requests", *words)
    found: dict[str, list[str]] = json.loads(told.splitlines()[-1])
    return found


def test_a_process_starts_without_what_is_rarely_needed(folder: Path) -> None:
    loaded = set(ask(folder, "loaded", str(folder))["loaded"])
    assert not loaded & FORBIDDEN
    assert len(loaded) <= MOST_MODULES


def test_nobodys_first_request_waits_for_an_import(folder: Path) -> None:
    """Of readers, senders, coordinators and leads, on every page that they may see."""
    grown = ask(folder, "visit", str(folder))
    unexpected = {}
    for page, modules in grown.items():
        known = [
            name
            for start, names in MAY_LOAD.items()
            if page.partition(": ")[2].startswith(start)
            for name in names
        ]
        if more := [each for each in modules if not each.startswith(tuple(known))]:
            unexpected[page] = more
    assert unexpected == {}
