"""What triage says to staff: why a step was refused, and what the views of the queue are called."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from inquiries.models import ContactMethod
from inquiries.states import Step

# --- The queue ------------------------------------------------------------------------------------

VIEW_LABELS = {
    "open": _("All open"),
    "unclaimed": _("Unclaimed"),
    "mine": _("Mine"),
    "overdue": _("Overdue"),
    "soon": _("Due soon"),
    "waiting": _("On hold"),
    "undelivered": _("Email failed"),
    "quarantine": _("Quarantine"),
    "closed": _("Closed"),
}

FILTER_LABELS = {
    "way": _("Way to reach them"),
    "language": _("Language"),
    "urgency": _("Urgency"),
    "owner": _("Owner"),
    "topic": _("Topic"),
    "callable": _("Time"),
    "age": _("Age"),
}
MINE = _("Me")
NO_ONE = _("No one yet")
SOMEONE_ELSE = _("Someone else")
CALLABLE_NOW = _("Can be reached now")
OLDER_THAN = ngettext_lazy(
    "Asked more than %(days)d day ago", "Asked more than %(days)d days ago", "days"
)

# --- A row ----------------------------------------------------------------------------------------

#: How to reach them next, in a word.
WAYS = {
    ContactMethod.PHONE: _("Call"),
    ContactMethod.TEXT: _("Text"),
    ContactMethod.EMAIL: _("Email"),
}
REACH_NOW = _("%(way)s now")
REACH_NOW_UNTIL = _("%(way)s now, until %(time)s")
REACH_FROM = _("%(way)s from %(time)s")
ON_HOLD_UNTIL = _("On hold until %(time)s")
ASKED_AGO = _("%(span)s ago")
CLOSED_AS = _("Closed: %(outcome)s")
OWNED_BY = _("%(state)s: %(owner)s")
MAY_BE_URGENT = _("may be urgent")
TAGS = {
    "unlike": _("worded differently"),
    "mails_held": _("no email sent yet"),
    "added": _("changed by the sender"),
    "quarantined": _("possible spam"),
    "duplicate": _("asked before"),
    "undelivered": _("email failed"),
    "wrote": _("wrote again"),
    "sound": _("sounds alike"),
}

# --- After a step ---------------------------------------------------------------------------------

DONE = {
    Step.CLEAR: _("Marked as not spam."),
    Step.DISCARD: _("Closed as spam."),
    Step.CLAIM: _("You claimed this request."),
    Step.TAKE_OVER: _("You took over this request."),
    Step.RELEASE: _("Released. It is back in the queue."),
    Step.REASSIGN: _("Handed over."),
    Step.CALL: _("Call logged."),
    Step.ASK_LEAD: _("The leads will see that you asked."),
    Step.WAIT: _("Put on hold."),
    Step.WAKE: _("Resumed."),
    Step.REPLY: _("Message sent."),
    Step.LINK: _("We’ll email a new private link."),
    Step.ACCEPT: _("Contact details confirmed."),
    Step.USE_DETAILS: _("Saved. We go by these details now."),
    Step.GRADE: _("Urgency set."),
    Step.HANDOVER: _("Hand-over logged."),
    Step.NOTE: _("Note added."),
    Step.ADD_TASK: _("Task added."),
    Step.ADD_CHECKLIST: _("Checklist added."),
    Step.SETTLE_TASK: _("Task changed."),
    Step.GIVE_TASK: _("Task given."),
    Step.REFER: _("Referral logged. We’ll ask whether it arrived."),
    Step.ASK_REFERRAL: _("Answer logged."),
    Step.LINK_DUPLICATE: _("Closed as a duplicate. Go on with the other request."),
    Step.UNLINK_DUPLICATE: _("No longer a duplicate. It is back in the queue."),
    Step.CLOSE: _("Closed."),
    Step.REOPEN: _("Reopened. It is back in the queue."),
    Step.ERASE: _("Erased."),
}
#: The same for several rows of the queue.
DONE_WITH_SEVERAL = {
    Step.CLEAR: ngettext_lazy(
        "%(count)d request marked as not spam.", "%(count)d requests marked as not spam.", "count"
    ),
    Step.DISCARD: ngettext_lazy(
        "%(count)d request closed as spam.", "%(count)d requests closed as spam.", "count"
    ),
    Step.CLAIM: ngettext_lazy(
        "You claimed %(count)d request.", "You claimed %(count)d requests.", "count"
    ),
    Step.REASSIGN: ngettext_lazy(
        "%(count)d request handed over.", "%(count)d requests handed over.", "count"
    ),
}

# --- Tasks that the portal adds -------------------------------------------------------------------

DID_IT_ARRIVE = _("Did the referral to %(to)s arrive?")
WHAT_NEXT = _("The referral to %(to)s was declined or never arrived. Decide what to do next.")
#: The kinds of tasks in a list that shows no words.
TASK = _("Task")
REFERRAL_TASK = _("Ask whether a referral arrived")

# --- Refusals -------------------------------------------------------------------------------------

OWNS_IT_ALREADY = _("%(who)s has already claimed it.")
#: Keyed by the reason why a colleague cannot take a request.
CANNOT_TAKE_IT = {
    "absent": _("%(who)s can’t take it now. They are away today."),
    "inactive": _(
        "%(who)s can’t take it. They are not a coordinator, or they no longer work here."
    ),
}
#: Until when a request may wait.
TOMORROW = _("Tomorrow: %(when)s")
NEXT_WORKING_DAY = _("Next working day: %(when)s")
NEXT_MONDAY = _("Next Monday: %(when)s")
IN_DAYS = _("In %(days)d days: %(when)s")
CHOOSE_A_TIME = _("Choose a time within the next %(days)d days.")
CANNOT_WRITE = _("The sender has no private link, and we can’t email one. Call them instead.")
CANNOT_MAIL_LINK = _(
    "We can’t email a link. They did not choose email, other people read the inbox, the address "
    "looks mistyped, or they turned off their links."
)
SUBMISSION_GONE = _("That version no longer exists. Choose another one.")
COUNTS_ALREADY = _("We already use these details.")
SAME_REQUEST = _("This is the same request.")
DETAILS_GONE = _("That request is not handled with this one anymore. Choose again.")
CANNOT_LINK_TO = _("You can’t link to %(reference)s (%(state)s). Choose another request.")
ENDED_IN_VAIN = _(
    "%(reference)s was closed (%(outcome)s), so this is a new wish. Work on this request itself."
)
TASKS_FIRST = _("This request has open tasks. Finish or cancel them first.")
ENDED_BY_ITSELF = _("It was closed by itself (%(outcome)s). Reopen it instead.")
CHOOSE_THE_FIRST = _("To close it as a duplicate, choose the request that it repeats.")
OPEN_TASKS = ngettext_lazy(
    "%(count)d task is still open. Finish it, or check the box to cancel it.",
    "%(count)d tasks are still open. Finish them, or check the box to cancel them.",
    "count",
)
TASK_GONE = _("This task is no longer there.")
TASK_IS_SETTLED = _("This task is finished. Mark it “To do again” before you give it to someone.")
HAS_IT_ALREADY = _("This task is theirs already.")
REFERRAL_GONE = _("This referral is no longer there.")
ASKS_ABOUT_REFERRAL = _("This task ends when you log the answer to the referral.")
NO_CHANGE = _("Someone has already done this.")
CHOOSE_A_LATER_DAY = _("Choose a time from now to a year ahead.")
CANNOT_BE_GIVEN = _("%(who)s can’t have tasks. They are not a coordinator, or no longer work here.")
EMPTY_CHECKLIST = _("This checklist has no tasks.")
LINKED_ITSELF = _("%(reference)s is linked to %(first)s. Link to %(first)s instead.")
OTHERS_LINKED_HERE = _("Other requests are linked to this one. Link from the other request.")
NOT_LINKED = _("It is not linked to another request.")

# --- Offers ---------------------------------------------------------------------------------------

NOT_YOURS_TO_OFFER = _("You can only offer requests that you own.")
OFFERED_ALREADY = _("You have already offered it to %(who)s. Withdraw that first.")
OFFER_GONE = _("This offer is gone: it was withdrawn or answered, or the request moved on.")
ANSWER_LATER = _("Choose a time later than now.")
