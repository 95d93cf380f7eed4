"""Which addresses lead to one inbox: for counting what goes there, never for sending."""

from contextlib import suppress

from articles.text_cleaning import clean_code

#: Names of one provider for the same inbox.
_SAME_DOMAIN = {
    "googlemail.com": "gmail.com",
    "protonmail.com": "proton.me",
    "pm.me": "proton.me",
    "protonmail.ch": "proton.me",
    **dict.fromkeys(("me.com", "mac.com"), "icloud.com"),
}
#: What these providers leave out of the part before the @.
#: https://support.google.com/mail/answer/7436150, https://proton.me/support/addresses-and-aliases
_LEFT_OUT = {"gmail.com": ".", "proton.me": ".-_"}
#: What a person adds behind it is for their own sorting, RFC 5233; nearly everywhere after a plus,
#: with Yahoo after a hyphen, which no other address there has.
_SEPARATOR = "+"
_SEPARATORS = {"yahoo": "+-", "ymail": "+-", "rocketmail": "+-"}


def inbox_of(email: str) -> str:
    """The address in the one spelling that all spellings of its inbox share.

    A provider that keeps such spellings apart is counted too strictly: a mail too few, no mail that
    goes astray.
    """
    local, _, domain = clean_code(email).casefold().rpartition("@")
    domain = _plain_domain(domain)
    if len(local) > 1 and local[0] == local[-1] == '"':  # RFC 5321, 4.1.2: says the same unquoted
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
