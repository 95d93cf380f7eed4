"""Entries and anchors that were made long ago."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine

from inquiries.ledger import anchor_lines, anchors, audit_trail
from inquiries.models import AuditEntry


def days_ago(days: float) -> datetime:
    """Count back from the last noon, so that parts of a day are one day whenever a test runs."""
    now = datetime.now(UTC)
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0)
    return (noon if noon <= now else noon - timedelta(days=1)) - timedelta(days=days)


def add_entries(count: int, *, days: float) -> None:
    with time_machine.travel(days_ago(days), tick=False):
        for _ in range(count):
            audit_trail.record_entry(AuditEntry.Kind.SEARCHED, found=1)


def anchor_on(days: float) -> anchor_lines.Anchor:
    with time_machine.travel(days_ago(days), tick=False):
        audit_trail.record_entry(AuditEntry.Kind.SEARCHED, found=1)
        anchor = anchors.write_anchor()
    assert anchor
    return anchor


def lines() -> list[dict[str, Any]]:
    return [json.loads(line) for line in anchor_lines.anchors_path().read_text().splitlines()]
