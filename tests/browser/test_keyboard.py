"""Without a mouse: every focus stop is visible, and the whole form can be filled in and sent."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from articles import checking
from articles.checking.attestations import SAYS_THE_SAME
from articles.models import Article, Proposal
from articles.states import State
from inquiries.models import Inquiry
from inquiries.submission import DECLARED, Group, asked
from portal.models import User
from tests.browser import pages
from tests.browser.test_accessibility import sign_in
from tests.factories import make_draft
from tests.inquiries.examples import example

# It must be an outline, because shadows vanish in forced colors; contrast is 3:1 (WCAG 1.4.11).
IS_OUTLINED = """element => {
  const parts = color => color.match(/[0-9.]+/g).map(Number);
  const light = color => {
    const [r, g, b] = parts(color).map(each => each / 255)
      .map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  let ground = element.parentElement;
  while (ground && parts(getComputedStyle(ground).backgroundColor)[3] === 0) {
    ground = ground.parentElement;
  }
  const {outlineStyle, outlineWidth, outlineColor} = getComputedStyle(element);
  const [one, other] = [light(outlineColor), light(getComputedStyle(ground).backgroundColor)];
  return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2
    && parts(outlineColor)[3] !== 0 && Math.max(one / other, other / one) >= 3;
}"""
# Part of it is enough, because a tall field may be larger than the rest of the window.
IS_ON_SCREEN = """element => {
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.left >= 0 && box.right <= innerWidth
    && Math.min(box.bottom, innerHeight) - Math.max(box.top, 0) >= 16;
}"""
STOPS = "a[href], button, input:not([type=hidden], [tabindex='-1']), select, textarea"


def tab(page: Page) -> Locator:
    """Move to the next stop, and check that it is visible."""
    page.keyboard.press("Tab")
    stop = page.locator(":focus")
    words = stop.evaluate("element => element.outerHTML")
    assert stop.evaluate(IS_OUTLINED), f"no outline: {words}"
    assert stop.evaluate(IS_ON_SCREEN), f"not on the screen: {words}"
    return stop


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_every_tab_stop_on_the_home_page_is_visible(page: Page) -> None:
    pages.load_content()
    page.goto("/")
    expected = page.locator(STOPS).evaluate_all("all => all.map(each => each.outerHTML)")
    assert len(expected) > 20
    seen = [tab(page).evaluate("element => element.outerHTML") for _ in expected]
    assert seen == expected, "in the order of the page, and none twice"


def test_the_skip_link_skips_the_masthead(page: Page) -> None:
    pages.load_content()
    page.goto("/")
    expect(tab(page)).to_have_text("Skip to main content")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    expect(tab(page)).to_have_attribute("id", "search-words")


def test_the_form_can_be_filled_in_and_sent_by_keyboard_alone(page: Page) -> None:
    pages.load_content()
    page.goto(pages.ASK)
    expect(tab(page)).to_have_text("Skip to main content")
    page.keyboard.press("Enter")
    later = {name for name in asked(*Group) if DECLARED[name].label}
    for name, keys in (
        (None, []),  # the link to leave the page
        *((None, []),) * 3,  # links to call for help instead, to text, to call the crisis line
        ("relation", ["ArrowDown"]),
        ("full_name", "Ana Example"),
        ("patient_name", "Ben Example"),
        ("authority", ["Space", "ArrowDown"]),
        ("contact_method", ["Space", "ArrowDown"]),
        ("phone", "(202) 555-0100"),
        ("email", "ana@example.org"),
        (None, ["Enter"]),  # more about how to contact them
        ("shared_phone", ["Space"]),
        ("shared_email", ["Space"]),
        ("voicemail", ["ArrowDown"]),
        ("best_time", ["Space"]),
        ("best_time", []),
        ("best_time", ["Space"]),
        ("time_zone", ["ArrowDown"]),
        ("never_contact", "Never at work."),
        ("language", ["ArrowDown"]),
        ("interpreter", ["Space"]),
        ("interpreter_language", "Vietnamese"),
        ("message", "Line one."),
        ("topic", ["ArrowDown", "ArrowDown"]),
        ("consent", ["Space"]),  # past the honeypot, which is not a stop
    ):
        stop = tab(page)
        while (passed := stop.get_attribute("name")) in later:
            later.remove(str(passed))
            page.keyboard.type(example(str(passed)))
            stop = tab(page)
        assert stop.get_attribute("name") == name
        if isinstance(keys, str):
            page.keyboard.type(keys)
        else:
            for key in keys:
                page.keyboard.press(key)
    assert not later, "what was declared since was met on the way, too"
    expect(tab(page)).to_have_text("Send my request")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{pages.SENT}$"))
    sent = Inquiry.objects.select_related("topic", "data_key").get()
    assert sent.topic
    assert sent.topic.slug == "mesenchymal-stem-cells"
    expected = {
        "relation": "someone_else",
        "full_name": "Ana Example",
        "patient_name": "Ben Example",
        "authority": "guardian",
        "shared_phone": True,
        "shared_email": True,
        "never_contact": "Never at work.",
        "contact_method": "text",
        "phone": "(202) 555-0100",
        "email": "ana@example.org",
        "message": "Line one.",
        "voicemail": "callback_only",
        "best_time": "morning,evening",
        "time_zone": "America/New_York",
        "language": "es",
        "interpreter": True,
        "interpreter_language": "Vietnamese",
    }
    assert {name: getattr(sent, name) for name in expected} == expected
    assert "trap" not in sent.suspicion


def test_the_keyboard_goes_from_an_error_to_its_field(page: Page) -> None:
    page.goto(pages.ASK)
    page.get_by_label("Your name").focus()
    page.keyboard.press("Enter")  # Enter submits the form, as everywhere
    expect(page.get_by_role("alert")).to_be_focused()
    expect(tab(page)).to_have_text("Enter your name")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your name")).to_be_focused()


def test_more_questions_open_if_one_of_them_has_an_error(page: Page) -> None:
    page.goto(pages.ASK)
    never = page.get_by_label("Are there times or ways we should not contact you?")
    expect(never).to_be_hidden()
    page.get_by_text("More about how to contact you").click()
    never.fill("x" * 501)
    page.get_by_role("button", name="Send my request").click()
    expect(never).to_be_visible()
    page.get_by_text("More about how to contact you").click()
    expect(never).to_be_hidden()
    # Collapsed again, it opens for the link that leads into it.
    page.get_by_role("alert").get_by_role("link", name="500 characters or fewer").click()
    expect(never).to_be_focused()
    expect(never).to_be_visible()


def test_patient_questions_appear_only_for_people_asking_for_others(page: Page) -> None:
    page.goto(pages.ASK)
    patient = page.get_by_label("The patient’s name")
    expect(patient).to_be_hidden()
    page.get_by_label("Someone I care for").check()
    expect(patient).to_be_visible()
    expect(page.get_by_label("They know and asked me to contact you")).to_be_visible()
    patient.fill("x" * 201)
    page.get_by_label("Me", exact=True).check()
    expect(patient).to_be_hidden()
    page.get_by_role("button", name="Send my request").click()
    expect(patient).to_be_visible()  # it has an error


# --- At the desk ----------------------------------------------------------------------------------

NAME = "stop => stop.type === 'submit' && stop.value || stop.textContent.trim() || stop.name"


def go_to(page: Page, name: str, **typed: str) -> None:
    """Tab until this link or button is reached, typing into the fields on the way."""
    passed: list[str] = []
    while len(passed) < 60:  # more stops than come before any of them
        passed.append(tab(page).evaluate(NAME))
        if passed[-1] == name:
            assert not typed, f"never reached: {typed.keys()}"
            return
        if passed[-1] in typed:
            page.keyboard.type(typed.pop(passed[-1]))
            if page.locator(":focus").get_attribute("type") in {"date", "time"}:
                page.keyboard.press("Tab")  # the calendar button has the browser's own ring
    raise AssertionError(f"{name} is not among {passed}")


def take(page: Page, article: Article, step: str, typed: dict[str, str]) -> None:
    page.goto(f"{pages.ARTICLES}{article.pk}/change/")
    go_to(page, step)
    page.keyboard.press("Enter")
    page.wait_for_url("**/*version=*")
    go_to(page, step, **typed)
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist .success")).to_contain_text(article.title)


def test_an_article_is_published_and_retired_by_keyboard_alone(
    page: Page, editor: User, reviewer: User
) -> None:
    article = make_draft(by=editor)
    attested = {f"attest-{each}": " " for each in checking.ATTESTED - {SAYS_THE_SAME}}
    for user, step, typed in (
        (editor, "Submit for review", {}),
        (reviewer, "Approve", {**attested, "interests": "None"}),
        (reviewer, "Schedule", {"at_0": "12312026", "at_1": "1000AM"}),
        (reviewer, "Take off the schedule", {}),
        (reviewer, "Publish now", {}),
        (editor, "Retire", {"because": "It is out of date."}),
    ):
        sign_in(page, user)
        take(page, article, step, typed)
    article.refresh_from_db()
    assert (article.state, article.retired_because) == (State.RETIRED, "")
    sign_in(page, reviewer)
    page.goto(f"/admin/articles/proposal/{Proposal.objects.get().pk}/change/")
    page.locator("[name=approve]").press("Enter")
    expect(page.get_by_text("was approved and is live")).to_be_visible()
    article.refresh_from_db()
    assert article.retired_because == "It is out of date."
    sign_in(page, editor)
    kinds = list(article.events.order_by("id").values_list("kind", flat=True))
    assert kinds[-5:] == ["approved", "scheduled", "unscheduled", "published", "retired"]
    page.goto(f"{pages.ARTICLES}{article.pk}/change/")
    go_to(page, "Restore")
    page.keyboard.press("Enter")
    page.wait_for_url("**/revisions/**")
    go_to(page, "Restore as a draft")
    page.keyboard.press("Enter")
    expect(page.locator(".article-status h2")).to_have_text("Draft")
