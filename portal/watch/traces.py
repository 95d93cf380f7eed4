"""Sends a span for each answer to a server that speaks OpenTelemetry (OTLP over HTTP, as JSON).

https://opentelemetry.io/docs/specs/otlp/#otlphttp. A span has the pattern of the route, the status,
and the time that it took. The library is not used, for the reason given in `portal.watch.errors`.
A visitor's own trace id is ignored, as their request id is: it would let them write into ours.
"""

import json
import secrets
import time
from typing import Any

from portal import __version__
from portal.http import logs
from portal.http.logs import Route
from portal.watch.outbound import Outbound

#: SPAN_KIND_SERVER, STATUS_CODE_UNSET and STATUS_CODE_ERROR of the protocol.
_SERVER, _UNSET, _ERROR = 2, 0, 2
_FAULT = 500


def make_span(route: Route, status: int, seconds: float, *, is_kept: bool) -> dict[str, Any]:
    """Make the span of an answer that has just been given."""
    ended = time.time_ns()
    return {
        "traceId": secrets.token_hex(16),
        "spanId": secrets.token_hex(8),
        "name": str(route) or "/",
        "kind": _SERVER,
        "startTimeUnixNano": str(ended - int(seconds * 1e9)),
        "endTimeUnixNano": str(ended),
        "attributes": [
            {"key": "http.route", "value": {"stringValue": str(route) or "/"}},
            {"key": "http.response.status_code", "value": {"intValue": str(status)}},
            {"key": "portal.page", "value": {"stringValue": "kept" if is_kept else "made"}},
        ],
        "status": {"code": _ERROR if status >= _FAULT else _UNSET},
    }


def start(endpoint: str, part: str) -> None:
    resource = {"service.name": f"portal-{part}", "service.version": __version__}
    about = [{"key": key, "value": {"stringValue": said}} for key, said in resource.items()]

    def encode(spans: list[dict[str, Any]]) -> bytes:
        scope = {"scope": {"name": "portal"}, "spans": spans}
        told = {"resource": {"attributes": about}, "scopeSpans": [scope]}
        return json.dumps({"resourceSpans": [told]}).encode()

    outbound = Outbound(
        f"{endpoint.rstrip('/')}/v1/traces", {"Content-Type": "application/json"}, encode, most=100
    )
    logs.listeners.append(
        lambda route, status, seconds, is_kept: outbound.put(
            make_span(route, status, seconds, is_kept=is_kept)
        )
    )
