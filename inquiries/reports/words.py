"""What a report calls its rows and figures, on the page and in the CSV file."""

from django.utils.translation import gettext_lazy as _

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

# --- The file -------------------------------------------------------------------------------------

CSV_HEADER = (_("table"), _("row"), _("figure"), _("value"))
RANGE, FIRST_DAY, LAST_DAY = _("Range"), _("first day"), _("last day")
TOTAL = _("Total")
RECEIVED, FIRST_ATTEMPT, CLOSED = _("received"), _("first attempt made"), _("closed")
BY_DAY = _("Received and first attempts")
OPEN_NOW = _("Open now, by when it was received")
WORKING_HOURS = _("Working hours")
ENDED, MEDIAN, NINETIETH = _("ended"), _("median"), _("90th percentile")
DEADLINES, MET, OVERDUE = _("Deadlines"), _("met"), _("overdue")
OUTCOMES, TOPICS, ARTICLES = _("Outcomes"), _("Topics"), _("Articles")
REQUESTS = _("requests")
