"""The results of the checks as editors read them: what to fix first, and where."""

from collections.abc import Sequence
from dataclasses import dataclass

from articles import checking
from articles.admin import step_words
from articles.checking import CheckResult, Level
from articles.content import Content


@dataclass(frozen=True)
class PanelIssue:
    """A place where a check found something, with its form field and line where it has them."""

    where: str
    quote: str
    why: str
    field: str
    line: str


@dataclass(frozen=True)
class PanelItem:
    answer: CheckResult
    issues: tuple[PanelIssue, ...]


@dataclass(frozen=True)
class CheckPanel:
    #: Checks that keep the article from being published.
    blocking: tuple[PanelItem, ...]
    warning: tuple[PanelItem, ...]
    #: Checks that the reviewer is asked to confirm.
    attested: tuple[PanelItem, ...]
    met: int
    words: int
    #: Years of school, and words per sentence; 0 where there is no sentence yet.
    grade: float
    sentence: float

    @property
    def summary(self) -> str:
        """The result in a sentence, which screen readers announce."""
        return step_words.checks_summary(len(self.blocking), len(self.warning))


def build_check_panel(content: Content, answers: Sequence[CheckResult]) -> CheckPanel:
    grade, sentence = checking.measure_readability(content)
    return CheckPanel(
        blocking=_unmet(answers, Level.BLOCKING),
        warning=_unmet(answers, Level.WARNING),
        attested=_unmet(answers, Level.ATTESTED),
        met=sum(each.is_met for each in answers),
        words=len(content.body.split()),
        grade=grade,
        sentence=sentence,
    )


def _unmet(answers: Sequence[CheckResult], level: Level) -> tuple[PanelItem, ...]:
    return tuple(
        PanelItem(each, tuple(map(_panel_issue, each.issues)))
        for each in answers
        if each.check.level == level and not each.is_met
    )


def _panel_issue(spot: checking.Issue) -> PanelIssue:
    field, line = checking.split_place(spot.where)
    where = checking.place_name(spot.where)
    return PanelIssue(where, spot.quote, spot.why, field.replace(" ", "_"), line)
