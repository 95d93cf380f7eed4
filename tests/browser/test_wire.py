"""What a visit costs and leaves behind: few bytes, no cookie, no script, nobody else's server."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page

from tests.browser import pages

LIMIT = 60 * 1024
FIRST_VISITS = {
    "home": "/",
    "article": pages.ARTICLE,
    "coordinator": pages.COORDINATOR,
    "ask": f"{pages.ASK}?article=stem-cells-for-lupus-nephritis",
}


@contextmanager
def counted(page: Page) -> Iterator[dict[str, int]]:
    """Bytes on the wire with their headers, by address. Each page of a test is a fresh visitor."""
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
    page: Page, name: str
) -> None:
    pages.load_content()
    with counted(page) as sizes:
        page.goto(FIRST_VISITS[name], wait_until="networkidle")
    kinds = {address.partition("?")[0].rpartition(".")[2] for address in sizes}
    assert {"css", "woff2", "svg"} <= kinds, "nothing came from a cache"
    assert sum(sizes.values()) <= LIMIT, sizes
    site = page.url.partition("/care")[0].partition("/articles")[0].rstrip("/")
    assert all(address.startswith(f"{site}/") for address in sizes), sizes


def test_reading_leaves_no_cookie_and_runs_no_script(page: Page) -> None:
    pages.load_content()
    for name, address in pages.READING.items():
        page.goto(address)
        assert page.context.cookies() == [], name
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0, name
        # What search engines read is data, and no script runs.
        assert page.locator("script:not([type='application/ld+json'])").count() == 0, name


def test_the_form_sets_the_one_cookie_that_proves_it_ours(page: Page) -> None:
    page.goto(pages.ASK)
    assert [cookie.get("name") for cookie in page.context.cookies()] == ["csrftoken"]
    assert page.locator("script").count() == 0
