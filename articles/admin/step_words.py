"""What the steps of an article say: their labels, their effects, and why one can't be taken."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.states import State, Step

#: Besides the steps, what the menu offers for a live article.
REVIEW_AGAIN, RETIRE_LATER, CHANGE_ADDRESS = "review_again", "retire_later", "change_address"

LABELS = {
    **{str(step): step.label for step in Step},
    REVIEW_AGAIN: _("Review again"),
    RETIRE_LATER: _("Retire later"),
    CHANGE_ADDRESS: _("Change address"),
}
#: What a step means for readers, shown before it is taken.
EFFECTS = {
    Step.SUBMIT: _(
        "A medical reviewer who didn’t write any of it will read it next. Nothing changes for "
        "readers. You can still edit it, but that takes it out of review."
    ),
    Step.APPROVE: _(
        "You confirm that this text is correct as written. Readers see it only after it’s "
        "published. Any change to the text cancels your approval."
    ),
    Step.PUBLISH: _("It goes live right away, with the names of its authors and its reviewer."),
    Step.SCHEDULE: _(
        "It goes live automatically at this time, exactly as it was approved. If someone edits it "
        "before then, it’s taken off the schedule."
    ),
    Step.UNSCHEDULE: _("It stays approved. It goes live when someone publishes it."),
    Step.SEND_BACK: _(
        "It becomes a draft again, and its editors see your comments. If it was approved, that "
        "approval no longer counts. Nothing changes for readers."
    ),
    Step.RETIRE: _(
        "It’s removed from the site right away. One person can do this because it may be urgent. "
        "Anyone who visits its address is told what to read instead. They see your reason once a "
        "second person approves it."
    ),
    REVIEW_AGAIN: _(
        "You confirm again that the live version is correct. Readers see your name and today’s "
        "date as the last review, and the next review date moves out."
    ),
    RETIRE_LATER: _(
        "It stays live until this time, then it’s retired automatically. Publishing it again "
        "cancels that."
    ),
    CHANGE_ADDRESS: _(
        "The old address will redirect to the new one permanently. If the article has been "
        "published or is in review, a second person has to approve the new address first."
    ),
}
#: What is shown after a step.
DONE = {
    Step.SUBMIT: _("“%(title)s” was submitted for review."),
    Step.APPROVE: _("You approved “%(title)s”."),
    Step.PUBLISH: _("“%(title)s” was published."),
    Step.SCHEDULE: _("“%(title)s” was scheduled."),
    Step.UNSCHEDULE: _("“%(title)s” was taken off the schedule."),
    Step.SEND_BACK: _("“%(title)s” was sent back to its editors."),
    Step.RETIRE: _("“%(title)s” was retired."),
    REVIEW_AGAIN: _("“%(title)s” was reviewed again."),
    RETIRE_LATER: _("“%(title)s” will be retired at that time."),
    CHANGE_ADDRESS: _("The new address of “%(title)s” was saved."),
}
#: Whose turn it is.
WAITS_FOR = {
    State.DRAFT: _("When it’s ready, an editor submits it for review."),
    State.IN_REVIEW: _("A medical reviewer who didn’t write any of it reads it next."),
    State.APPROVED: _("An editor or a medical reviewer publishes it next."),
    State.SCHEDULED: _("It will go live automatically."),
    State.PUBLISHED: _(
        "Nothing to do. Editing it creates a draft and doesn’t change the live page."
    ),
    State.RETIRED: _("If you edit or restore it, it becomes a draft that needs a new review."),
}
STEP_PAGE_TITLE = _("%(step)s: “%(title)s”")
NOT_POSSIBLE = _("“%(step)s” isn’t possible. The current state is: %(state)s.")
NOT_LIVE = _("This article isn’t live.")
HAS_DRAFT = _("There is a newer draft. Review the draft, or restore the live version.")
CHANGED = _("Someone changed this article after you opened it, so nothing was done. Read it again.")


def failed_checks(count: int) -> str:
    return ngettext(
        "%(count)d check failed. See “Checks” on this page.",
        "%(count)d checks failed. See “Checks” on this page.",
        count,
    ) % {"count": count}


def checks_summary(blocking: int, suggestions: int) -> str:
    """Sum up the checks in a sentence or two, which screen readers announce."""
    said = str(READY)
    if blocking:
        said = ngettext("%(count)d thing to fix", "%(count)d things to fix", blocking) % {
            "count": blocking
        }
    if not suggestions:
        return f"{said}."
    hints = ngettext("%(count)d suggestion", "%(count)d suggestions", suggestions) % {
        "count": suggestions
    }
    return f"{said}. {hints}."


READY = _("Ready for review")
