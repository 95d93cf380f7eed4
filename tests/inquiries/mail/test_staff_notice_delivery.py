"""No notice to staff is lost, and there are not too many."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from inquiries.mail import staff_notices
from inquiries.models import Delivery, Notice
from inquiries.states import State
from inquiries.worker import worker
from portal.models import Role, User
from tests.concurrency import together
from tests.factories import make_inquiry, make_notice, make_staff
from tests.inquiries.mail.notices import CHIEF, OWNER, send_all, states
from tests.inquiries.mail.patient_mails import DOWN, fail

pytestmark = pytest.mark.django_db

DANGER = "I have chest pain."


def test_a_mail_server_that_is_down_is_retried(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_notice(owner, make_inquiry(State.CLAIMED, owner=owner))
    with monkeypatch.context() as broken:
        fail(broken, DOWN)
        assert send_all() == []
    notice = Notice.objects.get()
    assert (notice.state, notice.attempts, notice.failure) == ("waiting", 1, "unreachable")
    with time_machine.travel(timezone.now() + timedelta(minutes=1, seconds=1)):
        assert len(send_all()) == 1


def test_an_unsendable_notice_does_not_delay_patient_emails(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.filter(pk=owner.pk).update(email="owner@example.org\nBcc: all@example.org")
    make_inquiry(contact_method="email", email="ana@example.org")
    owner.refresh_from_db()
    make_notice(owner, make_inquiry(State.CLAIMED, owner=owner))
    assert send_all() == []
    assert [each.to for each in mail.outbox] == [["ana@example.org"]]
    assert states() == [Notice.State.FAILED]
    assert Delivery.objects.get().state == Delivery.State.SENT


def test_a_killed_workers_notices_are_picked_up_again(owner: User) -> None:
    make_notice(owner, make_inquiry(State.CLAIMED, owner=owner))
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        assert staff_notices.claim_batch(), "and then it was killed"
    with time_machine.travel(now + timedelta(minutes=4, seconds=59), tick=False):
        assert send_all() == []
    with time_machine.travel(now + timedelta(minutes=5), tick=False):
        assert len(send_all()) == 1


@pytest.mark.django_db(transaction=True)
def test_only_one_of_four_workers_sends_a_persons_notices(owner: User, chief: User) -> None:
    for _ in range(5):
        make_inquiry(message=DANGER)
    together(4, lambda number: worker._send_mails())
    assert sorted(each.to[0] for each in mail.outbox) == [CHIEF, OWNER]
    assert states() == [Notice.State.SENT] * 10


def test_notices_settled_long_ago_are_deleted(owner: User) -> None:
    make_notice(owner, make_inquiry(State.CLAIMED, owner=owner))
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        send_all()
    waiting = make_notice(make_staff(Role.COORDINATOR, email="another@example.org"))
    with time_machine.travel(now + timedelta(days=30), tick=False):
        staff_notices.delete_old_notices()
    assert Notice.objects.count() == 2
    with time_machine.travel(now + timedelta(days=30, seconds=1), tick=False):
        staff_notices.delete_old_notices()
    assert Notice.objects.get() == waiting


def test_the_next_email_of_a_kind_waits_two_minutes(owner: User) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        make_inquiry(message=DANGER)
        assert len(send_all()) == 1
        make_inquiry(message=DANGER)
    for seconds, mails in ((119, 0), (120, 1)):
        with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
            assert len(send_all()) == mails, seconds


def test_after_two_minutes_an_email_of_the_same_kind_goes_out_at_once(owner: User) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        make_inquiry(message=DANGER)
        assert len(send_all()) == 1
    with time_machine.travel(now + timedelta(minutes=2), tick=False):
        make_inquiry(message=DANGER)
        assert len(send_all()) == 1
