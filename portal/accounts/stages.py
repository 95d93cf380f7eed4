"""The sign-in step that asks for the second factor."""

from typing import cast

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from portal.accounts import second_factor, trust
from portal.models import User


class SecondFactorStage(AuthenticateStage):
    def _should_handle(self, request: HttpRequest) -> bool:
        if second_factor.is_verified_by_provider(request, cast("User", self.login.user)):
            return False
        if not super()._should_handle(request):
            return False
        user = cast("User", self.login.user)
        if trust.is_trusted(request, user):
            second_factor.record_trusted_browser(request, user)
            return False
        return True
