"""What is said to whoever typed a telephone number at which nobody can be called."""

from collections.abc import Mapping

from inquiries.contact_details.numbering_plan import Fault, FaultKind, example_number

#: A sentence that names the fault. {It} is the number, or the part of the line that is wrong.
Messages = Mapping[FaultKind, str]

_LIKE = "Write it like {example}."
_ENTER = "Enter a phone number with its area code, such as {example}."
_APART = "Write the digits of the number together, such as {example}, and other words after them."
_TWO = "{It} looks like two numbers. Put a comma between them."

SENDER_MESSAGES: Messages = {
    FaultKind.NO_DIGITS: f"{_ENTER} If you have no phone, choose email and leave this empty.",
    FaultKind.EMAIL: f"This is an email address. Put it in the email field. {_ENTER}",
    FaultKind.DATE: f"{{It}} looks like a date. {_ENTER}",
    FaultKind.LETTERS: "Write the number in digits only, such as {example}.",
    FaultKind.APART: _APART,
    FaultKind.EMERGENCY: (
        "We cannot call you at {digits}. Enter your own number. "
        "If you need help right now, call {digits} yourself."
    ),
    FaultKind.NO_AREA_CODE: f"{{It}} has no area code. {_LIKE}",
    FaultKind.SHORT: f"{{It}} is {{off_by}} too short. {_ENTER}",
    FaultKind.LONG: (
        f"{{It}} is {{off_by}} too long. {_LIKE} A number from another country starts with +."
    ),
    FaultKind.TWO: _TWO,
    FaultKind.AREA_CODE: f"There is no area code {{digits}}. {_LIKE}",
    FaultKind.COUNTRY_CODE: "No country has the code after the +. Check each digit.",
    FaultKind.NOBODY: "No phone can have this number. Check each digit.",
}
STAFF_MESSAGES: Messages = {
    **SENDER_MESSAGES,
    FaultKind.NO_DIGITS: f"{_ENTER} Leave this empty if they have no phone.",
    FaultKind.EMERGENCY: "Nobody can be called back at {digits}. Ask for their own number.",
    FaultKind.NO_AREA_CODE: f"{{It}} has no area code. Ask for it. {_LIKE}",
    FaultKind.SHORT: f"{{It}} is {{off_by}} too short. Read it back to them. {_ENTER}",
    FaultKind.LONG: (
        "{It} is {off_by} too long. Read it back to them. "
        "A number from another country starts with +."
    ),
    FaultKind.AREA_CODE: f"There is no area code {{digits}}. Read the number back to them. {_LIKE}",
    FaultKind.COUNTRY_CODE: "No country has the code after the +. Read the number back to them.",
    FaultKind.NOBODY: "No phone can have this number. Read it back to them, digit by digit.",
}
#: More than that tells nobody which digits to look for.
_COUNTED = ("", "one digit", "two digits", "three digits")


def explain_fault(fault: Fault, words: Messages) -> str:
    off_by = _COUNTED[fault.off_by] if fault.off_by < len(_COUNTED) else ""
    it = f"“{fault.part}”" if fault.part else "This number"
    said = words[fault.kind].replace("{off_by} ", f"{off_by} " if off_by else "")
    return said.format(It=it, digits=fault.digits, example=example_number())
