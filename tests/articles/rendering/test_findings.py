"""A finding as an editor writes it: what is read, and what is refused in their words."""

import pytest

from articles.rendering import finding_reader
from articles.rendering.finding_reader import UnreadableFinding
from articles.rendering.findings import Group, OutcomeKind, StudyOutcome
from articles.rendering.library_snapshot import StudyDesign

ONE_GROUP = """\
study: gu-2014
design: uncontrolled
people: 81
followed: 12 months
outcomes:
  - benefit: Kidney disease in remission at 12 months
    count: 49 of 81
  - harm: Died within 12 months
    count: 4 of 81
cannot show: Whether the cells were the cause, because nobody went without them.
"""
TWO_GROUPS = """\
study: deng-2017
design: Randomised
groups: {cells: 12, placebo: 6}
followed: 12 months
outcomes:
  - benefit: Remission
    count: {placebo: 5 of 6, cells: 9 of 12}
harms: not reported
cannot show: Small differences, because only 18 people took part.
"""


def test_one_group_is_read_whole() -> None:
    finding = finding_reader.read_finding(ONE_GROUP, line=7)
    assert (finding.study, finding.design, finding.line) == ("gu-2014", StudyDesign.UNCONTROLLED, 7)
    assert finding.groups == (Group(name="", people=81),)
    assert finding.outcomes[1] == StudyOutcome(
        kind=OutcomeKind.HARM, what="Died within 12 months", counts=(4,), totals=(81,)
    )
    assert OutcomeKind.HARM not in finding.silent


def test_counts_stand_in_the_order_of_the_groups() -> None:
    finding = finding_reader.read_finding(TWO_GROUPS, line=1)
    assert [group.name for group in finding.groups] == ["cells", "placebo"]
    assert (finding.outcomes[0].counts, finding.outcomes[0].totals) == ((9, 5), (12, 6))
    assert OutcomeKind.HARM in finding.silent
    assert finding.people == 18


def test_words_stay_words_and_numbers_may_have_commas() -> None:
    text = TWO_GROUPS.replace("cells: 12", "no: 12,000").replace("cells: 9", "no: 9")
    assert finding_reader.read_finding(text.replace("no: 12,000", "'no': '12,000'"), line=1).groups[
        0
    ] == Group(name="no", people=12_000)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("people: 81", "people: 81\ngroups: {a: 1}", 1, "not both"),
        ("people: 81", "people: many", 4, "whole number"),
        ("people: 81", "people: 0", 4, "whole number"),
        ("people: 81", f"people: {'9' * 4000}", 4, "400 are the most"),
        ("people: 81", "people: 99999999", 4, "to 10,000,000"),
        ("people: 81", "poeple: 81", 4, "“poeple” is no line"),
        ("people: 81", "people: 81\npeople: 82", 5, "twice"),
        ("design: uncontrolled", "design: brilliant", 3, "one of: randomised"),
        ("49 of 81", "60.5%", 8, "“49 of 81”"),
        ("49 of 81", "49 of 82", 8, "cannot be, among 81 people"),
        ("49 of 81", "82 of 81", 8, "cannot be"),
        ("49 of 81", "{cells: 49 of 81}", 8, "name each group once"),
        ("- benefit", "- luck", 7, "“benefit: …” or “harm: …”"),
        ("cannot show: ", "harms: not reported\ncannot show: ", 11, "and says that harms"),
        (
            "cannot show: ",
            "harms: none\ncannot show: ",
            11,
            "says only “not stated in the summary”",
        ),
        ("cannot show: ", "# cannot show: ", 11, "“#” hides what follows it"),
        ("in remission at", "in remission #1 at", 7, "“#” hides what follows it"),
        ("49 of 81", "[49 of 81] #", 8, "“#” hides what follows it"),
        ("Died within", "Died: within", 9, "quotation marks"),
        ("study: gu-2014", "study: &a gu-2014", 2, "quotation marks"),
        ("followed: 12 months", "followed: *a", 5, "quotation marks"),
        ("followed: 12 months", "followed: " + "[" * 1000, 5, "too many brackets"),
        ("study: gu-2014", "study: gu-2014 \x01", 1, "cannot be read"),
        (ONE_GROUP, "", 1, "empty"),
        (ONE_GROUP, "just words", 2, "lines of “name: words”"),
        (ONE_GROUP, "a" * 6000, 1, "6,000 characters"),
        (ONE_GROUP, "a: 1\n---\nb: 2", 3, "cannot be read"),
    ],
)
def test_what_is_no_finding_is_refused_with_its_line(
    old: str, new: str, line: int, words: str
) -> None:
    with pytest.raises(UnreadableFinding) as refused:
        finding_reader.read_finding(ONE_GROUP.replace(old, new), line=1)
    assert words in str(refused.value)
    assert refused.value.line == line
