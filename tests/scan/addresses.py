"""Every route of the site, filled in with objects that exist, for the scanners to visit."""

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings

from articles.editing import previews
from articles.models import Article
from articles.permissions import WRITE
from articles.states import Step
from inquiries import private_links
from inquiries.states import State
from inquiries.team import permissions
from inquiries.triage import calendar_link
from portal.models import Role, User
from tests import factories
from tests.portal.audience import (
    AUDIENCE,
    EVERYONE,
    KEPT_BY_EDITORS,
    KEPT_BY_LEADS,
    NOBODY,
    STAFF,
    routes,
)

ANYONE = "anyone"
#: A visitor who opened a private link and is asked for a detail.
AT_THE_DOOR = "at-the-door"
#: A visitor who gave a name and a password and is asked for the second factor.
HALFWAY = "halfway"
SUPERUSER = "superuser"
#: In scanning order. What one visitor has scanned, later ones skip.
VISITORS = (ANYONE, AT_THE_DOOR, HALFWAY, *Role, SUPERUSER)

NOT_SCANNED = {
    "admin/logout/": "has no field, and ends the session that scans",
    "accounts/mfa/totp/deactivate/": "has no field, and takes away what opens other pages",
    "accounts/mfa/webauthn/keys/<int:pk>/remove/": "has no field, and takes away the key to rename",
    **{
        f"admin/inquiries/{name}/<path:object_id>/delete/": "takes away the row to change"
        for name in KEPT_BY_LEADS
    },
    **{
        f"admin/articles/{name}/<path:object_id>/delete/": "takes away the row to change"
        for name in KEPT_BY_EDITORS
    },
    "admin/articles/image/<path:object_id>/delete/": "takes away the picture to change",
    "admin/articles/image/<uuid:pk>/withdraw/": "erases the picture that other pages show",
    "care-coordinator/request/leave/": "has no field, and ends the visit that scans",
    "care-coordinator/request/revoke/": "has no field, and ends the visit that scans",
    "care-coordinator/request/erase/": "one tick, which erases what the other pages show",
}
#: Only sqlmap tries these, with passwords that are refused.
NOT_BY_WAPITI = {
    "admin/portal/user/<id>/password/": "a new password renews the session that wapiti keeps",
}
#: Routes where other visitors would find nothing: these have no session to lose, are asked for a
#: detail or for the second factor, or have no second factor yet.
SCANNED_BY = {
    "care-coordinator/request/<str:token>/": AT_THE_DOOR,
    "care-coordinator/request/prove/": AT_THE_DOOR,
    "accounts/logout/": ANYONE,
    "accounts/mfa/authenticate/": HALFWAY,
    "accounts/mfa/totp/activate/": Role.EDITOR,
}
#: Query parameters that no link or form on the pages has.
QUERIES = {
    "articles/": "page=1",
    "categories/<slug:slug>/": "page=1",
    "about/corrections/": "page=1",
    "search/": "q=kidney",
    "admin/articles/article/library/<slug:shelf>/": "q=kidney",
    "admin/articles/article/<uuid:pk>/revisions/": "before=2",
    "admin/articles/article/<uuid:pk>/revisions/<int:number>/": "against=1",
    "care-coordinator/ask/": "article=kidney",
    "accounts/login/": "next=/admin/",
    "accounts/logout/": "next=/",
    "accounts/mfa/webauthn/login/": "next=/admin/",
    "accounts/reauthenticate/": "next=/admin/",
    "admin/inquiries/inquiry/": "view=open&after=1",
    "admin/inquiries/inquiry/crisis/": "language=es",
    "admin/inquiries/auditentry/": "after=1",
    "admin/inquiries/auditentry/reading/<uuid:pk>/": "after=1",
}
_PARAMETER = re.compile(r"<((?P<kind>\w+):)?(?P<name>\w+)>|\^?\(\?P<(?P<group>\w+)>[^)]*\)")
# Parameters that take any text. Anything but a UUID or a number goes to another route or to none.
_FREE = {None, "path", "slug", "str"}
_ENDING = (*NOT_SCANNED, "accounts/logout/")
#: The same views answer there under the same rules (tests/portal/http/test_languages_alike.py), so
#: one language is scanned, and no link to another may lead a scan to an address that ends it.
_OTHER_LANGUAGES = tuple(
    f"{code}/" for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE
)


def patterns(routes: Iterable[str]) -> list[str]:
    """Return the routes as wildcards, without the leading slash."""
    return [re.sub("<.*?>", "*", route) + "*" for route in routes]


def belongs(address: str, routes: Iterable[str]) -> bool:
    path = urlsplit(address).path.removeprefix("/")
    return any(fnmatchcase(path, pattern) for pattern in patterns(routes))


def ending(name: str) -> list[str]:
    """Return what this visitor must avoid: it would end their session or visit."""
    return [*(route for route in _ENDING if SCANNED_BY.get(route) != name), *_OTHER_LANGUAGES]


def unlisted() -> list[str]:
    """Return routes without a declared audience, which nobody would scan."""
    return [route for route in routes() if route not in AUDIENCE]


