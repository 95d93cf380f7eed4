"""Benchmark data in large amounts: several processes create it, and nothing is lost."""

import pytest
from django.core.management import call_command
from django.db import connection

from inquiries.ledger.verification import verify_ledger
from inquiries.models import Inquiry
from tests.bench import inquiries, inquiry_shares, shares
from tests.factories import make_staff

pytestmark = pytest.mark.django_db(transaction=True)


def test_several_processes_build_one_intact_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inquiry_shares, "BATCH", 5)
    assert shares.may_share() == (connection.vendor == "postgresql")
    call_command("bench_data", inquiries=23, verbosity=0)
    assert Inquiry.objects.count() == 23
    assert verify_ledger().faults == []


def test_the_next_run_fills_in_what_a_stopped_process_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inquiry_shares, "BATCH", 5)
    monkeypatch.setattr(shares, "may_share", lambda: False)
    assert inquiries.write(range(6, 11), [make_staff("coordinator").pk]) == 5
    call_command("bench_data", inquiries=12, verbosity=0)
    assert Inquiry.objects.count() == 12
    assert inquiries.next_number() == 13
    assert verify_ledger().faults == []
