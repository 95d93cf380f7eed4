"""Checks of the site from outside: asks PORTAL_URL as a visitor's browser would."""

import http.client
import math
import ssl
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from portal.doctor import Problem, Untried, check, host

#: Seconds for each answer.
_PATIENCE = 5
#: A certificate should have been renewed by then, if it was made for much longer than that.
_LEAST_DAYS = 14
_LEAST_SHARE = 1 / 3
#: In seconds; what browsers' lists ask for is a year, and half of it is no accident.
_LEAST_HSTS = 180 * 24 * 60 * 60
_OTHER_NAME = "another-name.example"
# Of OpenSSL's X509_V_ERR_…: CERT_HAS_EXPIRED, HOSTNAME_MISMATCH, IP_ADDRESS_MISMATCH.
_VERDICTS = {10: "has expired", 62: "is for another name", 64: "is for another name"}


#: A PORTAL_URL where nobody answered in this run: asking again would only take time.
_gone: set[str] = set()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage

    @property
    def leads_to_https(self) -> bool:
        is_redirect = HTTPStatus.MULTIPLE_CHOICES <= self.status < HTTPStatus.BAD_REQUEST
        return is_redirect and self.headers.get("Location", "").startswith("https://")


class Unreachable(Exception):
    """Nobody answers there, as seen from this machine."""


def fetch(
    headers: Mapping[str, str] | None = None, *, scheme: str = "", port: int | None = None
) -> Answer:
    """Ask for the first page of PORTAL_URL. Raise Unreachable, or SSLError for its certificate.

    Its headers are as a visitor would make them up; `Host` is that of PORTAL_URL unless given.
    """
    url = urlsplit(settings.PORTAL_URL)
    with closing(_connection(scheme or url.scheme, port or url.port)) as connection:
        try:
            connection.request(
                "GET", f"{url.path}/", headers={"Host": url.netloc, **(headers or {})}
            )
            with connection.getresponse() as response:
                return Answer(response.status, response.headers)
        except ssl.SSLError:
            raise
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unreachable from error


def _connection(scheme: str, port: int | None) -> http.client.HTTPConnection:
    host = urlsplit(settings.PORTAL_URL).hostname or ""
    if scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=_PATIENCE, context=context)
    return http.client.HTTPConnection(host, port, timeout=_PATIENCE)


def _certificate() -> dict[str, Any]:
    """Return the certificate that visitors are shown. Raise SSLError, or Unreachable."""
    with closing(_connection("https", urlsplit(settings.PORTAL_URL).port)) as connection:
        try:
            connection.connect()
        except ssl.SSLError:
            raise
        except (OSError, ValueError) as error:
            raise Unreachable from error
        line: Any = connection.sock
        return line.getpeercert() or {}


def _expect_https() -> None:
    """Raise Untried where another check says that there is nothing to look at."""
    is_served = settings.HTTPS and urlsplit(settings.PORTAL_URL).scheme == "https"
    if not is_served or settings.PORTAL_URL in _gone:
        raise Untried


@check
def site_can_be_reached() -> Problem | None:
    """Advice only: from behind some firewalls, a machine can't see the site as visitors do."""
    _gone.clear()
    if settings.HTTPS and urlsplit(settings.PORTAL_URL).scheme != "https":
        return Problem(
            "PORTAL_URL doesn't start with https://, so links in emails lead over plain HTTP.",
            "Set PORTAL_URL to the https:// address of the site.",
        )
    _expect_https()
    try:
        answer = fetch()
    except Unreachable:
        _gone.add(settings.PORTAL_URL)
        return Problem(
            f"Nobody answers at {settings.PORTAL_URL}, as seen from {host()}. Its certificate and "
            "headers could not be checked.",
            "If the site is running, run the doctor on a machine that can reach it as visitors do.",
            is_advice=True,
        )
    except ssl.SSLError as error:
        raise Untried from error
    if answer.status == HTTPStatus.OK:
        return None
    return Problem(
        f"{settings.PORTAL_URL} answers with status {answer.status}.",
        "The proxy has to pass on the host name, which ALLOWED_HOSTS names, and to set "
        "X-Forwarded-Proto, which the site believes with PORTAL_BEHIND_PROXY=on.",
    )


