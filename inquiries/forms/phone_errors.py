"""What to tell someone who typed a telephone number that cannot be called."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from inquiries.contact_details.numbering_plan import Fault, FaultKind, example_number

#: Sentences that name the fault. `number` is the part of the line that is wrong, or “This number”.
Messages = Mapping[FaultKind, Promise]

SENDER_MESSAGES: Messages = {
    FaultKind.NO_DIGITS: _(
        "Enter a phone number with its area code, such as %(example)s. If you don’t have a phone, "
        "choose email and leave this blank."
    ),
    FaultKind.EMAIL: _(
        "This is an email address. Put it in the email field. Here, enter a phone number with its "
        "area code, such as %(example)s."
    ),
    FaultKind.DATE: _(
        "%(number)s looks like a date. Enter a phone number with its area code, such as "
        "%(example)s."
    ),
    FaultKind.LETTERS: _("Enter the number in digits, not letters, such as %(example)s."),
    FaultKind.APART: _(
        "Enter all the digits together, such as %(example)s. Put any other words after them."
    ),
    FaultKind.EMERGENCY: _(
        "We can’t call you at %(digits)s. Enter your own number. If you need help right "
        "now, call %(digits)s."
    ),
    FaultKind.NO_AREA_CODE: _("%(number)s has no area code. Enter it like this: %(example)s."),
    FaultKind.SHORT: _("Enter a phone number with its area code, such as %(example)s."),
    FaultKind.LONG: _(
        "Enter it like this: %(example)s. A number from another country starts with +."
    ),
    FaultKind.TWO: _("%(number)s looks like two numbers. Put a comma between them."),
    FaultKind.AREA_CODE: _(
        "There is no area code %(digits)s. Enter the number like this: %(example)s."
    ),
    FaultKind.COUNTRY_CODE: _("No country has the code you entered after the +. Check each digit."),
    FaultKind.NOBODY: _("This doesn’t look like a real phone number. Check each digit."),
}
#: The sentence that comes first: with the number of digits if that helps, or without.
_LENGTHS: Mapping[FaultKind, tuple[Any, Promise]] = {
    FaultKind.SHORT: (
        ngettext_lazy(
            "%(number)s is %(off_by)d digit too short.",
            "%(number)s is %(off_by)d digits too short.",
            "off_by",
        ),
        _("%(number)s is too short."),
    ),
    FaultKind.LONG: (
        ngettext_lazy(
            "%(number)s is %(off_by)d digit too long.",
            "%(number)s is %(off_by)d digits too long.",
            "off_by",
        ),
        _("%(number)s is too long."),
    ),
}
_MOST_COUNTED = 3


def explain_fault(fault: Fault, words: Messages) -> str:
    sentences = [words[fault.kind]]
    if lengths := _LENGTHS.get(fault.kind):
        sentences.insert(0, lengths[0] if 0 < fault.off_by <= _MOST_COUNTED else lengths[1])
    given = {
        "number": f"“{fault.part}”" if fault.part else gettext("This number"),
        "digits": fault.digits,
        "off_by": fault.off_by,
        "example": example_number(),
    }
    return " ".join(each % given for each in sentences)
