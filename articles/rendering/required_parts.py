"""The parts that a page about an unsettled treatment must have: `::: caution` … `:::`."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: The name that an editor writes, to the heading that readers see, in page order.
REQUIRED_PARTS: Mapping[str, str | Promise] = {
    "caution": _("What regulators say"),
    "options": _("Standard treatments"),
    "questions": _("Questions to ask"),
    "medicines": _("Don’t stop your medicines"),
    "unknown": _("What we don’t know"),
}
