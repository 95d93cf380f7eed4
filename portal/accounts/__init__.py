"""Staff sign-in: how it works, and who needs it."""

from portal.accounts.adapters import StaffAccountAdapter
from portal.accounts.middleware import SignedOut, SignInMiddleware

__all__ = ["SignInMiddleware", "SignedOut", "StaffAccountAdapter"]