def of(name: str, user: User | None) -> Iterator[tuple[str, str]]:
    """Yield the routes that this visitor scans, each with an address for every state it can show.

    The free parts of an address are marked with `*`. Raises SystemExit if a route has a parameter
    that is unknown here.
    """
    things = _things(user)
    for route, audience in AUDIENCE.items():
        if route in NOT_SCANNED or name not in _visitors(route, audience):
            continue
        for address in dict.fromkeys(_filled(route, things)):
            yield route, address


def _visitors(route: str, audience: frozenset[str]) -> frozenset[str]:
    if route in SCANNED_BY:
        return frozenset({SCANNED_BY[route]})
    if audience == EVERYONE:
        return frozenset({ANYONE})
    if audience == NOBODY:
        return frozenset({SUPERUSER})
    return frozenset({Role.COORDINATOR}) if audience == STAFF else audience


def _things(user: User | None) -> dict[str, list[dict[str, str]]]:
    """Return values for route parameters, by route prefix: the visitor's own, to be ruined."""
    article, draft = factories.make_article(), factories.make_draft()
    category, image = article.categories.get(), factories.make_image()
    link, secret = previews.create_preview_link(draft, days=7, by=factories.make_staff(Role.EDITOR))
    steps = {"number": "1", "shelf": "sources", "language": "es"}
    owner = user if user and user.has_perm(permissions.TRIAGE) else None
    writer = user if user and user.has_perm(WRITE) else None
    inquiries = [
        factories.make_inquiry(state, owner=owner)
        for state in (State.NEW, State.CLAIMED, State.CLOSED)
    ]
    victim = factories.make_staff(Role.EDITOR)
    session = UserSession.objects.filter(user=user).order_by("pk").first()
    key = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).first()

    def thread_of(article: Article) -> dict[str, str]:
        return {"thread": f"{factories.make_commentthread(article).pk}"}

    def keys(thing: object) -> dict[str, str]:
        key = str(getattr(thing, "pk", ""))
        return {"pk": key, "id": key, "object_id": key}

    return {
        "accounts/sessions/": [keys(session)],
        "accounts/password/set/": [{"uidb64": "MQ", "token": "no-such-token"}],
        "admin/portal/accounts/": [
            {**keys(factories.make_staff(Role.COORDINATOR)), "act": "reset-factor"}
        ],
        "accounts/mfa/webauthn/keys/": [keys(key)],
        "admin/articles/article/import/": [keys(factories.make_postimport(user))],
        "admin/articles/article/kept/": [keys(factories.make_kepttext(writer))],
        "admin/articles/article/": [
            {**keys(each), **steps, **own, "taken": step, "link": f"{link.pk}"}
            for each, own, step in (
                (draft, thread_of(draft), Step.SUBMIT),
                (article, thread_of(article), Step.RETIRE),
            )
        ],
        "admin/articles/image/": [keys(image)],
        "admin/articles/reference/": [keys(factories.make_reference())],
        "admin/articles/term/": [keys(factories.make_term())],
        "admin/articles/proposal/": [keys(factories.make_proposal())],
        "admin/articles/category/": [keys(category)],
        "admin/portal/user/": [keys(victim)],
        "admin/inquiries/auditentry/": [keys(victim)],
        "admin/inquiries/team/": [keys(factories.make_staff(Role.COORDINATOR))],
        "admin/inquiries/languages/": [keys(factories.make_staff(Role.COORDINATOR))],
        **{f"admin/articles/{name}/": [keys(make())] for name, make in KEPT_BY_EDITORS.items()},
        **{f"admin/inquiries/{name}/": [keys(make())] for name, make in KEPT_BY_LEADS.items()},
        "admin/inquiries/savedview/": [keys(factories.make_savedview(owner=owner))],
        "admin/inquiries/inquiry/": [{**keys(each), "step": "note"} for each in inquiries],
        "images/": [{"name": image.files[0]}],
        "preview/": [{"secret": secret}],
        "articles/": [{"slug": article.slug}],
        "categories/": [{"slug": category.slug}],
        "admin/r/": [{"content_type_id": "0", **keys(draft)}],
        "admin/": [{"app_label": "inquiries", "url": "no-such-page"}],
        "care-coordinator/request/": [{"token": private_links.create_link(inquiries[0])}],
        "calendar/": [{"token": calendar_link.create_link(factories.make_staff(Role.COORDINATOR))}],
        "sitemap-": [{"section": "articles"}],
    }


def _filled(route: str, things: dict[str, list[dict[str, str]]]) -> Iterator[str]:
    for values in next((each for start, each in things.items() if route.startswith(start)), [{}]):

        def value(match: re.Match[str], values: dict[str, str] = values) -> str:
            name = match["name"] or match["group"]
            if not values.get(name):
                raise SystemExit(f"{route}: say in tests/scan/addresses.py what its {name} may be")
            return values[name] + ("*" if match["kind"] in _FREE else "")

        yield "/" + _PARAMETER.sub(value, route).rstrip("$")
