"""How long a request is kept, by outcome, and that every outcome has a period."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as portal_settings
from django.core.checks import Tags, run_checks
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError

from inquiries import privacy
from inquiries.management.commands import purge_inquiries
from inquiries.models import Event, Inquiry, Job
from inquiries.outcomes import CHOSEN_OUTCOMES, Outcome
from inquiries.states import AttemptResult, State
from inquiries.triage import duplicates, steps
from inquiries.worker import jobs, worker
from portal.config.checks import every_outcome_is_kept_for_a_known_time
from portal.models import Role, User
from tests.factories import make_inquiry, make_staff
from tests.inquiries.privacy.erasing import close_as_duplicate

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
#: The periods in docs/operations/settings.md and of the privacy officer; six years:
#: 45 CFR 164.316(b)(2)(i).
PERIODS = {
    "answered": 2190,
    "referred": 2190,
    "unreachable": 365,
    "withdrawn": 90,
    "duplicate": 2190,
    "not_a_request": 30,
}
#: Values that nobody can mean as a number of days.
NONSENSE = [None, "", "30", 0, -1, -30, 1.5, True, float("nan"), 100_000, 10**9]


def make_closed(outcome: str, kept: timedelta) -> Inquiry:
    """Make a request that was closed this long before NOW."""
    owner = make_staff(Role.LEAD)
    with time_machine.travel(NOW - kept, tick=False):
        inquiry = make_inquiry(State.CLAIMED, owner=owner)
        if outcome == Outcome.UNREACHABLE:  # their only contact detail does not work
            wrong = {"method": "phone", "reached": AttemptResult.WRONG}
            inquiry = steps.log_attempt(inquiry, **wrong, version=inquiry.version, by=owner)
        if outcome == Outcome.DUPLICATE:
            return close_as_duplicate(inquiry, owner)
        return steps.close(inquiry, outcome=outcome, version=inquiry.version, by=owner)


def kept() -> set[str]:
    """Return the outcomes of closed requests that still exist."""
    return set(Inquiry.objects.filter(state=State.CLOSED).values_list("outcome", flat=True))


def set_days(settings: Any, outcome: str, *days: Any) -> None:
    """Set one outcome's period, or leave it out; every other outcome gets a year."""
    settings.RETENTION_DAYS = {
        **{each: 365 for each in Outcome.values if each != outcome},
        **({outcome: days[0]} if days else {}),
    }


# --- The periods as they are shipped --------------------------------------------------------------


def test_every_outcome_is_kept_as_long_as_documented() -> None:
    assert portal_settings.RETENTION_DAYS == PERIODS
    assert set(PERIODS) == set(Outcome.values)
    documents = Path(portal_settings.BASE_DIR) / "docs/operations/settings.md"
    told = ",".join(f"{outcome}={days}" for outcome, days in PERIODS.items())
    assert f"| `PORTAL_RETENTION_DAYS` | `{told}` |" in documents.read_text(encoding="utf-8")


def test_a_duplicate_is_kept_while_the_request_that_it_repeats_is_open(lead: User) -> None:
    """Somebody still works with what it says."""
    with time_machine.travel(NOW - timedelta(days=9_999), tick=False):
        first, again = make_inquiry(State.CLAIMED, owner=lead), make_inquiry()
        duplicates.link_duplicate(again, of=first, version=again.version, by=lead)
    with time_machine.travel(NOW, tick=False):
        assert privacy.purge_inquiries() == {}
        first.refresh_from_db()
        steps.close(first, outcome=Outcome.ANSWERED, version=first.version, by=lead)
        assert privacy.purge_inquiries() == {"duplicate": 1}


@pytest.mark.parametrize(("outcome", "days"), PERIODS.items())
def test_a_request_is_erased_when_its_period_ends_and_not_before(outcome: str, days: int) -> None:
    inquiry = make_closed(outcome, timedelta(days=days))
    with time_machine.travel(NOW, tick=False):
        assert privacy.purge_inquiries() == {}
    with time_machine.travel(NOW + timedelta(microseconds=1), tick=False):
        assert privacy.purge_inquiries() == {outcome: 1}
    inquiry.refresh_from_db()
    assert inquiry.state == State.ERASED


# --- An outcome of which nobody said how long -----------------------------------------------------


