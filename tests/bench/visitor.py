"""Requests to a WSGI application in this process, which load nothing that a server would not."""

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import urlencode

HOST = "portal.example"
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?')

Application = Callable[..., Any]


class Visitor:
    """A browser that keeps cookies and sends a form with its hidden fields."""

    def __init__(self, application: Application, cookies: dict[str, str] | None = None) -> None:
        self._application = application
        self.cookies = dict(cookies or {})

    def get(self, address: str) -> tuple[int, str]:
        return self._ask("GET", address)

    def post(self, address: str, page: str, typed: dict[str, str]) -> tuple[int, str]:
        """Send the form of `page` with what was typed."""
        hidden = {name: unescape(value) for name, value in _HIDDEN.findall(page)}
        return self._ask("POST", address, urlencode({**hidden, **typed}).encode())

    def _ask(self, method: str, address: str, body: bytes = b"") -> tuple[int, str]:
        path, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": HOST,
            "SERVER_PORT": "443",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "203.0.113.9",
            "CONTENT_TYPE": "application/x-www-form-urlencoded" if body else "",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_HOST": HOST,
            "HTTP_REFERER": f"https://{HOST}{path}",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "wsgi.url_scheme": "https",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
        }
        status = 0

        def start(line: str, headers: list[tuple[str, str]], *rest: Any) -> None:
            nonlocal status
            status = int(line.split(maxsplit=1)[0])
            for name, value in headers:
                if name == "Set-Cookie":
                    cookie, _, kept = value.split(";")[0].partition("=")
                    self.cookies[cookie] = kept

        answer = self._application(environ, start)
        try:
            return status, b"".join(answer).decode(errors="replace")
        finally:
            if close := getattr(answer, "close", None):
                close()
