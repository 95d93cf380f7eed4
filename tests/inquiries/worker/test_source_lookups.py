"""The job that looks up sources: off by default, and patient with servers that are not ours."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from articles.models import Reference
from inquiries.models import Job
from inquiries.worker import health, jobs, worker
from portal.doctor.worker import sources_are_looked_up
from tests.factories import make_reference
from tests.ports import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def source(settings: Any) -> Reference:
    settings.LOOKUP_CROSSREF = f"http://127.0.0.1:{free_port()}"
    settings.LOOKUP_CONTACT = "library@clinic.example"
    return make_reference("gu-2014", doi="10.5555/cells.1")


def run() -> bool:
    """Run the job as the worker does, when it and the source are due."""
    now = timezone.now()
    Reference.objects.update(check_at=now - timedelta(minutes=1))
    Job.objects.update_or_create(name="sources", defaults={"due_at": now})
    worker.do_long_jobs()
    return Job.objects.get(name="sources").went_well


def test_nothing_leaves_the_site_unless_the_clinic_turns_it_on(source: Reference) -> None:
    """Security 6: without the setting, the worker doesn't even claim a source."""
    assert run()
    source.refresh_from_db()
    assert source.check_at < timezone.now()


def test_an_outage_is_a_problem_only_after_a_day(settings: Any) -> None:
    settings.SOURCE_LOOKUP = True
    assert run()
    since = Job.objects.get(name="sources").summary
    assert since
    assert run()
    assert Job.objects.get(name="sources").summary == since
    assert sources_are_looked_up() is None
    before = timezone.now() - jobs.UNANSWERED - timedelta(minutes=1)
    Job.objects.filter(name="sources").update(summary=before.isoformat())
    assert not run()
    assert "looking up sources" in health.check_health().trouble_labels
    problem = sources_are_looked_up()
    assert problem
    assert "No source could be looked up for a day" in problem.what
    settings.SOURCE_LOOKUP = False
    assert run()
    assert sources_are_looked_up() is None
    assert Job.objects.get(name="sources").summary == ""


def test_an_answer_ends_the_outage(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from articles.library.lookup import rounds

    settings.SOURCE_LOOKUP = True
    assert run()
    monkeypatch.setattr(rounds, "look_up_due_sources", lambda **kwargs: None)
    assert run()
    assert Job.objects.get(name="sources").summary, "nothing due says nothing"
    monkeypatch.setattr(rounds, "look_up_due_sources", lambda **kwargs: True)
    assert run()
    assert Job.objects.get(name="sources").summary == ""
