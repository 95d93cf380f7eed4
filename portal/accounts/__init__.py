"""How staff sign in, and who has to."""

from portal.accounts.adapters import StaffAccountAdapter
from portal.accounts.middleware import SignedOut, SignInMiddleware

__all__ = ["SignInMiddleware", "SignedOut", "StaffAccountAdapter"]
