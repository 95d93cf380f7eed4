"""What mail providers report by webhook: each of their forms, and who may report."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from inquiries.mail import bounces
from inquiries.models import Delivery
from inquiries.views.bounces import MAX_BODY
from tests.inquiries.mail.bounced import DOMAIN, send_confirmation, token_of

pytestmark = pytest.mark.django_db

URL = "/mail/bounces/"
SECRET = "only-for-this-test-0123456789-abcdefg"


@pytest.fixture(autouse=True)
def _webhook_is_on(settings: Any, tmp_path: Path) -> None:
    settings.RETURN_ADDRESS, settings.BOUNCE_SECRET = f"bounce@{DOMAIN}", SECRET
    settings.DATA_DIR = tmp_path


def send(client: Client, said: Any, **headers: str) -> int:
    body = said if isinstance(said, bytes | str) else json.dumps(said)
    given = headers or {"X-Bounce-Secret": SECRET}
    answer = client.post(URL, body, content_type="application/json", headers=given)
    assert not answer.cookies
    return answer.status_code


def ses(address: str, kind: str = "Permanent", subtype: str = "General", **first: str) -> Any:
    recipients = [{"emailAddress": "ana@example.com", **first}]
    bounce = {"bounceType": kind, "bounceSubType": subtype, "bouncedRecipients": recipients}
    return {"notificationType": "Bounce", "bounce": bounce, "mail": {"source": address}}


def sns(said: Any) -> Any:
    return {"Type": "Notification", "MessageId": "1", "Message": json.dumps(said)}


def postmark(address: str, kind: str = "HardBounce", **more: str) -> Any:
    metadata = {"bounce": token_of(address)}
    return {"RecordType": "Bounce", "Type": kind, "Metadata": metadata, **more}


def mailgun(address: str, event: str = "failed", severity: str = "permanent", **status: str) -> Any:
    data = {"event": event, "severity": severity, "delivery-status": status}
    return {"event-data": {**data, "user-variables": {"bounce": token_of(address)}}}


def sendgrid(address: str, event: str = "bounce", **more: str) -> Any:
    return [{"event": "delivered"}, {"event": event, "bounce": token_of(address), **more}]


FAILED: dict[str, tuple[Callable[[str], Any], str]] = {
    "Amazon SES": (ses, "bounced"),
    "Amazon SES, no address": (lambda to: ses(to, subtype="NoEmail"), "no_address"),
    "Amazon SES, suppressed": (lambda to: ses(to, subtype="Suppressed"), "no_address"),
    "Amazon SES, by status": (lambda to: ses(to, status="5.7.1"), "blocked"),
    "Amazon SES, gave up": (
        lambda to: ses(to, "Transient", "MailboxFull", action="failed"),
        "full",
    ),
    "Amazon SES, rejected": (
        lambda to: {"eventType": "Reject", "mail": {"source": to}},
        "blocked",
    ),
    "Amazon SES, in a header": (
        lambda to: {
            **ses(""),
            "mail": {"headers": [{"name": "X-PM-Metadata-Bounce", "value": token_of(to)}]},
        },
        "bounced",
    ),
    "Amazon SNS": (lambda to: sns(ses(to, status="5.1.1")), "no_address"),
    "Postmark": (postmark, "no_address"),
    "Postmark, full": (lambda to: postmark(to, "SoftBounce", Details="Mailbox full"), "full"),
    "Postmark, hard and full": (lambda to: postmark(to, Details="552 mailbox full"), "full"),
    "Postmark, blocked": (lambda to: postmark(to, "SpamNotification"), "blocked"),
    "Mailgun": (lambda to: mailgun(to, message="user unknown"), "no_address"),
    "Mailgun, full": (lambda to: mailgun(to, **{"enhanced-code": "5.2.2"}), "full"),
    "Mailgun, rejected": (lambda to: mailgun(to, event="rejected"), "blocked"),
    "SendGrid": (lambda to: sendgrid(to, status="5.1.1"), "no_address"),
    "SendGrid, blocked": (lambda to: sendgrid(to, type="blocked", reason="no"), "blocked"),
    "SendGrid, dropped": (lambda to: sendgrid(to, "dropped", reason="Bounced"), "bounced"),
}


@pytest.mark.parametrize("name", FAILED)
def test_the_reports_of_providers_fail_the_email_once(client: Client, name: str) -> None:
    make, failure = FAILED[name]
    inquiry, address = send_confirmation()
    assert [send(client, make(address)), send(client, make(address))] == [200, 200]
    delivery = inquiry.deliveries.get()
    assert (delivery.state, delivery.failure) == (Delivery.State.FAILED, failure)
    assert bounces.count_recent(1) == {"failed": 1, "repeated": 1}


OTHERS: dict[str, tuple[Callable[[str], Any], str]] = {
    "Amazon SES, late": (
        lambda to: {"eventType": "DeliveryDelay", "mail": {"source": to}},
        "delayed",
    ),
    "Amazon SES, away": (lambda to: ses(to, "Transient"), "delayed"),
    "Postmark, away": (lambda to: postmark(to, "AutoResponder"), "auto_reply"),
    "Postmark, late": (lambda to: postmark(to, "Transient"), "delayed"),
    "Postmark, unknown": (lambda to: postmark(to, "Unsubscribe"), "other"),
    "Mailgun, late": (lambda to: mailgun(to, severity="temporary"), "delayed"),
    "SendGrid, late": (lambda to: sendgrid(to, "deferred"), "delayed"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_delays_and_automatic_replies_are_only_counted(client: Client, name: str) -> None:
    make, result = OTHERS[name]
    inquiry, address = send_confirmation()
    assert send(client, make(address)) == 200
    assert inquiry.deliveries.get().state == Delivery.State.SENT
    assert bounces.count_recent(1) == {result: 1}


@pytest.mark.parametrize(
    "said",
    [
        {},
        [],
        '"text"',
        7,
        None,
        [None, 7, "text", {"event": 7}],
        {"notificationType": "Delivery"},
        {"Type": "Notification"},
        {"Type": "Notification", "Message": "not JSON"},
        {"Type": "Notification", "Message": "[" * 100_000},
        {"RecordType": "Open"},
        {"event-data": "failed"},
        {"event-data": {"event": "opened"}},
    ],
)
def test_security_9_other_reports_are_accepted_and_change_nothing(
    client: Client, said: Any
) -> None:
    assert send(client, said) == 200
    assert bounces.count_recent(1) == {}


@pytest.mark.parametrize(
    "said",
    [
        {"notificationType": "Bounce"},
        {"notificationType": "Bounce", "bounce": [], "mail": 7},
        {"RecordType": "Bounce", "Type": "HardBounce", "Metadata": 7},
        [{"event": "bounce"}],
    ],
)
def test_security_9_reports_without_a_signed_address_are_dropped(client: Client, said: Any) -> None:
    inquiry, _ = send_confirmation()
    assert send(client, said) == 200
    assert inquiry.deliveries.get().state == Delivery.State.SENT
    assert bounces.count_recent(1) == {"unsigned": 1}


def basic(password: str) -> str:
    return "Basic " + base64.b64encode(f"bounces:{password}".encode()).decode()


def test_security_9_only_who_has_the_secret_may_report(client: Client, settings: Any) -> None:
    inquiry, address = send_confirmation()
    refused: list[dict[str, str]] = [
        {"X-Other": "header"},
        {"X-Bounce-Secret": SECRET[:-1]},
        {"Authorization": f"Bearer {SECRET}x"},
        {"Authorization": basic("wrong")},
        {"Authorization": "Basic not-base64!"},
        {"Authorization": "Basic /w=="},
        {"Authorization": "Digest x"},
    ]
    assert [send(client, ses(address), **each) for each in refused] == [403] * len(refused)
    assert inquiry.deliveries.get().state == Delivery.State.SENT
    assert send(client, {}, Authorization=f"Bearer {SECRET}") == 200
    assert send(client, ses(address), Authorization=basic(SECRET)) == 200
    assert inquiry.deliveries.get().state == Delivery.State.FAILED
    settings.BOUNCE_SECRET = ""
    assert send(client, {}, **{"X-Bounce-Secret": ""}) == 404
    assert client.get(URL).status_code == 405


def test_security_9_what_is_not_json_or_too_large_is_refused(client: Client) -> None:
    assert send(client, "[" * 100_000) == 400
    assert send(client, b"\xff") == 400
    assert send(client, " " * (MAX_BODY + 1)) == 413


def test_a_browser_without_a_token_may_report_because_no_cookie_counts() -> None:
    client = Client(enforce_csrf_checks=True)
    assert send(client, {}) == 200


def test_the_address_that_confirms_amazons_subscription_is_kept_for_the_operator(
    client: Client, tmp_path: Path
) -> None:
    address = "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=abc"
    asks = {"Type": "SubscriptionConfirmation", "SubscribeURL": address}
    assert send(client, asks) == 200
    kept = tmp_path / "confirm-bounces.txt"
    assert kept.read_text() == f"{address}\n"
    for strange in (
        "https://example.com/?a=b",
        "http://sns.a.amazonaws.com/?a",
        f"{address}\n x",
    ):
        assert send(client, {**asks, "SubscribeURL": strange}) == 400
    assert kept.read_text() == f"{address}\n"


def test_security_6_nothing_of_a_report_is_logged(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    _, address = send_confirmation()
    with caplog.at_level("DEBUG"):
        send(client, ses(address, diagnosticCode="smtp; 550 ana@example.com unknown"))
    assert "ana" not in caplog.text
    assert token_of(address) not in caplog.text
