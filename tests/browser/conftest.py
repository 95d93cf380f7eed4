"""A real browser on the real site, and pages that must stay free of errors of any kind."""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright
from pytest_django.live_server_helper import LiveServer

# On its own, Chromium asks its maker for updates, lists and accounts. No name but this machine's
# resolves, so that a stray third-party request reaches no one.
FLAGS = [
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
AXE = files("axe_playwright_python") / "axe.min.js"
AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    # Preloading reads imported style sheets again through a <style> that the CSP refuses.
    "preload": 0,
    # Framed pages are our own and are checked separately; axe would wait for them in vain.
    "iframes": False,
}
# The axe rules that depend on colors.
COLOUR_RULES = ("color-contrast", "link-in-text-block")

SETTLED = "Promise.allSettled(document.getAnimations().map(each => each.finished))"

# Elements that extend beyond the window, except those in a scrollable box (which the keyboard can
# reach) and those that are not visible.
BEYOND_THE_EDGE = """() => [...document.body.querySelectorAll("*")].filter(element => {
  const box = element.getBoundingClientRect();
  if (box.width === 0 || (box.right <= innerWidth + 1 && box.left >= -1)) return false;
  const scroller = element.closest("[role=region][tabindex='0'], .results");
  return !element.closest("[aria-hidden=true], .visually-hidden")
    && !(scroller && getComputedStyle(scroller).overflowX === "auto");
}).map(element => element.outerHTML.slice(0, 120))"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


def chromium() -> str | None:
    """Return the path of this machine's browser, or None if there is none."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = chromium()
    if not executable:
        pytest.skip("no browser (Chromium) on this machine")
    # Playwright keeps an event loop in the test thread, where Django then refuses queries.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    """The site in a thread, with WhiteNoise serving static files as in production.

    pytest-django's own server would serve them itself, and knows no hashed names.
    """
    server = LiveServer("127.0.0.1", start=False)
    server.thread.static_handler = lambda site: site  # type: ignore[assignment]
    server.start()
    yield server
    server.stop()


@pytest.fixture
def width() -> int:
    """Window width in CSS pixels; `parametrize("width", [320, 1280])` sets others."""
    return 1280


@pytest.fixture
def color_scheme() -> str:
    """The visitor's preference; `parametrize("color_scheme", ["light", "dark"])` sets others."""
    return "light"


@pytest.fixture
def look(width: int, color_scheme: str) -> dict[str, Any]:
    return {"viewport": {"width": width, "height": 800}, "color_scheme": color_scheme}


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, look: dict[str, Any]) -> Iterator[Page]:
    with spotless_page(browser, live_server.url, look) as page:
        yield page


@pytest.fixture
def page_without_script(
    browser: Browser, live_server: LiveServer, look: dict[str, Any]
) -> Iterator[Page]:
    with spotless_page(browser, live_server.url, look | {"java_script_enabled": False}) as page:
        yield page


@pytest.fixture
def examine(page: Page, axe_violations: Callable[..., list[str]]) -> Callable[[str], None]:
    """Fail on anything wrong with the page as it is: on a desktop, on a phone, and in dark mode.

    At 400% zoom, a window of 1280 pixels has 320 (WCAG 1.4.10), so the phone covers both.
    """

    def look(name: str) -> None:
        # Collapsed content is checked too, except menus of the header, which would cover the page.
        page.evaluate(
            "document.querySelectorAll('details:not(.staff-header details)')"
            ".forEach(each => { each.open = true })"
        )
        # A bar that stays would cover half of whatever is scrolled below it, and axe measures that.
        page.evaluate("scrollTo(0, 0)")
        found = [f"1280 wide: {each}" for each in axe_violations(page)]
        page.set_viewport_size({"width": 320, "height": 800})
        found += [f"320 wide: {each}" for each in axe_violations(page)]
        found += [f"beyond the edge: {each}" for each in page.evaluate(BEYOND_THE_EDGE)]
        # Dark mode has the same layout; only the colors differ.
        page.emulate_media(color_scheme="dark")
        page.evaluate(SETTLED)  # Django's links fade between colors
        found += [f"by night: {each}" for each in axe_violations(page, COLOUR_RULES)]
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1280, "height": 800})
        assert not found, "\n".join([name, *found])

    return look


@contextmanager
def spotless_page(browser: Browser, site: str, options: dict[str, Any]) -> Iterator[Page]:
    """Yield a page, then fail on what its test did not look at: a script error, a CSP violation
    (which is a console error), a file that did not load, a request to any other site.
    """
    faults: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # The console says no more than that about a failed load; `receive` knows the address.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            faults.append(f"console: {message.text}")

    def send(request: Request) -> None:
        if not request.url.startswith((f"{site}/", "data:", "blob:", "about:")):
            faults.append(f"request to another site: {request.url}")

    def receive(response: Response) -> None:
        # A document may have any status, which its test judges.
        if (
            response.status >= HTTPStatus.BAD_REQUEST
            and not response.request.is_navigation_request()
        ):
            faults.append(f"{response.status}: {response.url}")

    with browser.new_context(base_url=site, reduced_motion="reduce", **options) as context:
        context.set_default_timeout(10_000)
        context.on("console", hear)
        context.on("weberror", lambda error: faults.append(f"script: {error.error}"))
        context.on("request", send)
        context.on("response", receive)
        yield context.new_page()
    assert not faults, "\n".join(faults)


@pytest.fixture(scope="session")
def axe_violations() -> Callable[..., list[str]]:
    """List what axe-core finds on a page, by WCAG 2.2 AA and its own best practices, or only by
    these `rules`.

    Works only on pages with scripts: axe waits for promises, which never resolve without them.
    """
    axe = AXE.read_text(encoding="utf-8")

    def violations(page: Page, rules: Sequence[str] = ()) -> list[str]:
        options = json.dumps(AXE_OPTIONS | ({"runOnly": [*rules]} if rules else {}))
        # Evaluated by the debugger, because a page's CSP rightly blocks any other script.
        debugger = page.context.new_cdp_session(page)
        if page.evaluate("typeof axe") == "undefined":
            debugger.send("Runtime.evaluate", {"expression": axe, "silent": True})
        answer = debugger.send(
            "Runtime.evaluate",
            {
                "expression": f"axe.run({options}).then(({{violations}}) => violations)",
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
        debugger.detach()
        return [
            f"{violation['id']}: {violation['help']}: {node['target']} {node['html']}"
            for violation in answer["result"]["value"]
            for node in violation["nodes"]
        ]

    return violations
