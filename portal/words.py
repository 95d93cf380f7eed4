"""Words of the error pages: a heading, and what to do now."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

Words = str | Promise

_MINUTES_FROM = 100  # in seconds: below, “90 seconds” reads better than “2 minutes”

NOT_HERE = (
    gettext_lazy("That doesn’t work here"),
    gettext_lazy("You can read this page, but you can’t send anything to it. Nothing was changed."),
)
TOO_LARGE = (
    gettext_lazy("That was too much to send at once"),
    gettext_lazy(
        "Nothing was saved. Go back: your browser may still have what you typed. Then send less."
    ),
)
CUT_OFF = (
    gettext_lazy("We didn’t get all of that"),
    gettext_lazy(
        "Nothing was saved. Go back: your browser may still have what you typed. Then send it "
        "again."
    ),
)
BUSY = (
    gettext_lazy("We’re busy right now"),
    gettext_lazy("Nothing was saved. Wait a minute, go back, and send it again."),
)
LONG_ADDRESS = (
    gettext_lazy("That web address is too long"),
    gettext_lazy("Use a shorter one, or search with fewer words."),
)
LARGE_HEADERS = (
    gettext_lazy("Your browser sent us too much data"),
    gettext_lazy("Delete this site’s cookies in your browser, and load the page again."),
)
UNREADABLE = (
    gettext_lazy("Something was wrong with that request"),
    gettext_lazy("Nothing was saved. Please go back and try again."),
)
AWAY = (
    gettext_lazy("This page will be back soon"),
    gettext_lazy(
        "We can’t show it right now. Please try again in a few minutes. You can still ask "
        "for a Care Coordinator. We’ll keep your request safe."
    ),
)
A_FILE = (
    gettext_lazy("We can’t accept files"),
    gettext_lazy("Nothing was saved. Go back and send it without the file."),
)
SIGNED_OUT = (
    gettext_lazy("You’re signed out"),
    gettext_lazy(
        "Nothing was saved. Sign in again in a new tab. Then copy what you typed from here."
    ),
)
NO_ACCESS = (
    gettext_lazy("You don’t have access to this page"),
    gettext_lazy("If you think you should, ask the person who manages accounts."),
)
NOT_FOUND = (
    gettext_lazy("We couldn’t find that page"),
    gettext_lazy("It may have moved, or the address may be mistyped."),
)
FORM_NOT_CHECKED = (
    gettext_lazy("We couldn’t check that form"),
    gettext_lazy(
        "Nothing was saved. Load the page again in a new tab, and send it from there. Your "
        "browser needs to allow cookies. This can also happen if you signed in again in "
        "the meantime."
    ),
)


def too_many_tries(wait: int) -> tuple[str, str]:
    """`wait`: seconds before another try."""
    shared = _("If you share your internet connection, someone else may have caused this.")
    return _("Too many tries"), f"{_wait(wait)} {shared}"


def sign_in_unavailable(wait: int, *, is_busy: bool) -> tuple[str, str]:
    if is_busy:
        title, why = _("Many people are signing in right now"), _("We didn’t check what you typed.")
    else:
        title, why = _("No one can sign in right now"), _("Nothing is wrong with what you typed.")
    return title, f"{why} {_wait(wait)}"


def _wait(seconds: int) -> str:
    if seconds >= _MINUTES_FROM:
        minutes = -(-seconds // 60)
        return ngettext(
            "Please wait %(minutes)d minute and try again.",
            "Please wait %(minutes)d minutes and try again.",
            minutes,
        ) % {"minutes": minutes}
    return ngettext(
        "Please wait %(seconds)d second and try again.",
        "Please wait %(seconds)d seconds and try again.",
        seconds,
    ) % {"seconds": seconds}
