"""Deadlines as people say them, on the clinic's clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

register = template.Library()

#: What people in the United States call their time zone in any season, keyed by IANA name.
ZONE_NAMES = {
    "America/New_York": gettext_lazy("Eastern"),
    "America/Chicago": gettext_lazy("Central"),
    "America/Denver": gettext_lazy("Mountain"),
    "America/Los_Angeles": gettext_lazy("Pacific"),
    "America/Anchorage": gettext_lazy("Alaska"),
    "Pacific/Honolulu": gettext_lazy("Hawaii"),
}
ZONE_TIMES = {
    "America/New_York": gettext_lazy("Eastern Time"),
    "America/Chicago": gettext_lazy("Central Time"),
    "America/Denver": gettext_lazy("Mountain Time"),
    "America/Los_Angeles": gettext_lazy("Pacific Time"),
    "America/Anchorage": gettext_lazy("Alaska Time"),
    "Pacific/Honolulu": gettext_lazy("Hawaii Time"),
}


@register.simple_tag
def clinic_zone() -> str:
    """Return “Eastern time”, or the zone's own name if there is no everyday name for it."""
    zone = settings.CLINIC.time_zone
    return str(ZONE_TIMES.get(zone) or timezone.localtime(timezone.now(), ZoneInfo(zone)).tzname())


@register.filter
def clinic_deadline(at: datetime) -> str:
    """Return a time like “5 p.m. Eastern on Monday, November 30”."""
    zone = settings.CLINIC.time_zone
    local = timezone.localtime(at, ZoneInfo(zone))
    return _("%(time)s %(zone)s on %(day)s") % {
        "time": date_format(local, "TIME_FORMAT"),
        "zone": ZONE_NAMES.get(zone) or local.tzname(),
        "day": date_format(local, "WEEKDAY_FORMAT"),
    }
