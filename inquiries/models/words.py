"""Wording for staff that code chooses: deadlines, and each event of a request's past."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

OVERDUE_BY = _("overdue by %(span)s")
DUE_IN = _("in %(span)s")
BUILT_IN_CALENDAR = _("Built-in hours")

# --- Events ---------------------------------------------------------------------------------------

BY_COLLEAGUE = _("%(what)s by %(who)s")
BY_SENDER = _("%(what)s by the sender")
FROM_SENDER = _("%(what)s from the sender")
WITH_RESULT = _("%(what)s: %(result)s")
CONTACT = _("%(method)s. %(result)s")
COUNT_TASKS = ngettext_lazy("%(count)d task", "%(count)d tasks", "count")
ON_HOLD = _("until %(when)s (%(why)s)")
JUDGED = {True: _("we answered their question"), False: _("we did not answer their question")}
#: Why a request returned to the queue automatically, keyed by the code in its event.
RELEASE_REASONS = {
    "absent": _("its owner is away"),
    "inactive": _("its owner no longer works here"),
}

OFFER_RESULTS = {"declined": _("declined"), "withdrawn": _("withdrawn")}

# --- Deadlines ------------------------------------------------------------------------------------

HOURS_AND_MINUTES = _("%(hours)d hr %(minutes)d min")
HOURS = _("%(hours)d hr")
MINUTES = _("%(minutes)d min")
NO_TIME = _("none")
FROM_TO = _("%(start)s to %(end)s")
OVER_BEFORE = _("Closed for the day before we started counting")
CLOSED_ON = _("Closed on %(weekday)s")

# --- Audit trail ----------------------------------------------------------------------------------

YES_OR_NO = {True: _("yes"), False: _("no")}

# --- The team -------------------------------------------------------------------------------------

DAYS_AWAY = _("%(first)s to %(last)s")
AWAY_ALREADY = _("There is already an absence on these days: %(days)s")
AWAY = _("%(who)s: %(first)s to %(last)s")
