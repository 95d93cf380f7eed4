"""Notices to staff: to whom, when, in one mail, and with no word about anybody who asked."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone

from inquiries import privacy
from inquiries.deadlines import service_levels
from inquiries.intake import reception
from inquiries.intake.arrival import Arrival
from inquiries.mail import staff_notices
from inquiries.models import Clock, Delivery, Inquiry, Notice
from inquiries.outcomes import Outcome
from inquiries.private_page import correspondence
from inquiries.states import ErasureReason, SpamSignal, State
from inquiries.team import availability
from inquiries.triage import steps, sweep
from inquiries.worker import daily_digest, worker
from portal.models import Role, User
from tests.concurrency import together
from tests.factories import (
    correct,
    make_absence,
    make_article,
    make_category,
    make_inquiry,
    make_notice,
    make_servicelevel,
    make_specialday,
    make_staff,
    make_submission,
)
from tests.inquiries.mail.test_patient_mail import DOWN, fail, whole

pytestmark = pytest.mark.django_db

Kind = Notice.Kind
DANGER = "I have chest pain."
QUEUE = "https://portal.example/admin/inquiries/inquiry/"


@pytest.fixture(autouse=True)
def _mail_is_set(settings: Any) -> None:
    settings.EMAIL_IS_SET = True
    settings.PORTAL_URL = "https://portal.example"


@pytest.fixture
def owner(db: None) -> User:
    return make_staff(Role.COORDINATOR, email="owner@example.org")


@pytest.fixture
def chief(db: None) -> User:
    return make_staff(Role.LEAD, email="chief@example.org")


def told() -> set[tuple[str, str]]:
    rows = Notice.objects.values_list("kind", "user__email")
    assert len(rows) == len(set(rows)), "each once"
    return set(rows)


def send_all() -> list[EmailMultiAlternatives]:
    """To staff alone."""
    mail.outbox.clear()
    while worker._send_mails():
        pass
    sent = [each for each in mail.outbox if isinstance(each, EmailMultiAlternatives)]
    return [each for each in sent if "notice." in each.extra_headers["Message-ID"]]


def states() -> list[str]:
    return list(Notice.objects.order_by("pk").values_list("state", flat=True))


# --- Making them ----------------------------------------------------------------------------------


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


OWNER, CHIEF = "owner@example.org", "chief@example.org"
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
def test_who_has_to_know_is_told_once_in_the_same_transaction(
    owner: User,
    chief: User,
    happens: Callable[[User, User], Inquiry],
    expected: set[tuple[str, str]],
) -> None:
    make_staff(Role.COORDINATOR)  # without an address
    make_staff(Role.COORDINATOR, email="gone@example.org", is_active=False)
    make_absence(make_staff(Role.COORDINATOR, email="away@example.org"))
    make_staff(Role.EDITOR, email="editor@example.org")
    with transaction.atomic():
        happens(owner, chief)
        assert told() == expected
        transaction.set_rollback(True)
    assert told() == set()


def test_who_does_it_herself_is_not_told(owner: User, chief: User) -> None:
    inquiry = make_inquiry()
    inquiry = steps.reassign(inquiry, to=chief, version=inquiry.version, by=chief)
    steps.log_handover(inquiry, to="services", version=inquiry.version, by=chief)
    reception.receive_inquiry(make_submission(message=DANGER), Arrival(key="at-the-desk", by=chief))
    assert told() == {(Kind.URGENT, OWNER)}


def test_what_nobody_owns_is_told_to_nobody_but_by_the_queue(owner: User) -> None:
    correspondence.write_message(make_inquiry(State.CLOSED, owner=owner), text="Hello again.")
    correspondence.write_message(make_inquiry(), text="Hello?")
    assert told() == set()


def test_words_of_danger_in_what_is_held_for_a_machines_wake_nobody(owner: User) -> None:
    inquiry = make_inquiry(State.QUARANTINED)
    correct(inquiry, make_submission(message=DANGER), signals={SpamSignal.TRAP})
    assert told() == set()
    correspondence.write_message(inquiry, text="I am a person.")
    assert told() == {(Kind.URGENT, OWNER)}


def test_where_nobody_is_here_danger_and_deadlines_are_told_to_all(owner: User) -> None:
    make_absence(owner, last_day=timezone.localdate() + timedelta(days=9))
    assert not availability.available_coordinators()
    make_inquiry(message=DANGER)
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        Clock.objects.update(warn_at=timezone.now(), due_at=timezone.now() + timedelta(minutes=1))
        sweep.warn_of_deadlines()
    kinds = Notice.objects.filter(user=owner).values_list("kind", flat=True)
    assert set(kinds) == {Notice.Kind.URGENT, Notice.Kind.DUE_SOON}


def test_a_deadline_that_comes_near_and_passes_is_told_once_each(owner: User, chief: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=owner)
    # One second to its end, of eight hours; then one second after it.
    for seconds, expected in (
        (-1, {(Kind.DUE_SOON, OWNER)}),
        (1, {(Kind.DUE_SOON, OWNER), (Kind.OVERDUE, OWNER), (Kind.OVERDUE, CHIEF)}),
    ):
        with time_machine.travel(inquiry.due_at + timedelta(seconds=seconds), tick=False):
            sweep.warn_of_deadlines()
            sweep.warn_of_deadlines()
            assert told() == expected


def test_a_deadline_of_who_has_no_address_comes_near_for_the_leads(chief: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=make_staff(Role.COORDINATOR))  # without an address
    with time_machine.travel(inquiry.due_at - timedelta(seconds=1), tick=False):
        sweep.warn_of_deadlines()
        assert told() == {(Kind.DUE_SOON, CHIEF)}
        (sent,) = send_all()
    assert inquiry.reference in whole(sent)


# --- What it says ---------------------------------------------------------------------------------


def test_one_mail_lists_what_waits_and_says_no_word_of_anybody(owner: User, chief: User) -> None:
    canary = "Quillfeather"
    hers = make_inquiry(
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
    correspondence.write_message(hers, text=f"{canary}! {DANGER}")
    given = _given(owner, chief)
    staff_notices.queue_notice(Kind.DIGEST, None, [owner])
    sent = {each.to[0]: each for each in send_all()}
    assert set(sent) == {OWNER, CHIEF}
    text = whole(sent[OWNER])
    assert sent[OWNER].subject == f"A new request may be urgent ({hers.reference}) and 1 more"
    for inquiry in (hers, given):
        assert inquiry.reference in text
        assert text.count(f"{QUEUE}{inquiry.pk}/change/") == 2, "in each of its two forms"
    for label in ("Somebody wrote again", "A request was handed to you", "Yours, open: 2"):
        assert label in text
    assert f"{QUEUE}?view=mine" in text
    assert "auto-generated" in text
    private = (canary, "Zora", "ZQ", "hurts", "chest", "555-0147", "ashgrove", "self", "phone")
    assert [word for word in private if word.lower() in text.lower()] == []
    assert send_all() == []
    assert set(states()) == {Notice.State.SENT}


def test_what_is_due_is_said_with_its_time_on_the_clinics_clock(owner: User) -> None:
    with time_machine.travel("2026-11-23T15:00:00Z", tick=False):
        inquiry = make_inquiry(State.CLAIMED, owner=owner)
        staff_notices.queue_notice(Kind.DUE_SOON, inquiry, [owner])
        (sent,) = send_all()
    assert re.search(rf"{inquiry.reference}, due Tue 24 Nov, 17:00 EST", whole(sent))


def test_very_many_are_counted_and_not_listed(owner: User) -> None:
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


# --- Who gets it ----------------------------------------------------------------------------------


def _close(inquiry: Inquiry, owner: User) -> None:
    steps.close(inquiry, outcome=Outcome.ANSWERED, version=inquiry.version, by=owner)


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


ALL = set(Kind)
#: What happens meanwhile, and what is still told.
MEANWHILE = [
    (_close, {Kind.CRISIS, Kind.DIGEST}),
    (_erase, {Kind.DIGEST}),
    (_give_away, ALL - {Kind.ASSIGNED, Kind.WROTE, Kind.DUE_SOON}),
    (_release, ALL - {Kind.ASSIGNED, Kind.WROTE}),
    (_change(is_active=False), set()),
    (_change(role=Role.EDITOR), set()),
    (_change(email=""), set()),
    (_change(first_name="Same"), ALL),
]


@pytest.mark.parametrize(("happens", "expected"), MEANWHILE)
def test_what_is_not_needed_any_more_is_dropped(
    owner: User, happens: Callable[[Inquiry, User], None], expected: set[Kind]
) -> None:
    make_inquiry()  # for the digest to tell of
    inquiry = make_inquiry(State.CLAIMED, owner=owner)
    for kind in Kind:
        staff_notices.queue_notice(kind, None if kind == Kind.DIGEST else inquiry, [owner])
    happens(inquiry, owner)
    send_all()
    sent = Notice.objects.filter(state=Notice.State.SENT).values_list("kind", flat=True)
    assert set(sent) == expected
    dropped = Notice.objects.filter(state=Notice.State.DROPPED).values_list("kind", flat=True)
    assert set(dropped) == ALL - expected
    assert len(mail.outbox) == bool(expected)


# --- None lost ------------------------------------------------------------------------------------


def test_a_mail_server_that_is_down_is_tried_again(
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


def test_patients_are_not_kept_waiting_by_a_notice_that_cannot_be_sent(
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


def test_what_a_killed_worker_had_is_taken_up_again(owner: User) -> None:
    make_notice(owner, make_inquiry(State.CLAIMED, owner=owner))
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        assert staff_notices.claim_batch(), "and then it was killed"
    with time_machine.travel(now + timedelta(minutes=4, seconds=59), tick=False):
        assert send_all() == []
    with time_machine.travel(now + timedelta(minutes=5), tick=False):
        assert len(send_all()) == 1


@pytest.mark.django_db(transaction=True)
def test_of_four_workers_one_sends_all_that_is_hers(owner: User, chief: User) -> None:
    for _ in range(5):
        make_inquiry(message=DANGER)
    together(4, lambda number: worker._send_mails())
    assert sorted(each.to[0] for each in mail.outbox) == [CHIEF, OWNER]
    assert states() == [Notice.State.SENT] * 10


def test_what_was_settled_long_ago_is_forgotten(owner: User) -> None:
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


def test_the_next_mail_of_a_kind_waits_two_minutes(owner: User) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        make_inquiry(message=DANGER)
        assert len(send_all()) == 1
        make_inquiry(message=DANGER)
    for seconds, mails in ((119, 0), (120, 1)):
        with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
            assert len(send_all()) == mails, seconds


def test_a_mail_of_the_same_kind_goes_at_once_when_two_minutes_have_passed(owner: User) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        make_inquiry(message=DANGER)
        assert len(send_all()) == 1
    with time_machine.travel(now + timedelta(minutes=2), tick=False):
        make_inquiry(message=DANGER)
        assert len(send_all()) == 1


# --- The morning ----------------------------------------------------------------------------------

#: A Monday, the Thanksgiving after it, and a Saturday; the clinic opens at 14:00 UTC.
MONDAY, HOLIDAY, SATURDAY = (datetime(2026, 11, day, 14, 30, tzinfo=UTC) for day in (23, 26, 28))


def test_each_who_is_here_gets_one_digest_a_working_day(owner: User, chief: User) -> None:
    make_staff(Role.COORDINATOR)  # without an address
    away = make_staff(Role.COORDINATOR, email="away@example.org")
    make_absence(away, first_day=MONDAY.date(), last_day=MONDAY.date())
    for at, expected in (
        (MONDAY - timedelta(hours=2), 0),
        (MONDAY - timedelta(hours=1), 2),
        (MONDAY, 0),
        (MONDAY + timedelta(hours=9), 0),
        (MONDAY + timedelta(days=1), 3),
        (HOLIDAY, 0),
        (SATURDAY, 0),
    ):
        with time_machine.travel(at, tick=False):
            assert daily_digest.queue_digests() == expected, at
            Notice.objects.filter(state="waiting").update(state="dropped", settled_at=at)


@time_machine.travel(MONDAY, tick=False)
def test_a_day_on_which_the_clinic_is_closed_begins_with_no_mail(owner: User) -> None:
    assert daily_digest.queue_digests() == 1
    Notice.objects.all().delete()
    make_specialday(make_servicelevel().calendar, day=MONDAY.date(), name="Moving house")
    service_levels.clear_cache()
    assert daily_digest.queue_digests() == 0


def test_one_of_yesterday_that_could_not_be_sent_stands_for_todays(owner: User) -> None:
    with time_machine.travel(MONDAY, tick=False):
        make_inquiry()
        daily_digest.queue_digests()
    with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
        assert daily_digest.queue_digests() == 0
        (sent,) = send_all()
        assert daily_digest.queue_digests() == 0
    assert sent.subject == "What the day brings"


@pytest.mark.django_db(transaction=True)
def test_of_four_workers_one_makes_each_digest(
    owner: User, chief: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, abreast = availability.available_coordinators(), Barrier(4, timeout=20)

    def colleagues() -> list[User]:
        abreast.wait()
        return here

    monkeypatch.setattr(availability, "available_coordinators", colleagues)
    with time_machine.travel(MONDAY):
        together(4, lambda number: daily_digest.queue_digests())
        assert told() == {(Kind.DIGEST, OWNER), (Kind.DIGEST, CHIEF)}


@time_machine.travel(MONDAY, tick=False)
def test_it_says_how_many_and_where(owner: User, chief: User) -> None:
    late, due = (make_inquiry(State.CLAIMED, owner=owner) for _ in range(2))
    make_inquiry(State.QUARANTINED)
    make_inquiry()
    orphaned = make_inquiry(State.CLAIMED)
    assert orphaned.owner
    make_absence(orphaned.owner)
    Inquiry.objects.filter(pk=late.pk).update(due_at=MONDAY - timedelta(hours=1))
    Inquiry.objects.filter(pk=due.pk).update(due_at=MONDAY + timedelta(hours=1))
    daily_digest.queue_digests()
    sent = {each.to[0]: whole(each) for each in send_all()}
    hers = {
        "Yours, open: 2": "?view=mine",
        "Yours, overdue: 1": "?view=mine",
        "Yours, due today: 1": "?view=mine",
        "Unclaimed: 1": "?view=unclaimed",
        "In quarantine: 1": "?view=quarantine",
    }
    for line, where in hers.items():
        assert f"{line}\n{QUEUE}{where}\n" in sent[OWNER]
    assert "in all" not in sent[OWNER]
    assert f"Overdue in all: 1\n{QUEUE}?view=overdue\n" in sent[CHIEF]
    assert f"Forgotten: 1\n{QUEUE}limbo/\n" in sent[CHIEF]


@time_machine.travel(MONDAY, tick=False)
def test_where_nothing_waits_no_mail_is_sent(owner: User, chief: User) -> None:
    daily_digest.queue_digests()
    assert send_all() == []
    assert states() == [Notice.State.DROPPED] * 2
