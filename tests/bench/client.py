"""A browser behind the proxy, over one connection that stays open: it sends what browsers send."""

import gzip
import http.client
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

import brotli
from bs4 import BeautifulSoup, Tag

from tests.bench.visitor import HOST

#: Half of the time after which the server closes an idle connection.
_IDLE_SECONDS = 5
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?')


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def body_text(self) -> str:
        content = self.body
        if self.headers.get("Content-Encoding") == "br":
            content = brotli.decompress(content)
        elif self.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        return content.decode()


@dataclass
class Client:
    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        self._last_asked = 0.0

    def get(self, address: str, encoding: str = "br, gzip", **headers: str) -> Answer:
        return self._ask("GET", address, None, {"Accept-Encoding": encoding, **headers})

    def post(self, address: str, typed: Mapping[str, str | list[str]]) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", address, urlencode(typed, doseq=True).encode(), kind)

    def _ask(
        self, method: str, address: str, body: bytes | None, headers: dict[str, str]
    ) -> Answer:
        sent = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "203.0.113.9",
            "Referer": f"https://{HOST}{address.partition('?')[0]}",
            **headers,
        }
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if time.monotonic() - self._last_asked > _IDLE_SECONDS:
            self._line.close()  # as the server would; the next request reconnects
        self._last_asked = time.monotonic()
        self._line.request(method, address, body, sent)
        with self._line.getresponse() as response:
            answer = Answer(response.status, response.headers, response.read())
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer


def hidden_fields(page: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in HIDDEN.findall(page)}


def filled_in(page: str) -> dict[str, str | list[str]]:
    """Return what the form of an article's page would send unchanged."""
    soup = BeautifulSoup(page, "html.parser")
    form = soup.find("form", id="writing")
    assert isinstance(form, Tag)
    typed: dict[str, str | list[str]] = {}
    for each in form.find_all(["input", "textarea", "select"]):
        name = str(each.get("name", ""))
        if each.name == "textarea":
            typed[name] = each.get_text().removeprefix("\n")
        elif each.name == "select":
            chosen = each.find_all("option", selected=True)
            typed[name] = [str(option.get("value", "")) for option in chosen]
        elif each.get("type") == "checkbox":
            if each.has_attr("checked"):
                typed.setdefault(name, [])
                typed[name] = [*typed[name], str(each.get("value", "on"))]
        elif each.get("type") not in {"radio", "submit"} or each.has_attr("checked"):
            typed[name] = str(each.get("value", ""))
    typed.pop("", None)
    return typed
