"""The components look as they did: compared with kept pictures, by one version of one browser.

`KEEP_PICTURES=1 pytest tests/browser/test_components.py` makes them anew. Look at them before you
commit them.
"""

import io
import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Locator, Page

from portal.models import Role
from tests.browser.test_accessibility import sign_in
from tests.factories import make_staff

PICTURES = Path(__file__).parent / "pictures"
#: The browser that made them: another one draws letters and edges in another way.
MADE_WITH = PICTURES / "chromium.txt"
#: A pixel differs from here on, of 255; and this share of them may.
DIFFERS = 40
TOLERANCE = 0.004
_COLORS = 48
#: Milliseconds. The longest part is 17,000 pixels high.
_TIMEOUT = 60_000
PARTS = ("site-parts", "article-frame", "article-text")
#: On a desktop as it comes, on a phone with what is closed opened; states that no width changes.
SEEN = (
    *((1280, f"{part}-still") for part in PARTS),
    *((390, f"{part}-opened") for part in PARTS),
    *((390, state) for state in ("hovered", "focused", "word", "source")),
)
#: These are long: half their size shows a change as well, in a quarter of the bytes.
HALVED = ("article-frame", "article-text")
LOADED = """Promise.all([...document.images].map(each => {
  each.loading = "eager";
  return each.decode();
}))"""
#: A picture shows also what is laid out only when somebody gets near it.
LAID_OUT = """document.querySelectorAll(".evidence, .references").forEach(each => {
  each.style.contentVisibility = "visible";
})"""
OWN_FONTS = "['Care Sans', 'Care Serif'].every(name => document.fonts.check(`16px '${name}'`))"


def take(page: Page, state: str) -> Image.Image:
    part, _, openness = state.rpartition("-")
    if openness == "opened":
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    page.evaluate(LAID_OUT)
    page.evaluate(LOADED)
    seen = page.locator(f"#{part}") if part else bring_about(page, state)
    taken = Image.open(
        io.BytesIO(seen.screenshot(animations="disabled", timeout=_TIMEOUT))
    ).convert("RGB")
    return taken.reduce(2) if part in HALVED else taken


def bring_about(page: Page, state: str) -> Locator:
    button = page.locator("#first-button")
    match state:
        case "hovered":
            button.hover()
        case "focused":
            button.focus()
        case "word":
            page.locator("button.term").click()
            return page.locator("#word-placebo")
        case "source":
            page.locator("a[href='#source-1']").first.click()
            return page.locator("#source-1")
    return page.locator(".actions", has=button)


def share_of_difference(now: Image.Image, before: Image.Image) -> float:
    if now.size != before.size:
        return 1.0
    apart = ImageChops.difference(now, before).convert("L").point(lambda each: each > DIFFERS)
    return sum(apart.histogram()[1:]) / (now.width * now.height)


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "state"), SEEN)
def test_each_component_looks_as_it_did(
    page: Page, width: int, color_scheme: str, state: str
) -> None:
    keeps = "KEEP_PICTURES" in os.environ
    browser = page.context.browser
    assert browser
    version = browser.version.partition(".")[0]
    if not keeps and version != (made_with := MADE_WITH.read_text().strip()):
        pytest.skip(f"NOT RUN: the pictures were made with Chromium {made_with}, this is {version}")
    sign_in(page, make_staff(Role.EDITOR))
    for _ in range(2):  # a font that comes too late is there for the next page
        page.goto("/admin/components/")
        page.evaluate("document.fonts.ready")
    assert page.evaluate(OWN_FONTS)
    now = take(page, state)
    kept = PICTURES / f"components-{width}-{color_scheme}-{state}.png"
    if keeps:
        now.quantize(_COLORS).save(kept, optimize=True)
        MADE_WITH.write_text(f"{version}\n")
        return
    share = share_of_difference(now, Image.open(kept).convert("RGB"))
    assert share <= TOLERANCE, f"{share:.2%} of {kept.name} looks different"
