"""Truth: what an editor leaves empty in the finding dialog stays empty."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from articles.models import Article
from articles.rendering import finding_reader
from articles.rendering.findings import Finding, OutcomeKind
from articles.rendering.library_snapshot import StudyDesign
from articles.rendering.not_stated import NotStated
from portal.models import User
from tests.browser.pages import ARTICLES
from tests.browser.test_accessibility import sign_in
from tests.factories import make_draft, make_reference

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draft(page: Page, editor: User) -> Article:
    """A draft that is open in the editor."""
    make_reference("shoe-2020", design=StudyDesign.RANDOMISED)
    draft = make_draft(body="Plain.")
    sign_in(page, editor)
    page.goto(f"{ARTICLES}{draft.pk}/change/")
    return draft


def filled_in(page: Page, *, compares: bool = False) -> Any:
    """Return the dialog with every required field, but nothing about deaths or other harms."""
    page.get_by_role("button", name="Finding…").click()
    dialog = page.get_by_role("dialog", name="Insert a finding")
    dialog.get_by_label("Source key").fill("shoe-2020")
    dialog.get_by_label("Number of people").fill("12")
    dialog.get_by_label("Length of follow-up").fill("1 year")
    if compares:
        dialog.get_by_text("The study compared two groups").click()
        dialog.get_by_label("Name of first group").fill("shoes")
        dialog.get_by_label("Name of second group").fill("none")
        dialog.get_by_label("People in the second group").fill("6")
        dialog.get_by_label("Affected, second group").first.fill("5")
    dialog.get_by_label("What happened").first.fill("Walked")
    dialog.get_by_label("Affected", exact=True).first.fill("9")
    dialog.get_by_label("What this study can’t show").fill("Why.")
    return dialog


def inserted(page: Page, dialog: Any) -> Finding:
    dialog.get_by_role("button", name="Insert").click()
    expect(dialog).to_be_hidden()
    body = page.get_by_label("Body")
    expect(body).to_have_value(re.compile("```finding\n"))
    block = body.input_value().partition("```finding\n")[2]
    return finding_reader.read_finding(block.partition("```")[0], line=1)


def test_truth_rows_left_empty_stay_empty_and_the_checks_name_them(
    page: Page, draft: Article
) -> None:
    finding = inserted(page, filled_in(page, compares=True))
    assert finding.silent == {}
    assert not finding.says(OutcomeKind.DEATH)
    assert not finding.says(OutcomeKind.HARM)
    assert finding.everyone_also == ""
    checks = page.locator("#checks")
    for title in (
        "Report deaths in every finding",
        "Count harms next to benefits",
        "Say what all groups in a comparison also got",
    ):
        expect(checks).to_contain_text(title)
    shown = page.frame_locator("iframe[title='Preview of the page']")
    expect(shown.get_by_role("main")).to_contain_text("Deaths: not filled in yet")
    expect(shown.get_by_role("main")).not_to_contain_text("not stated")


def test_truth_a_study_design_comes_from_the_library_or_is_chosen(
    page: Page, draft: Article
) -> None:
    page.get_by_role("button", name="Finding…").click()
    dialog = page.get_by_role("dialog", name="Insert a finding")
    design = dialog.get_by_label("Study design")
    expect(design).to_have_value("")
    dialog.get_by_label("Source key").fill("shoe-2020")
    expect(design).to_have_value(StudyDesign.RANDOMISED)
    dialog.get_by_label("Source key").fill("unknown-2020")
    expect(design).to_have_value("")
    dialog.get_by_label("Number of people").fill("12")
    dialog.get_by_label("Length of follow-up").fill("1 year")
    dialog.get_by_role("button", name="Insert").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Choose a study design")
    design.select_option(StudyDesign.CASES)
    dialog.get_by_label("Source key").fill("shoe-2020")
    expect(dialog.locator("#finding-sources option")).to_have_count(1)
    expect(design).to_have_value(StudyDesign.CASES)


def test_truth_not_stated_must_be_chosen_explicitly(page: Page, draft: Article) -> None:
    dialog = filled_in(page)
    dialog.get_by_label("Or, if you looked and it isn’t stated").select_option(NotStated.SUMMARY)
    dialog.get_by_label("Other harms, if you looked").select_option(NotStated.PAPER)
    dialog.get_by_label("Length of follow-up").fill("not stated in the summary")
    finding = inserted(page, dialog)
    assert finding.silent == {
        OutcomeKind.DEATH: NotStated.SUMMARY,
        OutcomeKind.HARM: NotStated.PAPER,
    }
    assert finding.followed == NotStated.SUMMARY
    page.get_by_role("button", name="Finding…").click()
    for name in ("Or, if you looked and it isn’t stated", "Other harms, if you looked"):
        expect(page.get_by_role("dialog").get_by_label(name)).to_have_value("")


def test_truth_deaths_are_counted_for_each_group_or_not_at_all(page: Page, draft: Article) -> None:
    dialog = filled_in(page, compares=True)
    dialog.get_by_label("Everyone in both groups also").fill("took the usual medicines")
    dialog.get_by_label("Number who died", exact=True).fill("1")
    note = dialog.get_by_role("alert")
    page.keyboard.press("Enter")
    expect(note).to_contain_text("how many died in each group")
    dialog.get_by_label("Number who died in the second group").fill("0")
    dialog.get_by_label("Or, if you looked and it isn’t stated").select_option(NotStated.SUMMARY)
    dialog.get_by_role("button", name="Insert").click()
    expect(note).to_contain_text("Enter the number of deaths or choose")
    dialog.get_by_label("Or, if you looked and it isn’t stated").select_option("")
    finding = inserted(page, dialog)
    [deaths] = finding.of(OutcomeKind.DEATH)
    assert (deaths.counts, deaths.totals) == ((1, 0), (12, 6))
    assert finding.also == "All 18 also took the usual medicines."


def test_truth_a_harm_cannot_be_both_counted_and_not_stated(page: Page, draft: Article) -> None:
    dialog = filled_in(page)
    dialog.get_by_label("What happened").nth(1).fill("Fell")
    dialog.get_by_label("Affected", exact=True).nth(1).fill("1")
    dialog.get_by_label("Other harms, if you looked").select_option(NotStated.SUMMARY)
    dialog.get_by_role("button", name="Insert").click()
    expect(dialog.get_by_role("alert")).to_contain_text("You entered a harm")
