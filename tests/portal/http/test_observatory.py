"""The site's score in the MDN HTTP Observatory."""

from http.cookies import SimpleCookie

import pytest
from bs4 import BeautifulSoup

from tests.portal.real_site import Site

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def observatory(site: Site) -> dict[str, int]:
    """Points by the Observatory's tests (rules version 5, mdn-http-observatory 1.4.8), from 100.

    If a rule has more than two grades, anything below the top two counts as the worst. The list of
    preloaded hosts, which only a real host can be on, would add five more.
    """
    home = site.ask("GET", "/")
    assert home.status == 200
    told = home.headers
    csp = dict(
        part.strip().partition(" ")[::2] for part in told["Content-Security-Policy"].split(";")
    )
    unsafe = ("unsafe", "data:", "http:", "https:", "*")
    is_strict = (
        csp.get("default-src") == "'none'"
        and csp.get("base-uri") in {"'none'", "'self'"}
        and csp.get("form-action") in {"'none'", "'self'"}
        and not any(word in value for word in unsafe for value in csp.values())
    )
    hsts = told["Strict-Transport-Security"].lower().split("; ")
    cookies = SimpleCookie("".join(told.get_all("Set-Cookie") or []))
    insecure = site.ask("GET", "/", headers={"X-Forwarded-Proto": "http"})
    preflight = site.ask("OPTIONS", "/", headers={"Origin": "https://elsewhere.example"})
    scripts = BeautifulSoup(home.text, "html.parser").select("script")
    allows = [*told.keys(), *preflight.headers.keys()]
    return {
        "content-security-policy": 10 if is_strict else -25,
        "cookies": 0 if not cookies else -40,
        "cross-origin-resource-sharing": -50 if "Access-Control-Allow-Origin" in allows else 0,
        "redirection": 0 if insecure.headers["Location"] == "https://portal.example/" else -20,
        "referrer-policy": 5 if told["Referrer-Policy"] in {"no-referrer", "same-origin"} else -5,
        "strict-transport-security": 0 if "max-age=31536000" in hsts else -20,
        "subresource-integrity": 0 if not scripts else -50,
        "x-content-type-options": 0 if told["X-Content-Type-Options"] == "nosniff" else -5,
        "x-frame-options": 5 if csp.get("frame-ancestors") in {"'none'", "'self'"} else -20,
        "cross-origin-resource-policy": (
            10 if told["Cross-Origin-Resource-Policy"] in {"same-origin", "same-site"} else 0
        ),
    }


def test_the_observatory_score_is_at_least_125_its_best_grade(site: Site) -> None:
    points = observatory(site)
    # Bonus points count only if the deductions leave at least 90.
    assert 100 + sum(each for each in points.values() if each < 0) >= 90
    assert 100 + sum(points.values()) >= 125, points


def test_the_site_qualifies_for_hsts_preloading(site: Site) -> None:
    """The terms of hstspreload.org: a year or more, all subdomains, and an explicit opt-in."""
    told = site.ask("GET", "/").headers["Strict-Transport-Security"]
    seconds, *rest = told.split("; ")
    assert int(seconds.removeprefix("max-age=")) >= 31536000
    assert rest == ["includeSubDomains", "preload"]
    insecure = site.ask("GET", "/articles/?page=2", headers={"X-Forwarded-Proto": "http"})
    assert insecure.status == 301
    assert insecure.headers["Location"] == "https://portal.example/articles/?page=2"
    assert "default-src 'none'" in insecure.headers["Content-Security-Policy"]
