"""Where an article stands, and what can be done from there."""

from django.db import models


class State(models.TextChoices):
    """Of the newest revision; readers see the live one meanwhile. Retired is the whole article."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    APPROVED = "approved", "Approved"
    SCHEDULED = "scheduled", "Scheduled"
    PUBLISHED = "published", "Published"
    RETIRED = "retired", "Retired"


#: Of the newest words: a reviewer reads them, or has approved them, and readers do not see them.
UNDER_REVIEW = (State.IN_REVIEW, State.APPROVED, State.SCHEDULED)


class Step(models.TextChoices):
    """What somebody does with an article; the verbs of the same names are in `publishing`."""

    REVISE = "revise", "Edit"
    SUBMIT = "submit", "Send to review"
    SEND_BACK = "send_back", "Send back to the editor"
    APPROVE = "approve", "Approve"
    PUBLISH = "publish", "Publish now"
    SCHEDULE = "schedule", "Schedule"
    UNSCHEDULE = "unschedule", "Take off the schedule"
    RETIRE = "retire", "Retire"


#: What can be done in each state, and where it leads.
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
    """The table NEXT as a Mermaid diagram, for docs/states.md."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.DRAFT}"]
    for state, steps in NEXT.items():
        to: dict[State, list[str]] = {}
        for step, led_to in steps.items():
            to.setdefault(led_to, []).append(step.label.lower())
        lines += [f"    {state} --> {led_to}: {', '.join(taken)}" for led_to, taken in to.items()]
    return "\n".join(lines)


class StepRefused(Exception):
    """A step that the rules of publishing do not allow now. `reasons` are sentences for editors."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons
