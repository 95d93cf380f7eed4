"""What a crisis script says where the clinic's numbers stand."""

from django.utils.translation import gettext_lazy as _

#: Where the line answers in Spanish after a key.
PRESS_TWO = _("%(number)s, press 2")
NO_CRISIS_LINE = _("%(number)s, because no crisis line is set for this clinic")
