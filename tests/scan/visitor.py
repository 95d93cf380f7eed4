"""A visitor with a browser: cookies, the pages they see, and the forms and links on them."""

from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

from bs4 import BeautifulSoup, Tag

if TYPE_CHECKING:
    from tests.portal.accounts.devices import App

TOKEN = "csrfmiddlewaretoken"
#: What a form needs to be accepted; any other field keeps the page's value.
TYPED = {
    "full_name": "Ana Example",
    "phone": "(202) 555-0100",
    "email": "ana@example.com",
    "message": "I would like to understand my test results.",
    "text": "Call after five.",
    "q": "kidney",
    # Refused because they differ.
    "password1": "one password",
    "password2": "another one",
}


@dataclass(frozen=True)
class Target:
    """An address with the parameters that it takes, as `name, value` pairs."""

    method: str
    address: str
    fields: tuple[tuple[str, str], ...]
    page: str

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.fields) - {TOKEN}


class Visitor:
    def __init__(self, site: str, name: str = "anyone") -> None:
        self.site = site
        self.name = name
        self.jar = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self.jar))

    @property
    def cookies(self) -> str:
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)

    def open(self, address: str, fields: Any = None) -> tuple[str, str, int]:
        """Return the final address, its text and its status."""
        body = urlencode(fields).encode() if fields else None
        request = Request(urljoin(self.site, address), body, {"Referer": self.site})  # noqa: S310
        answer: HTTPResponse | HTTPError
        try:
            answer = self._opener.open(request, timeout=60)
        except HTTPError as error:
            answer = error
        with answer:
            return answer.url or "", answer.read().decode(errors="replace"), answer.status or 0

    def enter(self, name: str, password: str) -> str:
        """Send name and password, and return the address that this leads to."""
        form = next(each for each in self.targets("/accounts/login/") if "password" in each.names)
        typed = {**dict(form.fields), "login": name, "password": password}
        return self.open(form.address, typed)[0]

    def sign_in(self, name: str, password: str, app: "App | None" = None) -> None:
        led_to = self.enter(name, password)
        if "/mfa/authenticate/" in led_to and app:
            form = next(each for each in self.targets(led_to) if "code" in each.names)
            led_to = self.open(form.address, {**dict(form.fields), "code": app.code()})[0]
        if not self.is_signed_in():
            raise SystemExit(f"{name} could not sign in: {led_to}")

    def is_signed_in(self) -> bool:
        ended_at, _, status = self.open("/admin/")
        return status == 200 and "login" not in ended_at

    def targets(self, address: str) -> Iterator[Target]:
        """Yield the page if it has a query, its forms, and its links that have a query."""
        ended_at, text, _ = self.open(address)
        yield from _with_query(urljoin(self.site, address))
        if not text.lstrip().lower().startswith("<!doctype html"):
            return
        soup = BeautifulSoup(text, "html.parser")
        for form in soup.find_all("form"):
            action = urljoin(ended_at, str(form.get("action") or ended_at))
            method = str(form.get("method", "get")).upper()
            if method == "DIALOG":  # closes a window and sends nothing
                continue
            if method == "GET":  # its fields replace any existing query
                action = action.partition("?")[0]
            yield Target(method, action, tuple(_fields(form)), ended_at)
        for link in soup.find_all("a", href=True):
            action = urljoin(ended_at, str(link["href"]))
            if action.startswith(self.site):
                yield from _with_query(action)


def _with_query(address: str) -> Iterator[Target]:
    if query := urlsplit(address).query:
        fields = tuple(parse_qsl(query, keep_blank_values=True))
        yield Target("GET", address.partition("?")[0], fields, address)


def _fields(form: Tag) -> Iterator[tuple[str, str]]:
    """Yield what a browser would submit, with empty fields filled in."""
    for each in form.find_all(["input", "select", "textarea", "button"], attrs={"name": True}):
        name, kind = str(each["name"]), str(each.get("type", each.name))
        typed = TYPED.get(name.rpartition("-")[2], "")
        if kind == "radio":
            group = form.find_all("input", attrs={"name": name})
            # The checked option, or else the first.
            if each is next((one for one in group if one.has_attr("checked")), group[0]):
                yield name, str(each["value"])
        elif each.name == "select":
            options = each.find_all("option", selected=True) or each.find_all("option", value=True)
            values = [str(option["value"]) for option in options]
            yield name, next(filter(None, values), "")
        elif each.name == "textarea":
            yield name, each.get_text().strip("\n") or typed
        else:
            yield name, str(each.get("value") or ("on" if kind == "checkbox" else typed))
