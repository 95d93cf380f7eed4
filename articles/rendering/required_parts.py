"""The parts of a page that have headings of their own: `::: caution` … `:::`."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: What a page about an unsettled treatment must have. The name that an editor writes, to the
#: heading that readers see, in page order.
REQUIRED_PARTS: Mapping[str, str | Promise] = {
    "caution": _("What regulators say"),
    "options": _("Standard treatments"),
    "questions": _("Questions to ask"),
    "medicines": _("Don’t stop your medicines"),
    "unknown": _("What we don’t know"),
}

#: Red flags, in the same box as on the rest of the site. Its heading is the same, too.
EMERGENCY = "emergency"

#: What is closed until a reader opens it, under words of the editor's own, or else these.
MORE, MORE_TITLE = "more", _("More about this")

#: All with a heading that an editor can write.
PARTS: Mapping[str, str | Promise] = {
    EMERGENCY: _("When to get medical help right away"),
    **REQUIRED_PARTS,
}
