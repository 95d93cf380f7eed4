"""Every route of the site, filled with things that exist: where the scanners are sent."""

import re
from collections.abc import Iterator

from inquiries.states import State
from portal.models import Role, User
from tests import factories
from tests.portal.test_routes import AUDIENCE, EVERYONE, NOBODY, STAFF, routes

ANYONE = "anyone"
SUPERUSER = "superuser"
#: In the order they scan. What one has scanned, the next need not.
VISITORS = (ANYONE, *Role, SUPERUSER)

NOT_SCANNED = {
    "admin/logout/": "ends the session of the one who scans",
}
#: Parameters that no link or form on the pages carries.
QUERIES = {
    "articles/": "page=1",
    "categories/<slug:slug>/": "page=1",
    "care-coordinator/ask/": "article=kidney",
    "accounts/login/": "next=/admin/",
    "admin/inquiries/inquiry/": "view=open&after=1",
}
_PARAMETER = re.compile(r"<((?P<kind>\w+):)?(?P<name>\w+)>|\^?\(\?P<(?P<group>\w+)>[^)]*\)")
# Anything may stand for these. What is no UUID and no number belongs to another route or to none.
_FREE = {None, "path", "slug", "str"}

_Values = dict[str, str]


def by_visitor(coordinator: User) -> dict[str, list[tuple[str, str]]]:
    """For each visitor the routes that are hers, with an address for each thing they can show.

    What is free to choose in an address is marked with `*`. Raises SystemExit for a route that is
    not listed, or with a parameter unknown here: it would not be scanned.
    """
    things = _things(coordinator)
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in VISITORS}
    for route in routes():
        if route in NOT_SCANNED:
            continue
        if route not in AUDIENCE:
            raise SystemExit(f"{route}: say in tests/portal/test_routes.py whose it is")
        filled = [*dict.fromkeys(_filled(route, things))]
        for name in _visitors(route):
            found[name] += [(route, address) for address in filled]
    return found


def _visitors(route: str) -> list[str]:
    audience = AUDIENCE[route]
    if audience == EVERYONE:
        return [ANYONE]
    if audience == NOBODY:
        return [SUPERUSER]
    return [Role.COORDINATOR] if audience == STAFF else [name for name in Role if name in audience]


def _things(coordinator: User) -> dict[str, list[_Values]]:
    """What stands for the parameters of a route, by how the route begins."""
    article, draft = factories.make_article(), factories.make_draft()
    category = article.categories.get()
    inquiries = [
        factories.make_inquiry(state, owner=coordinator)
        for state in (State.NEW, State.CLAIMED, State.CLOSED)
    ]
    # Somebody to lose her password and her rights, who is none of those who scan.
    victim = factories.make_staff(Role.EDITOR)

    def keys(thing: object) -> _Values:
        key = str(getattr(thing, "pk", thing))
        return {"pk": key, "id": key, "object_id": key}

    return {
        "admin/articles/article/": [keys(draft), keys(article)],
        "admin/articles/category/": [keys(category)],
        "admin/portal/user/": [keys(victim)],
        "admin/inquiries/inquiry/": [{**keys(each), "step": "note"} for each in inquiries],
        "articles/": [{"slug": article.slug}],
        "categories/": [{"slug": category.slug}],
        "admin/r/": [{"content_type_id": "0", **keys(draft)}],
        "admin/": [{"app_label": "articles", "url": "no-such-page"}],
        "sitemap-": [{"section": "articles"}],
    }


def _filled(route: str, things: dict[str, list[_Values]]) -> Iterator[str]:
    for values in next((each for start, each in things.items() if route.startswith(start)), [{}]):

        def value(match: re.Match[str], values: _Values = values) -> str:
            name = match["name"] or match["group"]
            if name not in values:
                raise SystemExit(f"{route}: say in tests/scan/addresses.py what its {name} may be")
            return values[name] + ("*" if match["kind"] in _FREE else "")

        yield "/" + _PARAMETER.sub(value, route).rstrip("$")
