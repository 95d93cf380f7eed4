"""What to tell someone who typed an email address that cannot receive mail."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from inquiries.contact_details.email_addresses import Fault, FaultKind

_MESSAGES: Mapping[FaultKind, Promise | str] = {
    FaultKind.NO_AT: _("Enter an email address like name@example.com. This one has no @."),
    FaultKind.MANY_AT: _(
        "Enter an email address like name@example.com. This one has more than one @."
    ),
    FaultKind.SPACE: _("Enter an email address like name@example.com, with no spaces."),
    FaultKind.NO_NAME: _(
        "Enter an email address like name@example.com. Something is missing before the @."
    ),
    FaultKind.NO_DOMAIN: _(
        "Enter an email address like name@example.com. Something is missing after the @."
    ),
    FaultKind.NO_DOT: _(
        "Enter an email address like name@example.com. “%(part)s” is not complete: the part after "
        "the @ needs a dot."
    ),
    FaultKind.DOTS: _("Before the @, a dot can’t come first, last, or twice in a row."),
    FaultKind.CHARACTER: _("An email address can’t have %(part)s before the @."),
    FaultKind.DOMAIN: _("“%(part)s” can’t be right. Check each letter after the @."),
    FaultKind.LONG: _("The email address is too long"),
}


def explain_fault(fault: Fault) -> str:
    return str(_MESSAGES[fault.kind]) % {"part": fault.part}
