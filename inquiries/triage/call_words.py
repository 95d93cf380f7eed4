"""What the form for a call says: what happens next, and when."""

from datetime import datetime

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext_lazy as _

from inquiries.contact.plan import Proposal

CLOSE_AS = _("Close. %(outcome)s")
TRY_AGAIN = _("Try again. %(slot)s")
IF_WRONG = _("“Try again” after a wrong number or address: %(slot)s.")
IF_WRONG_ASK_LEAD = _(
    "If the number or address was wrong, there is no other way to reach them. Ask a lead."
)
TASKS_FIRST = _("It has open tasks. To close it, use “Close”, which asks what becomes of them.")
STAYS_ON_HOLD = _("Leave it on hold. If you spoke with them, that ends the wait")
SENT_WORDS = _("We sent them a text or an email")
SLOT = _("%(way)s: %(begins)s to %(ends)s, our time")
SLOT_THERE = _("%(way)s: %(begins)s to %(ends)s, their time (%(ours)s our time)")


def describe_slot(plan: Proposal | None) -> str:
    """Say how and when the next attempt is, on both clocks; empty if there is no such time."""
    if plan is None or plan.slot is None or plan.method is None or plan.patient_times is None:
        return ""
    begins, ends = plan.patient_times
    said = {
        "way": plan.method.label,
        "begins": date_format(begins, "WEEKDAY_TIME_FORMAT"),
        "ends": time_format(ends.time(), "TIME_FORMAT"),
    }
    if plan.clinic_times is None:
        return SLOT % said
    return SLOT_THERE % (said | {"ours": _our_time(begins, plan.clinic_times[0])})


def _our_time(theirs: datetime, ours: datetime) -> str:
    """Name the day only if it is another one than theirs."""
    if theirs.date() == ours.date():
        return time_format(ours.time(), "TIME_FORMAT")
    return date_format(ours, "WEEKDAY_TIME_FORMAT")
