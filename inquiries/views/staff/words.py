"""Titles of staff pages, and messages after a step was taken or failed."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from inquiries.privacy import ReadingConcern

# --- Titles ---------------------------------------------------------------------------------------

REQUESTS = _("Requests")
REQUEST = _("Request %(reference)s")
REQUESTS_FOUND = _("Requests found")
NO_REQUEST_FOUND = _("No requests found")
REQUESTS_OF_BURST = _("Requests from one network")
IS_ANYONE_FORGOTTEN = _("Is anyone forgotten?")
TAKE_A_REQUEST = _("Take a request by phone")
REPORTS = _("Reports")
EXPORT_REPORT = _("Export the report")
BURSTS = _("Bursts and crowds")
AUDIT_TRAIL = _("Audit trail")
EXPORT_AUDIT_TRAIL = _("Export the audit trail")
WHO_READ_WHAT = _("Who read what")
READ_BY = _("Requests opened by %(account)s")
EXPORT_READ_BY = _("Export the requests opened by %(account)s")

AWAY = _("Days away")
AWAY_PREVIEW = _("Before you save these days")
TEAM = _("Our team")
MOVE = _("Move requests of %(who)s")

ERASE_PERMANENTLY = _("Erase permanently")

# --- A request, and others of the same person ---

CLOSED_BY = _("%(outcome)s, closed on %(day)s, handled by %(owner)s")
CLOSED_ON = _("%(outcome)s, closed on %(day)s")
STATE_WITH_OWNER = _("%(state)s, %(owner)s has it")
OVERDUE_BY = _("(overdue by %(span)s)")
DUE_IN = _("(in %(span)s)")
UNTIL_CLOSING = _(
    "%(urgency)s: %(target)s of working time, then until the end of that working day. We count "
    "from %(since)s, by the calendar “%(calendar)s”."
)
COUNTED = _(
    "%(urgency)s: %(target)s of working time. We count from %(since)s, by the calendar "
    "“%(calendar)s”."
)
WAS_PAUSED = _("It was paused for %(paused)s of working time at the sender’s request.")

# --- The team -------------------------------------------------------------------------------------

HANDED_TO = ngettext_lazy(
    "%(count)d request handed over to %(who)s.",
    "%(count)d requests handed over to %(who)s.",
    "count",
)
BACK_IN_QUEUE = ngettext_lazy(
    "%(count)d request is back in the queue.", "%(count)d requests are back in the queue.", "count"
)
SHIFT = _("Shift hand-over")
OFFERED = ngettext_lazy(
    "%(count)d request offered. It stays yours until it is accepted.",
    "%(count)d requests offered. They stay yours until they are accepted.",
    "count",
)
OFFER_ANSWERED = {
    "accept": _("%(reference)s is yours now."),
    "decline": _("%(reference)s stays with your colleague, who is told."),
    "withdraw": _("%(reference)s is offered to no one now."),
}
AWAY_SAVED = _("Saved: away %(days)s.")
AWAY_REMOVED = _("Removed: away %(days)s.")
YOUR_CALENDAR = _("Your calendar")

# --- The start page -------------------------------------------------------------------------------

#: What a count says, by the view of the queue that lists the requests.
START_COUNTS = {
    "mine": _("Yours"),
    "unclaimed": _("New, for anyone to claim"),
    "overdue": _("Overdue"),
    "undelivered": _("Email couldn’t be delivered"),
    "quarantine": _("Held as possible spam"),
    "soon": _("Due soon"),
}
READINGS_TO_REVIEW = _("Unusual reading to look at")
FAILED_SIGN_INS = _("Failed sign-ins this week")
CALENDAR_ENDED = _("Your calendar link is off. The calendar that used it gets nothing more.")

# --- After a step ---------------------------------------------------------------------------------

REQUEST_TAKEN = _("Request saved. Give the caller this reference number: %(reference)s.")
#: `sentence` is marked with its language.
SAY_IT = _("In {language}, you can say: {sentence}")
NOT_WHOLE = _("Nothing was saved, because the page did not load completely. Please try again.")
NOTHING_NEXT = _("There is nothing to take next right now.")
REFUSED = _("%(reference)s: %(why)s")
UNDONE = ngettext_lazy("%(count)d request put back.", "%(count)d requests put back.", "count")
NOTHING_TO_UNDO = _("There is nothing to undo anymore. Open the request to change it.")

# --- The queue ------------------------------------------------------------------------------------

SEARCH_IS_OVER = _("This search has ended. Search again.")
NAME_THE_VIEW = _("Give the view a name of up to %(most)d characters.")
TOO_MANY_VIEWS = _("You can keep %(most)d views. Delete one first.")
VIEW_EXISTS = _("You already have a view named “%(name)s”. Choose another name.")
VIEW_SAVED = _("View saved: %(name)s.")
VIEW_DELETED = _("View deleted.")

# --- What was looked for --------------------------------------------------------------------------

#: What a search term was recognized as.
FOUND_AS = {
    "reference": _("reference number"),
    "email": _("email address"),
    "phone": _("phone number"),
    "last_four": _("last four digits of a phone number"),
    "beginning": _("beginning of a reference number"),
    "name": _("name"),
}
READING_CONCERNS = {
    ReadingConcern.MANY: _("Many requests in a short time"),
    ReadingConcern.OWN_SURNAME: _("Same last name as their own"),
    ReadingConcern.NO_STEP: _("Claimed by others or closed, and they took no action"),
}

# --- Exports --------------------------------------------------------------------------------------

AUDIT_HEADER = (*(_("number"), _("time (UTC)"), _("what"), _("by"), _("about"), _("details")),)
ACCESS_HEADER = (_("time (UTC)"), _("account"), _("request"), _("state at the time"))

# --- After a restore ------------------------------------------------------------------------------

MISSING_SETTLED = ngettext_lazy(
    "%(count)d taken off the list.", "%(count)d taken off the list.", "count"
)
NOTHING_TICKED = _("Tick what you have dealt with.")
MAILS_RELEASED = ngettext_lazy(
    "%(count)d email is on its way.", "%(count)d emails are on their way.", "count"
)
