"""Which views need a sign-in that is only minutes old, and whether this one is."""

import time

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from portal.accounts import second_factor, sessions, users

#: By view name. A browser left open must not give away an export, a role or a key, nor end other
#: sessions (OWASP ASVS 5.0, 7.5.2).
REAUTHENTICATION_VIEWS = frozenset(
    {
        "admin:portal_user_add",
        "admin:portal_user_change",
        "admin:auth_user_password_change",
        "admin:inquiries_audit_export",
        "admin:inquiries_access_export",
        "admin:inquiries_report_export",
        "staff_account_add",
        "staff_account",
        "staff_account_act",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_add_webauthn",
        "mfa_edit_webauthn",
        "mfa_remove_webauthn",
        "mfa_generate_recovery_codes",
        "mfa_view_recovery_codes",
        "usersessions_list",
        "usersessions_end",
        "trusted_browser_end",
    }
)


def is_recently_confirmed(request: HttpRequest) -> bool:
    """Whether the user signed in, or confirmed their sign-in, within the last few minutes.

    In a trusted browser, signing in is not enough: nobody has shown a factor there yet.
    """
    if second_factor.is_by_trust_alone(request):
        return False
    records = get_authentication_records(request, users.current_user(request))
    proofs = [record["at"] for record in records]
    last = max([*proofs, request.session.get(sessions.SIGNED_IN_AT, 0)])
    return bool(time.time() - last < app_settings.REAUTHENTICATION_TIMEOUT)
