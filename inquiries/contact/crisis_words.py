"""The text that replaces a crisis script's phone number placeholders."""

from django.utils.translation import gettext_lazy as _

#: For a line that answers in Spanish after a key press.
PRESS_TWO = _("%(number)s, press 2")
NO_CRISIS_LINE = _("%(number)s, because no crisis line is set for this clinic")