@check
def certificate_is_valid() -> Problem | None:
    _expect_https()
    try:
        shown = _certificate()
    except Unreachable as error:
        raise Untried from error
    except ssl.SSLCertVerificationError as error:
        why = _VERDICTS.get(error.verify_code, "is not trusted")
        return Problem(
            f"The certificate of {settings.PORTAL_URL} {why}. Browsers refuse to show the site.",
            "Renew it, with the whole chain, and find out why that didn't happen by itself.",
        )
    except ssl.SSLError:
        return Problem(
            f"{settings.PORTAL_URL} doesn't speak TLS as browsers do.",
            "Turn on TLS 1.2 or 1.3 in the proxy.",
        )
    return _expires_soon(shown)


def _expires_soon(shown: dict[str, Any]) -> Problem | None:
    """Certificates that live for a few days only are renewed in their last third."""
    ends_at, began_at = (_read_time(shown[name]) for name in ("notAfter", "notBefore"))
    left = ends_at - timezone.now()
    if left.days >= _LEAST_DAYS or left > _LEAST_SHARE * (ends_at - began_at):
        return None
    return Problem(
        f"The certificate of {settings.PORTAL_URL} expires in {math.floor(left.days)} days.",
        "Renew it, and find out why that didn't happen by itself.",
    )


def _read_time(text: str) -> datetime:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC)


def _fetch_page(headers: Mapping[str, str] | None = None) -> Answer:
    """Raise Untried where another check says why there is no page to look at."""
    _expect_https()
    try:
        return fetch(headers)
    except (Unreachable, ssl.SSLError) as error:
        raise Untried from error


@check
def headers_protect_visitors() -> Problem | None:
    answer = _fetch_page()
    if answer.status != HTTPStatus.OK:
        raise Untried
    hsts = answer.headers.get("Strict-Transport-Security", "")
    ages = [word.partition("=")[2].strip('"') for word in hsts.split(";") if "max-age" in word]
    lasts = max((int(age) for age in ages if age.isdigit()), default=0)
    wrong = {
        "Strict-Transport-Security": lasts < _LEAST_HSTS,
        "Content-Security-Policy": "default-src"
        not in answer.headers.get("Content-Security-Policy", ""),
        "X-Content-Type-Options": answer.headers.get("X-Content-Type-Options") != "nosniff",
    }
    missing = [name for name, is_wrong in wrong.items() if is_wrong]
    if not missing:
        return None
    return Problem(
        f"Visitors don't get the portal's own headers: {', '.join(missing)}.",
        "Let the proxy pass them on as they are. Check that PORTAL_URL leads to this portal.",
    )


@check
def only_the_proxy_says_what_is_https() -> Problem | None:
    """A visitor who can set X-Forwarded-Proto is believed by the site.

    Said to come over plain HTTP, a request over HTTPS is redirected: then it got through.
    """
    answer = _fetch_page({"X-Forwarded-Proto": "http"})
    plain = _fetch_page()
    got_through = answer.leads_to_https and not plain.leads_to_https
    return _spoof_problem() if got_through else None


def _spoof_problem() -> Problem:
    return Problem(
        "The proxy passes on X-Forwarded-Proto from visitors, and the site believes it.",
        "Let the proxy set X-Forwarded-Proto and X-Forwarded-For itself, whatever a visitor sends.",
    )


@check
def other_names_are_refused() -> Problem | None:
    answer = _fetch_page({"Host": _OTHER_NAME})
    if answer.status != HTTPStatus.OK:
        return None
    return Problem(
        f"The site answers to any name, such as {_OTHER_NAME}.",
        "Let the proxy pass on the visitor's Host, and list the site's own in ALLOWED_HOSTS.",
    )


@check
def plain_http_leads_to_https() -> Problem | None:
    """Asks the usual port; where PORTAL_URL names a port of its own, there is no such address."""
    _expect_https()
    if urlsplit(settings.PORTAL_URL).port:
        raise Untried
    return examine_plain_http(port=http.client.HTTP_PORT)


def examine_plain_http(*, port: int) -> Problem | None:
    try:
        answers = [
            fetch(scheme="http", port=port),
            fetch({"X-Forwarded-Proto": "https"}, scheme="http", port=port),
        ]
    except Unreachable:
        return None  # nobody can read on the way what nobody serves
    plain, spoofed = answers
    if not plain.leads_to_https:
        return Problem(
            "The site answers over plain HTTP, where others can read and change what is sent.",
            "Let the proxy redirect http:// to https://.",
        )
    return None if spoofed.leads_to_https else _spoof_problem()
