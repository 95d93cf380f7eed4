"""How the checks name a place in a text, for people."""

import re

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

#: Such as “body line 12”, “title”.
_PLACE = re.compile(r"(title|summary|key points|body|stage)(?: line (\d+))?")
_NAMES = {
    "title": _("Title"),
    "summary": _("Summary"),
    "key points": _("Key points"),
    "body": _("Body"),
    "stage": _("Stage"),
}


def split_place(where: str) -> tuple[str, str]:
    """Return the field and its line; both empty if they are unknown."""
    found = _PLACE.match(where)
    return (found[1], found[2] or "") if found else ("", "")


def place_name(where: str) -> str:
    field, line = split_place(where)
    if not field:
        return where
    name = str(_NAMES[field])
    return gettext("%(field)s, line %(line)s") % {"field": name, "line": line} if line else name
