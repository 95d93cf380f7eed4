"""Notices to staff: who gets them, when, in one mail, and without a word about any sender."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.utils import timezone

from inquiries import privacy
from inquiries.intake import reception
from inquiries.intake.arrival import Arrival
from inquiries.mail import staff_notices
from inquiries.models import Clock, Inquiry, Notice
from inquiries.outcomes import Outcome
from inquiries.private_page import correspondence
from inquiries.states import ErasureReason, SpamSignal, State
from inquiries.team import availability
from inquiries.triage import leads, steps, sweep
from portal.models import Role, User
from tests.factories import (
    correct,
    make_absence,
    make_article,
    make_category,
    make_inquiry,
    make_staff,
    make_submission,
    make_task,
)
from tests.inquiries.mail.notices import CHIEF, OWNER, send_all, states, told
from tests.inquiries.mail.patient_mails import whole

pytestmark = pytest.mark.django_db

Kind = Notice.Kind
DANGER = "I have chest pain."
QUEUE = "https://portal.example/admin/inquiries/inquiry/"


def _given(owner: User, chief: User) -> Inquiry:
    inquiry = make_inquiry()
    return steps.reassign(inquiry, to=owner, version=inquiry.version, by=chief)


def _urgent(owner: User, chief: User) -> Inquiry:
    return make_inquiry(message=DANGER)


def _urgent_by_correction(owner: User, chief: User) -> Inquiry:
    return correct(make_inquiry(), make_submission(message=DANGER))


def _urgent_after_quarantine(owner: User, chief: User) -> Inquiry:
    inquiry = make_inquiry(State.QUARANTINED, message=DANGER)
    assert told() == set(), "a machine's wake nobody"
    return steps.clear_from_quarantine(inquiry, version=inquiry.version, by=chief)


def _wrote(owner: User, chief: User) -> Inquiry:
    return correspondence.write_message(make_inquiry(State.CLAIMED, owner=owner), text="Hello?")


def _wrote_of_danger(owner: User, chief: User) -> Inquiry:
    return correspondence.write_message(make_inquiry(State.CLAIMED, owner=owner), text=DANGER)


def _corrected(owner: User, chief: User) -> Inquiry:
    return correct(
        make_inquiry(State.WAITING, owner=owner), make_submission(message="And another thing.")
    )


def _not_answered(owner: User, chief: User) -> Inquiry:
    inquiry = make_inquiry(State.CONNECTED, owner=owner)
    return correspondence.say_whether_answered(inquiry, answered=False)


def _in_danger(owner: User, chief: User) -> Inquiry:
    inquiry = make_inquiry(State.CLAIMED, owner=owner)
    return steps.log_handover(inquiry, to="services", version=inquiry.version, by=owner)


URGENT = {(Kind.URGENT, OWNER), (Kind.URGENT, CHIEF)}


@pytest.mark.parametrize(
    ("happens", "expected"),
    [
        (_given, {(Kind.ASSIGNED, OWNER)}),
        (_urgent, URGENT),
        (_urgent_by_correction, URGENT),
        (_urgent_after_quarantine, {(Kind.URGENT, OWNER)}),
        (_wrote, {(Kind.WROTE, OWNER)}),
        (_wrote_of_danger, {*URGENT, (Kind.WROTE, OWNER)}),
        (_corrected, {(Kind.WROTE, OWNER)}),
        (_not_answered, {(Kind.WROTE, OWNER)}),
        (_in_danger, {(Kind.CRISIS, CHIEF)}),
    ],
)
def test_those_who_need_to_know_are_told_once_in_the_same_transaction(
    owner: User,
    chief: User,
    happens: Callable[[User, User], Inquiry],
    expected: set[tuple[str, str]],
) -> None:
    make_staff(Role.COORDINATOR)  # no email address
    make_staff(Role.COORDINATOR, email="gone@example.org", is_active=False)
    make_absence(make_staff(Role.COORDINATOR, email="away@example.org"))
    make_staff(Role.EDITOR, email="editor@example.org")
    with transaction.atomic():
        happens(owner, chief)
        assert told() == expected
        transaction.set_rollback(True)
    assert told() == set()


def test_people_are_not_notified_of_their_own_actions(owner: User, chief: User) -> None:
    inquiry = make_inquiry()
    inquiry = steps.reassign(inquiry, to=chief, version=inquiry.version, by=chief)
    steps.log_handover(inquiry, to="services", version=inquiry.version, by=chief)
    reception.receive_inquiry(make_submission(message=DANGER), Arrival(key="at-the-desk", by=chief))
    assert told() == {(Kind.URGENT, OWNER)}


def test_unowned_requests_notify_nobody_and_only_show_in_the_queue(owner: User) -> None:
    correspondence.write_message(make_inquiry(State.CLOSED, owner=owner), text="Hello again.")
    correspondence.write_message(make_inquiry(), text="Hello?")
    assert told() == set()


def test_danger_words_in_a_suspected_bots_text_alert_nobody(owner: User) -> None:
    inquiry = make_inquiry(State.QUARANTINED)
    correct(inquiry, make_submission(message=DANGER), signals={SpamSignal.TRAP})
    assert told() == set()
    correspondence.write_message(inquiry, text="I am a person.")
    assert told() == {(Kind.URGENT, OWNER)}


def test_if_everyone_is_away_all_are_told_of_danger_and_deadlines(owner: User) -> None:
    make_absence(owner, last_day=timezone.localdate() + timedelta(days=9))
    assert not availability.available_coordinators()
    make_inquiry(message=DANGER)
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        Clock.objects.update(warn_at=timezone.now(), due_at=timezone.now() + timedelta(minutes=1))
        sweep.warn_of_deadlines()
    kinds = Notice.objects.filter(user=owner).values_list("kind", flat=True)
    assert set(kinds) == {Notice.Kind.URGENT, Notice.Kind.DUE_SOON}


def test_an_approaching_and_a_missed_deadline_are_announced_once_each(
    owner: User, chief: User
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=owner)
    # One second before the end of its eight hours, then one second after.
    for seconds, expected in (
        (-1, {(Kind.DUE_SOON, OWNER)}),
        (1, {(Kind.DUE_SOON, OWNER), (Kind.OVERDUE, OWNER), (Kind.OVERDUE, CHIEF)}),
    ):
        with time_machine.travel(inquiry.due_at + timedelta(seconds=seconds), tick=False):
            sweep.warn_of_deadlines()
            sweep.warn_of_deadlines()
            assert told() == expected


def test_leads_are_told_of_deadlines_of_owners_without_an_email_address(chief: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=make_staff(Role.COORDINATOR))  # no email address
    with time_machine.travel(inquiry.due_at - timedelta(seconds=1), tick=False):
        sweep.warn_of_deadlines()
        assert told() == {(Kind.DUE_SOON, CHIEF)}
        (sent,) = send_all()
    assert inquiry.reference in whole(sent)


def test_one_email_lists_what_is_waiting_without_personal_details(owner: User, chief: User) -> None:
    canary = "Quillfeather"
    theirs = make_inquiry(
        State.CLAIMED,
        owner=owner,
        topic=make_category(f"Topic {canary}"),
        article=make_article(title=f"Article {canary}"),
        topic_name=f"Topic {canary}",
        full_name=f"Zora {canary}",
        patient_name=canary,
        message=f"{canary} hurts.",
        never_contact=canary,
        phone="(202) 555-0147",
        email=f"{canary}@ashgrove.example",
    )
    correspondence.write_message(theirs, text=f"{canary}! {DANGER}")
    given = _given(owner, chief)
    staff_notices.queue_notice(Kind.DIGEST, None, [owner])
    sent = {each.to[0]: each for each in send_all()}
    assert set(sent) == {OWNER, CHIEF}
    text = whole(sent[OWNER])
    assert sent[OWNER].subject == f"A new request may be urgent ({theirs.reference}) and 1 more"
    for inquiry in (theirs, given):
        assert inquiry.reference in text
        assert text.count(f"{QUEUE}{inquiry.pk}/change/") == 2, "in each of its two forms"
    for label in ("The sender wrote again", "A request was handed over to you", "Yours, open: 2"):
        assert label in text
    assert f"{QUEUE}?view=mine" in text
    assert "auto-generated" in text
    private = (canary, "Zora", "ZQ", "hurts", "chest", "555-0147", "ashgrove", "self", "phone")
    assert [word for word in private if word.lower() in text.lower()] == []
    assert send_all() == []
    assert set(states()) == {Notice.State.SENT}


def test_deadlines_are_given_in_clinic_time(owner: User) -> None:
    with time_machine.travel("2026-11-23T15:00:00Z", tick=False):
        inquiry = make_inquiry(State.CLAIMED, owner=owner)
        staff_notices.queue_notice(Kind.DUE_SOON, inquiry, [owner])
        (sent,) = send_all()
    due = "due by 5 p.m. Eastern on Tuesday, November 24"
    assert f"{inquiry.reference} ({due})" in whole(sent)


def test_long_lists_are_counted_instead_of_listed(owner: User) -> None:
    for _ in range(27):
        make_inquiry(message=DANGER)
    (sent,) = send_all()
    assert whole(sent).count("/change/") == 2 * 25
    assert "And 2 more" in whole(sent)
    make_inquiry(message=DANGER)
    assert send_all() == [], "whoever floods us floods no inbox"
    _given(owner, make_staff(Role.LEAD))
    assert len(send_all()) == 1, "and holds up nothing else"
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert len(send_all()) == 1


def _close(inquiry: Inquiry, owner: User) -> None:
    steps.close(
        inquiry,
        outcome=Outcome.ANSWERED,
        version=inquiry.version,
        by=owner,
        cancel_tasks=True,
    )


def _erase(inquiry: Inquiry, owner: User) -> None:
    by = make_staff(Role.PRIVACY)
    privacy.erase_inquiry(inquiry, reason=ErasureReason.ASKED, version=inquiry.version, by=by)


def _give_away(inquiry: Inquiry, owner: User) -> None:
    to = make_staff(Role.COORDINATOR)
    steps.reassign(inquiry, to=to, version=inquiry.version, by=owner)


def _release(inquiry: Inquiry, owner: User) -> None:
    steps.release(inquiry, version=inquiry.version, by=owner)


def _change(**fields: Any) -> Callable[[Inquiry, User], None]:
    def change(inquiry: Inquiry, owner: User) -> None:
        User.objects.filter(pk=owner.pk).update(**fields)

    return change


#: About requests and the day. For those about an account, see tests/portal/accounts.
ALL = set(Kind) - Notice.ABOUT_ACCOUNT
#: The tasks of a request go with it to whoever owns it then.
TASKS = (Kind.TASK_GIVEN, Kind.TASK_DUE, Kind.TASK_OVERDUE)
#: What happens before the notices are sent, and which are still sent.
MEANWHILE = [
    (_close, {Kind.CRISIS, Kind.DIGEST}),
    (_erase, {Kind.DIGEST}),
    (_give_away, ALL - {Kind.ASSIGNED, Kind.WROTE, Kind.DUE_SOON, *TASKS}),
    (_release, ALL - {Kind.ASSIGNED, Kind.WROTE, *TASKS}),
    (_change(is_active=False), set()),
    (_change(role=Role.EDITOR), set()),
    (_change(email=""), set()),
    (_change(first_name="Same"), ALL),
]


@pytest.mark.parametrize(("happens", "expected"), MEANWHILE)
def test_notices_no_longer_needed_are_dropped(
    owner: User, happens: Callable[[Inquiry, User], None], expected: set[Kind]
) -> None:
    make_inquiry()  # something for the digest to report
    inquiry = make_task(by=owner).inquiry
    inquiry = leads.ask_lead(inquiry, version=inquiry.version, by=owner)
    for kind in ALL:
        staff_notices.queue_notice(kind, None if kind == Kind.DIGEST else inquiry, [owner])
    happens(inquiry, owner)
    send_all()
    sent = Notice.objects.filter(state=Notice.State.SENT).values_list("kind", flat=True)
    assert set(sent) == expected
    dropped = Notice.objects.filter(state=Notice.State.DROPPED).values_list("kind", flat=True)
    assert set(dropped) == ALL - expected
    assert len(mail.outbox) == bool(expected)
