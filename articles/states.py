"""The states of an article, and the steps that are possible in each."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """State of the newest revision; readers see the live one. “Retired” is the whole article."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


#: States in which a reviewer is reading or has approved the newest revision, and it is not live.
UNDER_REVIEW = (State.IN_REVIEW, State.APPROVED, State.SCHEDULED)


class Step(models.TextChoices):
    """What somebody does with an article; the verbs for these steps are in `editing`."""

    REVISE = "revise", _("Edit")
    SUBMIT = "submit", _("Submit for review")
    SEND_BACK = "send_back", _("Send back to the editor")
    APPROVE = "approve", _("Approve")
    PUBLISH = "publish", _("Publish now")
    SCHEDULE = "schedule", _("Schedule")
    UNSCHEDULE = "unschedule", _("Take off the schedule")
    RETIRE = "retire", _("Retire")


#: The steps that are possible in each state, and the states they lead to.
NEXT: dict[State, dict[Step, State]] = {
    State.DRAFT: {
        Step.REVISE: State.DRAFT,
        Step.SUBMIT: State.IN_REVIEW,
        Step.RETIRE: State.RETIRED,
    },
    State.IN_REVIEW: {
        Step.REVISE: State.DRAFT,
        Step.SEND_BACK: State.DRAFT,
        Step.APPROVE: State.APPROVED,
        Step.RETIRE: State.RETIRED,
    },
    State.APPROVED: {
        Step.REVISE: State.DRAFT,
        Step.SEND_BACK: State.DRAFT,
        Step.PUBLISH: State.PUBLISHED,
        Step.SCHEDULE: State.SCHEDULED,
        Step.RETIRE: State.RETIRED,
    },
    State.SCHEDULED: {
        Step.REVISE: State.DRAFT,
        Step.SEND_BACK: State.DRAFT,
        Step.UNSCHEDULE: State.APPROVED,
        Step.PUBLISH: State.PUBLISHED,
        Step.RETIRE: State.RETIRED,
    },
    State.PUBLISHED: {
        Step.REVISE: State.DRAFT,
        Step.RETIRE: State.RETIRED,
    },
    State.RETIRED: {
        Step.REVISE: State.DRAFT,
    },
}


def diagram() -> str:
    """Return the table NEXT as a Mermaid diagram, for docs/states.md."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.DRAFT}"]
    for state, steps in NEXT.items():
        to: dict[State, list[str]] = {}
        for step, led_to in steps.items():
            to.setdefault(led_to, []).append(str(step.label).lower())
        lines += [f"    {state} --> {led_to}: {', '.join(taken)}" for led_to, taken in to.items()]
    return "\n".join(lines)


class StepRefused(Exception):
    """A step that the publishing rules do not allow now. `reasons` are sentences for editors."""

    def __init__(self, *reasons: str | Promise) -> None:
        self.reasons = tuple(map(str, reasons))
        super().__init__(" ".join(self.reasons))
