"""Texts of the sign-in pages, where code chooses which one to show."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

# --- Forms ----------------------------------------------------------------------------------------

USER_NAME = _("User name")
ENTER_USER_NAME = _("Enter your user name")
ENTER_PASSWORD = _("Enter your password")
CURRENT_PASSWORD = _("Current password")
ENTER_CURRENT_PASSWORD = _("Enter your current password")
NEW_PASSWORD = _("New password")
ENTER_NEW_PASSWORD = _("Enter a new password")
NEW_PASSWORD_AGAIN = _("New password again")
ENTER_NEW_PASSWORD_AGAIN = _("Enter the new password again")
CODE = _("Code")
ENTER_CODE = _("Enter the code")
RECOVERY_HINT = _("The 6-digit code in your authenticator app, or one of your recovery codes.")
CODE_HINT = _("The 6-digit code in your authenticator app.")
APP_CODE = _("Code from your app")
APP_CODE_HINT = _("The 6-digit code the app shows now.")
TRUST_UNTIL = _("Trust this browser until %(time)s")
TRUST_UNTIL_TOMORROW = _("Trust this browser until %(time)s tomorrow")
TRUST_HINT = _(
    "Until then, you won’t need a code here. Only check this on a computer that no one else uses. "
    "Anyone who knows your password can sign in here without your phone."
)
PASSKEY_NAME = _("Name")
PASSKEY_NAME_HINT = _("Helps you tell your passkeys apart, such as “My phone” or “Blue key”.")
PASSWORDLESS = _("Let me sign in with this passkey alone, without my password")
PASSWORDLESS_HINT = _("You’ll need your fingerprint, face, or PIN.")
PASSKEY_NUMBER = _("Passkey %(number)d")

# --- Refusals -------------------------------------------------------------------------------------

WRONG_CODE = _(
    "That code is wrong or was already used. Enter the code your app shows now, or an unused "
    "recovery code."
)
WRONG_APP_CODE = _("That code is wrong or was already used. Enter the code your app shows now.")
WRONG_PASSWORD = _("That password is wrong.")
WRONG_CURRENT_PASSWORD = _("That isn’t your current password.")
ONLY_FACTOR = _("This is your only second step. Add another one first.")
COMMON_PASSWORD = _("This password is too common. It’s a common word with a few characters added.")
PASSWORD_HINT = _("A few unrelated words make a good password.")
SIGN_IN_FIRST = _("Sign in first.")


def too_many_attempts(minutes: int) -> str:
    return ngettext(
        "Too many failed attempts. Wait a minute and try again.",
        "Too many failed attempts. Wait %(minutes)d minutes and try again.",
        minutes,
    ) % {"minutes": minutes}


# --- Ways to confirm, and what was done -----------------------------------------------------------

USE_PASSWORD = _("Use your password")
USE_CODE = _("Use a code")
USE_PASSKEY = _("Use a passkey")
NO_PASSWORD = _("Your account has no password.")
SIGNED_OUT_THERE = _("Signed out there.")
TRUST_ENDED = _("That browser will need a code again.")
UNKNOWN_BROWSER = _("Unknown browser")
BROWSER_ON_DEVICE = _("%(browser)s on %(device)s")


def signed_out_elsewhere(count: int) -> str:
    return ngettext(
        "Signed out in %(count)d other place.", "Signed out in %(count)d other places.", count
    ) % {"count": count}


# --- The admin ------------------------------------------------------------------------------------

PERSON, ACCESS, DATES = _("Person"), _("Access"), _("Dates")
OLD_NAME_SHOWN = _("Pages still show the old name: %(why)s")

# --- Accounts that leads manage -------------------------------------------------------------------

ACCOUNTS = _("Accounts of coordinators")
NEW_ACCOUNT = _("New account")
FIRST_NAME, LAST_NAME = _("First name"), _("Last name")
FIRST_NAME_HINT = _("Patients see the name on their page.")
ENTER_FIRST_NAME, ENTER_LAST_NAME = _("Enter a first name"), _("Enter a last name")
NEW_USER_NAME_HINT = _("To sign in with. Letters, digits, and @ . + - _ only.")
EMAIL = _("Work email address")
EMAIL_HINT = _("We send a link there to set a password. You can’t change the address later.")
ENTER_EMAIL = _("Enter an email address like name@example.com")
NAME_TAKEN = _("There is already an account with this user name")
EMAIL_TAKEN = _("There is already an account with this email address")
NO_ADDRESS = _("%(who)s has no email address. Ask an administrator to enter one.")
NO_MAIL = _("Email isn’t set up here, so no link can go out. Ask an administrator.")
NOT_ACTIVE = _("The account of %(who)s is not active. Reactivate it first.")
ACCOUNT_MADE = _("Account made. %(who)s gets an email with a link to set a password.")
ACTS_DONE = {
    "deactivate": _("Deactivated. %(who)s was signed out everywhere and is told by email."),
    "reactivate": _("Active again. %(who)s is told by email."),
    "reset-factor": _("Second step reset. %(who)s was signed out everywhere and is told by email."),
    "reset-password": _("Password reset. %(who)s was signed out everywhere and gets a link."),
}
PASSWORD_SET = _("Your password is set. You can sign in now.")