@pytest.mark.parametrize("outcome", CHOSEN_OUTCOMES)
def test_requests_without_a_period_stay_and_are_named_while_others_are_erased(
    settings: Any, outcome: str
) -> None:
    set_days(settings, outcome)
    for each in CHOSEN_OUTCOMES:
        make_closed(each, timedelta(days=9_999))
    events = Event.objects.count()
    out = StringIO()
    named = rf"these outcomes have no retention period: {outcome}\."
    with time_machine.travel(NOW, tick=False), pytest.raises(CommandError, match=named):
        call_command("purge_inquiries", "--dry-run", stdout=out)
    assert out.getvalue().endswith("4 requests would be erased\n")
    assert Event.objects.count() == events
    with time_machine.travel(NOW, tick=False), pytest.raises(CommandError, match=named):
        call_command("purge_inquiries", stdout=out)
    assert out.getvalue().endswith("4 requests erased\n")
    assert kept() == {outcome}


def test_the_command_erases_what_is_due_despite_other_check_errors(settings: Any) -> None:
    """This command runs even so; other commands refuse while a check reports an error."""
    set_days(settings, "referred")
    make_closed("withdrawn", timedelta(days=9_999))
    command = purge_inquiries.Command(stdout=StringIO())
    options = {"skip_checks": False, "force_color": False, "no_color": True, "dry_run": False}
    with time_machine.travel(NOW, tick=False), pytest.raises(CommandError, match="referred"):
        command.execute(**options)
    assert kept() == set()


@pytest.mark.parametrize("days", NONSENSE)
def test_an_invalid_period_erases_nothing(settings: Any, days: Any) -> None:
    set_days(settings, "withdrawn", days)
    make_closed("withdrawn", timedelta(days=9_999))
    with time_machine.travel(NOW, tick=False):
        assert privacy.purge_inquiries() == {}
    assert kept() == {"withdrawn"}


@pytest.mark.parametrize("days", [1, 99_999])
def test_the_shortest_and_longest_periods_work(settings: Any, days: int) -> None:
    set_days(settings, "withdrawn", days)
    assert privacy.retention_days("withdrawn") == days
    assert every_outcome_is_kept_for_a_known_time() == []
    with time_machine.travel(NOW, tick=False):
        assert privacy.purge_inquiries() == {}


def test_the_worker_erases_the_others_and_health_names_the_job(
    settings: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "JOBS", {"purge": jobs.JOBS["purge"]})
    set_days(settings, "referred")
    for outcome in ("referred", "withdrawn"):
        make_closed(outcome, timedelta(days=9_999))
    with time_machine.travel(NOW, tick=False):
        worker.work_once()
    assert kept() == {"referred"}
    assert not Job.objects.get(name="purge").went_well
    [told] = [record for record in caplog.records if "RETENTION_DAYS" in record.message]
    assert (told.levelname, vars(told)["kind"]) == ("ERROR", "referred")


def test_the_worker_succeeds_if_every_outcome_has_a_period() -> None:
    assert jobs.JOBS["purge"].do()


# --- Told before the site starts ------------------------------------------------------------------


def test_the_default_periods_pass_the_check() -> None:
    assert every_outcome_is_kept_for_a_known_time() == []


@pytest.mark.parametrize("outcome", Outcome.values)
def test_an_outcome_without_a_period_is_an_error_in_every_check(
    settings: Any, outcome: str
) -> None:
    set_days(settings, outcome)
    for found in (run_checks(), run_checks(tags=[Tags.security])):
        [error] = [each for each in found if str(each.id).startswith("portal.E02")]
        assert error.id == "portal.E020"
        assert repr(outcome) in error.msg
        assert "Add the outcome to RETENTION_DAYS" in str(error.hint)
    with pytest.raises(SystemCheckError, match=f"ended as '{outcome}'"):
        call_command("check")


@pytest.mark.parametrize("days", NONSENSE)
def test_an_invalid_period_is_an_error(settings: Any, days: Any) -> None:
    set_days(settings, "withdrawn", days)
    [error] = every_outcome_is_kept_for_a_known_time()
    assert error.id == "portal.E021"
    assert "'withdrawn'" in error.msg
    assert repr(days) in error.msg
    assert "from 1 to 99999" in str(error.hint)


def test_a_period_for_an_unknown_outcome_is_an_error(settings: Any) -> None:
    settings.RETENTION_DAYS = PERIODS | {"lost": 30}
    [error] = every_outcome_is_kept_for_a_known_time()
    assert error.id == "portal.E022"
    assert "'lost'" in error.msg
    assert "not_a_request" in str(error.hint)
