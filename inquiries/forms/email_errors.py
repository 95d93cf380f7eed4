"""What is said to whoever typed an e-mail address that no mail can reach."""

from inquiries.contact_details.email_addresses import Fault, FaultKind

_LIKE = "Enter an email address in the form name@example.com"
_MESSAGES: dict[FaultKind, str] = {
    FaultKind.NO_AT: f"{_LIKE}: this has no @.",
    FaultKind.MANY_AT: f"{_LIKE}: this has more than one @.",
    FaultKind.SPACE: f"{_LIKE}, without a space in it.",
    FaultKind.NO_NAME: f"{_LIKE}: something is missing before the @.",
    FaultKind.NO_DOMAIN: f"{_LIKE}: something is missing after the @.",
    FaultKind.NO_DOT: f"{_LIKE}: “{{part}}” is not whole. After the @, it needs a dot.",
    FaultKind.DOTS: "Before the @, a dot cannot come first, last, or twice in a row.",
    FaultKind.CHARACTER: "An email address cannot have {part} before the @.",
    FaultKind.DOMAIN: "“{part}” cannot be right. Check each letter after the @.",
    FaultKind.LONG: "The email address is too long",
}


def explain_fault(fault: Fault) -> str:
    return _MESSAGES[fault.kind].format(part=fault.part)
