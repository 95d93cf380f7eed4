"""Which addresses belong to the same inbox. Used to count mail to it, never to send."""

from contextlib import suppress

from articles.text_cleaning import clean_code

#: Domains of one provider that share the same inbox.
_SAME_DOMAIN = {
    "googlemail.com": "gmail.com",
    "protonmail.com": "proton.me",
    "pm.me": "proton.me",
    "protonmail.ch": "proton.me",
    **dict.fromkeys(("me.com", "mac.com"), "icloud.com"),
}
#: Characters these providers ignore before the @.
#: https://support.google.com/mail/answer/7436150, https://proton.me/support/addresses-and-aliases
_LEFT_OUT = {"gmail.com": ".", "proton.me": ".-_"}
#: People add a suffix after this to sort their own mail (RFC 5233). It is nearly always a plus;
#: Yahoo uses a hyphen, which no other address there contains.
_SEPARATOR = "+"
_SEPARATORS = {"yahoo": "+-", "ymail": "+-", "rocketmail": "+-"}


def inbox_of(email: str) -> str:
    """Return the one spelling that stands for all spellings of the same inbox.

    If a provider treats those spellings as separate inboxes, the count is too strict: too few
    emails go out, but none goes astray.
    """
    local, _, domain = clean_code(email).casefold().rpartition("@")
    domain = _plain_domain(domain)
    if len(local) > 1 and local[0] == local[-1] == '"':  # RFC 5321, 4.1.2: quotes change nothing
        local = local[1:-1].replace("\\", "")
    for separator in _SEPARATORS.get(domain.partition(".")[0], _SEPARATOR):
        local = local[: local.find(separator, 1)] if separator in local[1:] else local
    bare = local.translate({ord(each): None for each in _LEFT_OUT.get(domain, "")})
    return f"{bare or local}@{domain}"


def _plain_domain(domain: str) -> str:
    domain = domain.rstrip(".")
    if not domain.isascii():
        with suppress(UnicodeError):
            domain = domain.encode("idna").decode()
    return _SAME_DOMAIN.get(domain, domain)
