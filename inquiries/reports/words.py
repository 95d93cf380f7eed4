"""What a report calls its rows and figures, on the page and in the CSV file."""

from django.utils.translation import gettext_lazy as _

from inquiries.models import Helped

#: Minimum number of calendar days since a request was received.
AGES = {
    0: _("Today"),
    1: _("1 to 2 days ago"),
    3: _("3 to 6 days ago"),
    7: _("7 to 13 days ago"),
    14: _("14 to 27 days ago"),
    28: _("28 days ago or longer"),
}
NO_TOPIC = _("No topic")
NO_ARTICLE = _("No article")
OTHERS = _("Others (fewer than %(least)d each)")
HIDDEN = _("fewer than %(least)d")
DAYS = _("%(first)s to %(last)s")

NOT_STATED = _("Not known, or erased")
NO_OWNER = _("No one")
HOUR = _("%(start)s to %(end)s")
HELPED = {Helped.YES: _("Yes, it helped"), Helped.PARTLY: _("Partly"), Helped.NO: _("No")}

# --- Ranges for one press -------------------------------------------------------------------------

LAST_DAYS = _("Last %(days)d days")
LAST_MONTH = _("Last month")
LAST_QUARTER = _("Last quarter")
THIS_YEAR = _("This year")

# --- The file -------------------------------------------------------------------------------------

CSV_HEADER = (_("table"), _("row"), _("figure"), _("value"))
RANGE, FIRST_DAY, LAST_DAY = _("Range"), _("first day"), _("last day")
TOTAL = _("Total")
RECEIVED, TRIED, CLOSED = _("received"), _("first tried"), _("closed")
REACHED = _("first reached")
BEFORE = _("Range before")
BY_DAY = _("Received, first tried, and first reached")
OPEN_NOW = _("Open now, by when it was received")
WORKING_HOURS = _("Working hours")
ENDED, MEDIAN, NINETIETH = _("ended"), _("median"), _("90th percentile")
DEADLINES, MET, OVERDUE = _("Deadlines"), _("met"), _("overdue")
OUTCOMES, TOPICS, ARTICLES = _("Outcomes"), _("Topics"), _("Articles")
WAYS, LANGUAGES, HOURS = _("Ways"), _("Languages"), _("Hours of arrival")
COLLEAGUES, OPEN, HELP = _("Colleagues"), _("open now"), _("Did this help?")
REQUESTS = _("requests")
REQUESTS_BEFORE, CLOSED_BEFORE = _("requests in the range before"), _("closed in the range before")
MEDIAN_BEFORE = _("median in the range before")
