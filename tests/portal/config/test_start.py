"""What a site process loads at startup, and that no user's first request loads more."""

import json
import sys
from pathlib import Path

import pytest

from tests.bench import site

pytestmark = [pytest.mark.once, pytest.mark.no_cover]

#: Needed only to write, upload or read files, or not at all.
FORBIDDEN = {
    *("PIL", "bibtexparser", "holidays", "markdown_it", "pylatexenc", "rispy", "yaml"),
    *("fido2", "jwt", "requests", "urllib3"),
    *("articles.posts", "articles.rendering.renderer", "inquiries.worker.worker"),
}
#: Modules of ours and of packages. Fifty of them are for sentences and a second language, sixty for
#: tasks, referrals, and the team, and eighty for search, half of them its comparison of words.
#: Three are for who reviews a draft, who is told, and how the list of articles is narrowed, one
#: for what steps say. With the standard library it was 1,830 before this was optimized; an empty
#: Django with admin has 590.
MOST_MODULES = 1_150
#: Modules of the standard library, which each Python version divides in its own way.
MOST_STANDARD_MODULES = 280
#: Pages that may load more, and why.
MAY_LOAD = {
    # The first sign-in page loads what signing in needs; next to a password hash, nobody notices.
    "accounts/": (
        *("_", "allauth", "cryptography", "fido2", "portal.accounts", "PIL", "pyexpat", "qrcode"),
        "xml",
    ),
    # Leads open them only now and then.
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


def test_a_process_starts_without_rarely_needed_modules(folder: Path) -> None:
    loaded = set(ask(folder, "loaded", str(folder))["loaded"])
    assert not loaded & FORBIDDEN
    standard = {each for each in loaded if each.partition(".")[0] in sys.stdlib_module_names}
    assert len(loaded - standard) <= MOST_MODULES
    assert len(standard) <= MOST_STANDARD_MODULES


def test_no_first_request_waits_for_an_import(folder: Path) -> None:
    """Check readers, senders, coordinators and leads, on every page that they may open."""
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
