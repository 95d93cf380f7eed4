"""Slips in the domain of an e-mail address, hinted at and never held against anybody."""

#: What most people have their mail with. Only these are offered.
_KNOWN_DOMAINS = (
    *("gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "googlemail.com"),
    *("protonmail.com", "rocketmail.com", "comcast.net", "verizon.net", "sbcglobal.net"),
    *("bellsouth.net", "charter.net", "earthlink.net", "optonline.net"),
    *("yahoo.es", "hotmail.es", "outlook.es", "yahoo.com.mx", "hotmail.com.mx", "prodigy.net.mx"),
    *("yahoo.co.uk", "hotmail.co.uk", "btinternet.com"),
)
#: Too short to be guessed at, so offered for a wrong or missing ending alone.
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
#: One slip away from those, and real.
_REAL_LOOKALIKES = frozenset(
    {
        *("gmail.co", "yahoo.co", "hotmail.co", "outlook.co", "icloud.co"),
        *("mail.com", "ymail.com", "email.com"),
    }
)
#: No such endings exist, so that no real address is meant by them.
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
    """The domain as typed and the one that was probably meant; None where nothing looks wrong."""
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
    """For gmailcom, and for gmail alone; empty where it is neither."""
    for meant in (*_KNOWN_DOMAINS, *_SHORT_DOMAINS):
        run_together = meant.replace(".", "")
        if typed in {run_together, meant.partition(".")[0]}:
            return meant
        if meant in _KNOWN_DOMAINS and _is_one_typo(typed, run_together):
            return meant
    return ""


def _is_one_typo(typed: str, meant: str) -> bool:
    """One letter too many, too few, another, or two swapped (Damerau-Levenshtein distance 1).

    The first is seldom wrong, and another makes another name: ymail, email.
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
