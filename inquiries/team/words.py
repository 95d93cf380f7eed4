"""Why someone may not take a step, in sentences for staff."""

from django.utils.translation import gettext_lazy as _

NOT_IN_ROLE = _("Your role does not include this step: %(step)s.")
NOT_CLAIMED = _("No one has claimed this request. Claim it first, or ask a lead.")
CLAIMED_BY_OTHER = _("%(owner)s has claimed this request. Take it over first, or ask a lead.")
YOURS_ALREADY = _("You have already claimed this request.")
