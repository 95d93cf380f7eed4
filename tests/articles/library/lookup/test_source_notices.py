"""What became of a source is recorded, and proposed to people who decide."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from articles import library
from articles.library import source_notices
from articles.library.lookup.findings import FoundNotice
from articles.models import Proposal, Reference, SourceNotice
from articles.rendering.library_snapshot import Standing
from articles.states import StepRefused
from portal.models import Role, User
from tests.articles.library.lookup.stand_in import DOI, NOTICE
from tests.concurrency import together
from tests.factories import make_article, make_category, make_reference, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Reference:
    return make_reference("gu-2014", title="Cells", doi=DOI)


def waiting() -> list[Proposal]:
    return list(Proposal.objects.waiting())


def record(source: Reference, *notices: FoundNotice, missing: tuple[str, ...] = ()) -> None:
    source_notices.record_check(source, missing=missing, notices=notices, now=timezone.now())


def test_a_weaker_warning_does_not_replace_a_stronger_one(source: Reference) -> None:
    record(source, FoundNotice("retraction", NOTICE))
    record(source, FoundNotice("concern", "10.5555/earlier"))
    [proposal] = waiting()
    assert proposal.after["standing"] == "retracted"


def test_a_stronger_warning_replaces_a_weaker_one(source: Reference) -> None:
    record(source, FoundNotice("concern", "10.5555/earlier"))
    assert waiting()[0].after["standing"] == "disputed"
    record(source, FoundNotice("retraction", NOTICE))
    [proposal] = waiting()
    assert proposal.after["standing"] == "retracted"


def test_a_warning_of_a_colleague_is_not_pushed_aside(source: Reference, editor: User) -> None:
    """What they wrote waits for a second person; the notice waits until that is decided."""
    library.set_standing(
        source, standing=Standing.DISPUTED, note="Doubts.", version=source.version, by=editor
    )
    [theirs] = waiting()
    source.refresh_from_db()
    record(source, FoundNotice("retraction", NOTICE))
    assert waiting() == [theirs]
    source.refresh_from_db()
    assert source.check_at < timezone.now() + timedelta(days=2), "it is tried again soon"
    library.approve_proposal(theirs, by=make_staff(Role.REVIEWER))
    source.refresh_from_db()
    record(source)
    [ours] = waiting()
    assert ours.after == {"standing": "retracted", "standing_note": ""}


def test_someone_who_proposes_at_the_same_moment_goes_first(
    source: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise StepRefused("Someone just proposed a change.")

    with monkeypatch.context() as patch:
        patch.setattr(source_notices, "propose_change", refuse)
        record(source, FoundNotice("retraction", NOTICE))
    assert SourceNotice.objects.unproposed().count() == 1
    record(source)
    assert len(waiting()) == 1


def test_a_correction_is_no_warning_and_stays_until_somebody_read_it(
    source: Reference, editor: User
) -> None:
    """Promise 3: most corrections change a name or a table, so “disputed” would be untrue."""
    record(source, FoundNotice("correction", NOTICE))
    assert waiting() == []
    assert list(Reference.objects.corrected()) == [source]
    with pytest.raises(StepRefused, match="Only editors and medical reviewers"):
        source_notices.mark_corrections_read(source, by=make_staff(Role.COORDINATOR))
    source_notices.mark_corrections_read(source, by=editor)
    notice = SourceNotice.objects.get()
    assert (notice.settled_by, str(notice)) == (editor, f"Correction {NOTICE}")
    record(source, FoundNotice("correction", NOTICE))
    assert list(Reference.objects.corrected()) == []


def test_a_source_whose_number_changed_meanwhile_is_asked_about_again(
    source: Reference, editor: User
) -> None:
    """What was heard about the old number says nothing about the new one."""
    record(source, missing=(f"DOI {DOI}",))
    source.refresh_from_db()
    changed = Reference(title="Cells", key="gu-2014", doi="10.5555/right").as_source()
    edited = library.edit_reference(source, changed, version=source.version, by=editor)
    assert edited.missing_since is None
    assert edited.check_at <= timezone.now()
    record(source, FoundNotice("retraction", NOTICE), missing=(f"DOI {DOI}",))
    edited.refresh_from_db()
    assert (edited.missing_since, edited.notices.count(), waiting()) == (None, 0, [])


def test_a_number_that_a_second_person_approved_is_looked_up(
    source: Reference, reviewer: User
) -> None:
    body = "A urine test can show protein. [@gu-2014]"
    make_article(slug="kidney", body=body, categories=[make_category("Kidneys")])
    record(source, missing=(f"DOI {DOI}",))
    source.refresh_from_db()
    changed = Reference(title="Cells", key="gu-2014", doi="10.5555/right").as_source()
    library.edit_reference(source, changed, version=source.version, by=reviewer)
    source.refresh_from_db()
    assert source.missing_since, "until then, readers see the old number"
    library.approve_proposal(waiting()[0], by=make_staff(Role.REVIEWER))
    source.refresh_from_db()
    assert source.missing_since is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_hear_the_same_propose_it_once(source: Reference) -> None:
    found = FoundNotice("retraction", NOTICE)
    together(4, lambda number: record(source, found))
    assert (Proposal.objects.count(), SourceNotice.objects.count()) == (1, 1)
