"""What the lists that leads keep are for, and what an empty one means."""

from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

ABSENCES = _("While someone is away, their requests go back to the queue for others to claim.")
NO_ABSENCES = _("No one is away, and no time off is planned.")
REPLIES = _("Texts to start from when a coordinator writes to the sender of a request.")
SCRIPTS = _("What to say and do when someone is in danger. They’re on every request’s page.")
NO_SCRIPTS = _("There are no scripts yet. Without one, colleagues have to find the words alone.")
PHRASES = _(
    "A request with one of these phrases goes to the top of the queue for a person to read."
)
CALENDARS = _("When we work. Deadlines count only these hours.")
LEVELS = _("How soon we answer, for each urgency. Deadlines count only working hours.")
NOW = _("Now: %(duration)s.")


def working_time(minutes: int) -> str:
    """Return “8 working hours”, “30 working minutes”, or “7 working hr 30 min”."""
    hours, rest = divmod(minutes, 60)
    said = {"hours": hours, "minutes": rest}
    if not hours:
        return ngettext("%(minutes)d working minute", "%(minutes)d working minutes", rest) % said
    if not rest:
        return ngettext("%(hours)d working hour", "%(hours)d working hours", hours) % said
    return now("%(hours)d working hr %(minutes)d min") % said
