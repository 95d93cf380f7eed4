"""The webhook at which a mail provider reports what came back. Loaded at its first report."""

import base64
import binascii
import json
import re
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from inquiries.mail.bounces import take_bounce
from inquiries.mail.provider_reports import read_reports, subscription_address

#: Bytes of one report, or of the lists that SendGrid sends.
MAX_BODY = 1_000_000
#: In the data folder: where an operator finds the address that confirms a subscription.
CONFIRM_FILE = "confirm-bounces.txt"
_AMAZON = re.compile(r"https://sns\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/\?[\x21-\x7e]{1,1900}")


def take_reports(request: HttpRequest) -> HttpResponse:
    """Take what a provider reports; nothing of it is logged or kept.

    If one can't be stored, the answer is an error, and the provider sends all of them again.
    """
    if not settings.BOUNCE_SECRET:
        raise Http404
    if not any(constant_time_compare(each, settings.BOUNCE_SECRET) for each in _secrets(request)):
        return _answer(HTTPStatus.FORBIDDEN)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY:
        return _answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        return _answer(HTTPStatus.BAD_REQUEST)
    if address := subscription_address(said):
        return _keep_for_operator(address)
    for bounce in read_reports(said):
        take_bounce(bounce)
    return _answer(HTTPStatus.OK)


def _secrets(request: HttpRequest) -> list[str]:
    """Return what the headers may give as the secret: alone, as a bearer, or as a password.

    Providers that allow no header of one's own take `https://bounces:SECRET@…`.
    """
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    found = [request.headers.get("X-Bounce-Secret", "")]
    if scheme.lower() == "bearer":
        found.append(value.strip())
    elif scheme.lower() == "basic":
        try:
            decoded = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            decoded = ""
        found.append(decoded.partition(":")[2])
    return found


def _keep_for_operator(address: str) -> HttpResponse:
    """Keep the address in a file: the portal opens nothing that someone sends it."""
    if not _AMAZON.fullmatch(address):
        return _answer(HTTPStatus.BAD_REQUEST)
    Path(settings.DATA_DIR, CONFIRM_FILE).write_text(f"{address}\n", encoding="utf-8")
    return _answer(HTTPStatus.OK)


def _answer(status: HTTPStatus) -> HttpResponse:
    return HttpResponse(f"{status.phrase}\n", status=status, content_type="text/plain")
