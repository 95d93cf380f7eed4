"""Sign-in through the clinic's own identity provider (OpenID Connect), set up by settings alone.

`StaffSocialAccountAdapter` describes who may sign in that way, and why that cannot be used to take
over an account.
"""

from typing import TYPE_CHECKING, Any, NoReturn

from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare, get_random_string
from django.views.decorators.cache import never_cache

from portal.accounts import bindings, failures, reauthentication, second_factor
from portal.models import User

if TYPE_CHECKING:
    from portal.accounts.identity_provider import IdentityProvider

#: What each RFC 8176 method proves: something a person knows, has or is. Two of one kind count as
#: one factor.
_KINDS = {
    **dict.fromkeys(("kba", "pin", "pwd"), "knows"),
    **dict.fromkeys(("hwk", "otp", "pop", "sc", "sms", "swk", "tel"), "has"),
    **dict.fromkeys(("face", "fpt", "iris", "retina", "vbm"), "is"),
}


class StaffSocialAccountAdapter(DefaultSocialAccountAdapter):
    """Decides which of the people known to the identity provider are staff here.

    The first time, an account is found by its email address: the provider must call the address
    verified, and exactly one active staff account must have it. From then on, the account is bound
    to the provider's own identifier for the person (`sub`), which, unlike an address, is never
    given to somebody else: a second person with the same address is refused. A superuser's account
    is bound only by someone who is signed in to it here and has just confirmed their sign-in;
    otherwise, whoever sets addresses at the provider could make themselves a superuser. From then
    on, it follows the same rules as every other account. A row that the portal did not write itself
    binds nobody. Nobody gets a new account by signing in this way.
    """

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Return the one app from the settings; rows in the table of apps are ignored."""
        if not settings.OIDC_SERVER_URL:
            return []
        return [
            SocialApp(
                provider="openid_connect",
                # Names the provider next to each `sub`: another provider's are other people.
                provider_id=settings.OIDC_SERVER_URL,
                name=settings.OIDC_NAME,
                client_id=settings.OIDC_CLIENT_ID,
                secret=settings.OIDC_CLIENT_SECRET,
                settings={"server_url": settings.OIDC_SERVER_URL, "oauth_pkce_enabled": True},
            )
        ]

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> "IdentityProvider":
        app = self.get_app(request, provider=provider)
        from portal.accounts.identity_provider import IdentityProvider  # only if a provider is set

        return IdentityProvider(request, app=app)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        # An answer that nobody asked for is no attempt, and would only fill the audit trail.
        if "state" in (extra_context or {}):
            failures.record_failure(request, method="oidc", why=str(error))
        raise ImmediateHttpResponse(_failed(request))

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        claims = sociallogin.claims
        sent = sociallogin.state.get("nonce", "")
        if not sent or not constant_time_compare(sent, claims["id_token"].get("nonce", "")):
            self._refuse(request, "replayed")
        account = sociallogin.account
        if not sociallogin.is_existing:
            sociallogin.user = account.user = self._find(request, sociallogin)
            account.save()
            bindings.prove(account)
        elif not bindings.is_proven(account):
            # As on the first sign-in: the person found by address has to be the same.
            if self._find(request, sociallogin) != account.user:
                self._refuse(request, "unproven", about=account.user)
            bindings.prove(account)
        user = sociallogin.user
        if not (user.is_active and user.is_staff):
            self._refuse(request, "disabled", about=user)
        # The session would keep it while waiting for the second factor, and nothing here uses it.
        sociallogin.token = None
        sociallogin.asserts_second_factor = settings.OIDC_TRUST_MFA and _names_two_factors(
            claims["id_token"]
        )

    def _find(self, request: HttpRequest, sociallogin: Any) -> User:
        claims = sociallogin.claims["userinfo"] | sociallogin.claims["id_token"]
        address = str(claims.get("email") or "").lower()
        # Some providers send the string instead of the boolean.
        if claims.get("email_verified") not in {True, "true"}:
            self._refuse(request, "unverified")
        # Python and databases fold letters beyond ASCII differently: nobody is found by them.
        found = User.objects.filter(email__iexact=address, is_active=True, is_staff=True)
        theirs = [user for user in found if user.email.lower() == address and address.isascii()]
        if not address or len(theirs) != 1:
            self._refuse(request, "unknown")
        (user,) = theirs
        if user.is_superuser and not _is_confirmed_here(request, user):
            self._refuse(request, "superuser", about=user)
        account = sociallogin.account
        others = SocialAccount.objects.filter(user=user, provider=account.provider)
        if others.exclude(uid=account.uid).exists():
            self._refuse(request, "another_person", about=user)
        return user

    def _refuse(self, request: HttpRequest, why: str, about: User | None = None) -> NoReturn:
        """Refuse in the same words, whatever the reason; the audit trail has the reason."""
        failures.record_failure(request, method="oidc", why=why, about=about)
        page = render(request, "socialaccount/refused.html", _provider_context(), status=403)
        raise ImmediateHttpResponse(page)


def _is_confirmed_here(request: HttpRequest, user: User) -> bool:
    return (
        request.user == user
        and second_factor.is_verified(request)
        and reauthentication.is_recently_confirmed(request)
    )


def _names_two_factors(id_token: dict[str, Any]) -> bool:
    """True for an `acr` that the operator listed, for `mfa`, or for methods of two kinds."""
    if id_token.get("acr") in settings.OIDC_MFA_ACR:
        return True
    amr = id_token.get("amr")
    methods = [each for each in amr if isinstance(each, str)] if isinstance(amr, list) else []
    return "mfa" in methods or len({_KINDS[each] for each in methods if each in _KINDS}) > 1


# --- Pages ----------------------------------------------------------------------------------------


@never_cache
@login_not_required
def login(request: HttpRequest) -> HttpResponse:
    """Ask first: a link from another site must not sign anyone in."""
    provider = _provider(request)
    from allauth.socialaccount.providers.base.constants import AuthProcess
    from requests import RequestException  # loaded along with the provider

    if request.method != "POST":
        next_url = get_next_redirect_url(request) or ""
        return render(request, "socialaccount/login.html", _provider_context() | {"next": next_url})
    nonce = get_random_string(32)
    # To confirm a sign-in, the person signs in at the provider again.
    prompt = {"prompt": "login"} if request.user.is_authenticated else {}
    try:
        return provider.redirect(  # type: ignore[no-any-return]
            request,
            process=AuthProcess.LOGIN,
            next_url=get_next_redirect_url(request),
            scope=["openid", "email"],
            auth_params={"nonce": nonce, **prompt},
            nonce=nonce,
        )
    except (RequestException, KeyError):
        return _unreachable(request)


@never_cache
@login_not_required
def callback(request: HttpRequest) -> HttpResponse:
    provider = _provider(request)
    from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
    from requests import RequestException  # loaded along with the provider

    from portal.accounts.identity_provider import StaffOIDCAdapter

    view = OAuth2CallbackView.adapter_view(StaffOIDCAdapter(request, provider.app.provider_id))
    try:
        return view(request)  # type: ignore[no-any-return]
    except (RequestException, KeyError):  # from what allauth requests before it starts catching
        return _unreachable(request)


def _provider(request: HttpRequest) -> "IdentityProvider":
    try:
        provider: IdentityProvider = get_adapter().get_provider(request, "")
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    return provider


def _provider_context() -> dict[str, str]:
    return {"identity_provider": settings.OIDC_NAME}


def _unreachable(request: HttpRequest) -> HttpResponse:
    """Answer for a provider that does not respond, or whose answer lacks a required field."""
    failures.record_failure(request, method="oidc", why="unreachable")
    return _failed(request)


def _failed(request: HttpRequest) -> HttpResponse:
    page = "socialaccount/authentication_error.html"
    return render(request, page, _provider_context(), status=502)
