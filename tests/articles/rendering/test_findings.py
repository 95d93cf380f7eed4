"""A finding block as an editor writes it: what is parsed, and what is refused in plain words."""

import pytest
from django.utils.translation.trans_real import DjangoTranslation

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


def test_one_group_is_read_completely() -> None:
    finding = finding_reader.read_finding(ONE_GROUP, line=7)
    assert (finding.study, finding.design, finding.line) == ("gu-2014", StudyDesign.UNCONTROLLED, 7)
    assert finding.groups == (Group(name="", people=81),)
    assert finding.outcomes[1] == StudyOutcome(
        kind=OutcomeKind.HARM, what="Died within 12 months", counts=(4,), totals=(81,)
    )
    assert OutcomeKind.HARM not in finding.silent


def test_counts_follow_the_order_of_the_groups() -> None:
    finding = finding_reader.read_finding(TWO_GROUPS, line=1)
    assert [group.name for group in finding.groups] == ["cells", "placebo"]
    assert (finding.outcomes[0].counts, finding.outcomes[0].totals) == ((9, 5), (12, 6))
    assert OutcomeKind.HARM in finding.silent
    assert finding.people == 18


def test_words_stay_text_and_numbers_may_have_commas() -> None:
    text = TWO_GROUPS.replace("cells: 12", "no: 12,000").replace("cells: 9", "no: 9")
    assert finding_reader.read_finding(text.replace("no: 12,000", "'no': '12,000'"), line=1).groups[
        0
    ] == Group(name="no", people=12_000)


REFUSED = [
    ("people: 81", "people: 81\ngroups: {a: 1}", 1, "not both"),
    ("people: 81", "people: many", 4, "whole number"),
    ("people: 81", "people: 0", 4, "whole number"),
    ("people: 81", f"people: {'9' * 4000}", 4, "The limit is 400"),
    ("people: 81", "people: 99999999", 4, "to 10,000,000"),
    ("people: 81", "poeple: 81", 4, "can’t have a line “poeple”"),
    ("people: 81", "people: 81\npeople: 82", 5, "twice"),
    ("design: uncontrolled", "design: brilliant", 3, "one of these: randomised"),
    ("49 of 81", "60.5%", 8, "“49 of 81”"),
    ("49 of 81", "49 of 82", 8, "There were 81 people"),
    ("49 of 81", "82 of 81", 8, "can’t be right"),
    ("49 of 81", "{cells: 49 of 81}", 8, "“49 of 81”"),
    ("- benefit", "- luck", 7, "“benefit: …” or “harm: …”"),
    (
        "cannot show: ",
        "harms: not reported\ncannot show: ",
        11,
        "also says “harms: not stated in the summary”",
    ),
    (
        "cannot show: ",
        "harms: none\ncannot show: ",
        11,
        "only write “not stated in the summary”",
    ),
    ("cannot show: ", "# cannot show: ", 11, "“#” hides what follows it"),
    ("in remission at", "in remission #1 at", 7, "“#” hides what follows it"),
    ("49 of 81", "[49 of 81] #", 8, "“#” hides what follows it"),
    ("Died within", "Died: within", 9, "quotation marks"),
    ("study: gu-2014", "study: &a gu-2014", 2, "quotation marks"),
    ("followed: 12 months", "followed: *a", 5, "quotation marks"),
    ("followed: 12 months", "followed: " + "[" * 1000, 5, "too many brackets"),
    ("study: gu-2014", "study: gu-2014 \x01", 1, "can’t be used here"),
    (ONE_GROUP, "", 1, "empty"),
    (ONE_GROUP, "just words", 2, "lines of “name: words”"),
    (ONE_GROUP, "a" * 6000, 1, "6,000 characters"),
    (ONE_GROUP, "a: 1\n---\nb: 2", 3, "lines of “name: words”"),
]


@pytest.mark.parametrize(("old", "new", "line", "words"), REFUSED)
def test_an_invalid_finding_is_refused_with_its_line(
    old: str, new: str, line: int, words: str
) -> None:
    with pytest.raises(UnreadableFinding) as refused:
        finding_reader.read_finding(ONE_GROUP.replace(old, new), line=1)
    assert words in str(refused.value)
    assert refused.value.line == line


@pytest.mark.parametrize(("old", "new"), [case[:2] for case in REFUSED])
def test_a_refusal_is_in_the_language_of_the_page(
    old: str, new: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DjangoTranslation, "gettext", lambda self, words: f"⟦{words}⟧")
    monkeypatch.setattr(DjangoTranslation, "ngettext", lambda self, one, more, number: f"⟦{more}⟧")
    with pytest.raises(UnreadableFinding) as refused:
        finding_reader.read_finding(ONE_GROUP.replace(old, new), line=1)
    said = str(refused.value)
    assert said.startswith("⟦")
    assert said.endswith("⟧")


@pytest.mark.parametrize(
    ("written", "line", "words"),
    [
        ("study: @gu-2014", 2, "Words that start with “@” need quotation marks."),
        ("study: 'gu-2014", 2, "A quotation mark is missing."),
        ("study: 'gu' 2014", 2, "Put all the words between the quotation marks."),
        ("groups: {cells: 12", 2, "A bracket or a comma is missing."),
        ("study: a\npeople\nfollowed: b", 4, "Each line needs a name, a colon, and a space"),
        ("groups:\n\tcells: 12", 3, "Use spaces here, not a tab."),
        ("- a\nstudy: b", 3, "the same number of spaces"),
        ("study: - a", 2, "It has to be in lines of “name: words”."),
    ],
)
def test_raw_yaml_parser_errors_are_never_shown(written: str, line: int, words: str) -> None:
    with pytest.raises(UnreadableFinding, match="This finding can’t be read") as refused:
        finding_reader.read_finding(written, line=1)
    assert words in str(refused.value)
    assert refused.value.line == line
