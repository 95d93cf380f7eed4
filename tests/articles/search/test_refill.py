"""Entries that an earlier release made are filled, so that search finds them."""

import pytest
from django.core.management import call_command

from articles import process_cache
from articles.models import SearchEntry, SearchWord
from articles.search import finder, refill
from inquiries.worker import jobs
from tests.factories import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def _unfilled() -> None:
    """An entry as the release before makes it: without stems, headings, or counted words."""
    make_article(title="Kidney tests", body="## Urine\n\nFoamy.")
    SearchEntry.objects.update(lexemes="", strengths="", headings="", language="")
    SearchWord.objects.all().delete()
    process_cache.expire_all()


def found() -> int:
    process_cache.expire_all()
    return len([each for each in finder.find("kidney").results if each.article])


@pytest.mark.usefixtures("_unfilled")
def test_an_entry_without_stems_is_filled_once() -> None:
    assert not found()
    assert refill.fill_missing() == 1
    assert found() == 1
    entry = SearchEntry.objects.get()
    assert (entry.language, entry.headings) == ("en", "Urine")
    assert SearchWord.objects.get(language="en", word="kidney").articles == 1
    assert refill.fill_missing() == 0
    assert SearchWord.objects.get(language="en", word="kidney").articles == 1


@pytest.mark.usefixtures("_unfilled")
def test_one_that_another_process_filled_meanwhile_is_left_alone() -> None:
    entry = SearchEntry.objects.get()
    refill.fill_missing()
    refill._fill(entry.pk)
    assert SearchWord.objects.get(language="en", word="kidney").articles == 1


@pytest.mark.usefixtures("_unfilled")
def test_the_migrate_command_fills_them() -> None:
    call_command("migrate", verbosity=0)
    assert found() == 1


@pytest.mark.usefixtures("_unfilled")
def test_the_worker_fills_what_a_release_still_running_published() -> None:
    jobs.JOBS["tidy"].do()
    assert found() == 1
