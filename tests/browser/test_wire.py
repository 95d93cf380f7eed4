"""What a visit costs and leaves behind: few bytes, no cookie, no script, no third-party server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import pages
from tests.browser.conftest import spotless_page
from tests.portal import real_site

LIMIT = 60_000
FIRST_VISITS = {
    "home": "/",
    "home in Spanish": "/es/",
    "article": pages.ARTICLE,
    "article in Spanish": "/es/articles/celulas-madre-para-la-nefritis-lupica/",
    "category": "/categories/lupus/",
    "coordinator": pages.COORDINATOR,
    "ask": f"{pages.ASK}?article=stem-cells-for-lupus-nephritis",
    "ask in Spanish": f"/es{pages.ASK}",
    "private link, asked for": f"{pages.PRIVATE}new-link/?asked",
}
_FILL = f"from portal.demo import content; content.load({pages.PASSWORD!r})"


@pytest.fixture(scope="module")
def site_as_it_is_run(
    tmp_path_factory: pytest.TempPathFactory, new_database: Path
) -> Iterator[str]:
    """Run the site behind granian, which compresses pages as for readers; yield its address."""
    folder = tmp_path_factory.mktemp("wire")
    with real_site.running(
        folder,
        database=new_database,
        ALLOWED_HOSTS=real_site.HOST,
        PORTAL_BEHIND_PROXY="off",
        PORTAL_HTTPS="off",
    ) as site:
        site.manage("shell", "--command", _FILL)
        yield f"http://{real_site.HOST}:{site.port}"


@pytest.fixture
def new_visitor(browser: Browser, site_as_it_is_run: str, look: dict[str, Any]) -> Iterator[Page]:
    with spotless_page(browser, site_as_it_is_run, look) as page:
        yield page


@contextmanager
def counted(page: Page) -> Iterator[dict[str, int]]:
    """Count bytes on the wire, with headers, by address. Each page of a test is a new visitor."""
    addresses: dict[str, str] = {}
    sizes: dict[str, int] = {}
    debugger = page.context.new_cdp_session(page)
    debugger.on(
        "Network.requestWillBeSent",
        lambda event: addresses.update({event["requestId"]: event["request"]["url"]}),
    )
    debugger.on(
        "Network.loadingFinished",
        lambda event: sizes.update({addresses[event["requestId"]]: event["encodedDataLength"]}),
    )
    debugger.send("Network.enable")
    yield sizes
    assert sizes.keys() == set(addresses.values()), "all that was asked for has come"
    debugger.detach()


@pytest.mark.parametrize("name", FIRST_VISITS)
def test_a_first_visit_takes_at_most_60_kilobytes_from_this_site_alone(
    new_visitor: Page, site_as_it_is_run: str, name: str
) -> None:
    page = new_visitor
    with counted(page) as sizes:
        page.goto(FIRST_VISITS[name], wait_until="networkidle")
    kinds = [address.partition("?")[0].rpartition(".")[2] for address in sizes]
    assert {"css", "svg"} <= set(kinds), "nothing came from a cache"
    assert kinds.count("woff2") == 2, "each font once"
    assert sum(sizes.values()) <= LIMIT, sizes
    assert all(address.startswith(f"{site_as_it_is_run}/") for address in sizes), sizes


def test_reading_sets_no_cookie_and_runs_no_script(page: Page) -> None:
    pages.load_content()
    for name, address in pages.READING.items():
        page.goto(address)
        assert page.context.cookies() == [], name
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0, name
        # Data for search engines is not a script that runs.
        assert page.locator("script:not([type='application/ld+json'])").count() == 0, name


def test_the_form_sets_only_the_csrf_cookie(page: Page) -> None:
    page.goto(pages.ASK)
    assert [cookie.get("name") for cookie in page.context.cookies()] == ["csrftoken"]
    assert page.locator("script").count() == 0
