"""Typos in the domain of an email address. We offer a hint but never reject an address for one."""

#: The most common mail domains. We suggest only these.
_KNOWN_DOMAINS = (
    *("gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "googlemail.com"),
    *("protonmail.com", "rocketmail.com", "comcast.net", "verizon.net", "sbcglobal.net"),
    *("bellsouth.net", "charter.net", "earthlink.net", "optonline.net"),
    *("yahoo.es", "hotmail.es", "outlook.es", "yahoo.com.mx", "hotmail.com.mx", "prodigy.net.mx"),
    *("yahoo.co.uk", "hotmail.co.uk", "btinternet.com"),
)
#: Too short for typo matching, so suggested only if the ending is wrong or missing.
_SHORT_DOMAINS = (
    "aol.com",
    "att.net",
    "cox.net",
    "live.com",
    "mac.com",
    "me.com",
    "msn.com",
    "proton.me",
)
#: Real domains that are one typo away from a known one.
_REAL_LOOKALIKES = frozenset(
    {
        *("gmail.co", "yahoo.co", "hotmail.co", "outlook.co", "icloud.co"),
        *("mail.com", "ymail.com", "email.com"),
    }
)
#: These endings do not exist, so no real address can have one.
_MISTYPED_ENDINGS = {
    **dict.fromkeys(
        (
            *("con", "cmo", "ocm", "vom", "xom", "cpm", "cim", "clm", "coom", "comm", "ccom"),
            *("comn", "conm", "copm", "come", "coma"),
        ),
        "com",
    ),
    **dict.fromkeys(("nte", "nett", "ent", "nef"), "net"),
    **dict.fromkeys(("ogr", "orgg", "rog", "orh"), "org"),
    **dict.fromkeys(("eud", "edy", "eduu"), "edu"),
}


def suggest_domain(email: str) -> tuple[str, str] | None:
    """Return the typed domain and the one probably meant; None if nothing looks wrong."""
    typed = email.rpartition("@")[2].strip().casefold()
    meant = _intended_domain(typed.replace(",", ".").strip("."))
    return (typed, meant) if meant and meant != typed else None


def _intended_domain(typed: str) -> str:
    if "." not in typed:
        return _restore_dot(typed)
    name, _, ending = typed.rpartition(".")
    mended = f"{name}.{_MISTYPED_ENDINGS.get(ending, ending)}"
    near = (meant for meant in _KNOWN_DOMAINS if _is_one_typo(mended, meant))
    return mended if mended in _REAL_LOOKALIKES else next(near, mended)


def _restore_dot(typed: str) -> str:
    """Restore the dot in “gmailcom” or the ending of “gmail”; return an empty string otherwise."""
    for meant in (*_KNOWN_DOMAINS, *_SHORT_DOMAINS):
        run_together = meant.replace(".", "")
        if typed in {run_together, meant.partition(".")[0]}:
            return meant
        if meant in _KNOWN_DOMAINS and _is_one_typo(typed, run_together):
            return meant
    return ""


def _is_one_typo(typed: str, meant: str) -> bool:
    """Return whether they differ by one typo, a Damerau-Levenshtein distance of 1.

    That is one letter added, missing, or replaced, or two swapped. The first letter must match:
    people seldom mistype it, and changing it gives a different name, such as ymail or email.
    """
    if typed[:1] != meant[:1] or abs(len(typed) - len(meant)) > 1:
        return typed == meant
    if len(typed) == len(meant):
        wrong = [place for place, letter in enumerate(typed) if letter != meant[place]]
        if len(wrong) == 2 and wrong[1] == wrong[0] + 1:  # noqa: PLR2004 - two, swapped
            return typed[wrong[0]] == meant[wrong[1]] and typed[wrong[1]] == meant[wrong[0]]
        return len(wrong) <= 1
    long, short = sorted((typed, meant), key=len, reverse=True)
    return any(long[:place] + long[place + 1 :] == short for place in range(len(long)))
