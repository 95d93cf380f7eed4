"""Content that is changed or withdrawn is gone within a second, from every cache, for good."""

import importlib
import re
import threading
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.editing import publishing, writing
from articles.models import Article, Category
from inquiries.models import ServiceLevel
from inquiries.states import Urgency
from portal.models import CachedPage, ReaderVersion, Role
from portal.page_cache.versions import versions
from tests.factories import (
    make_article,
    make_category,
    make_categorytranslation,
    make_content,
    make_holidayyear,
    make_image,
    make_inquiry,
    make_oldaddress,
    make_openinghours,
    make_reference,
    make_specialday,
    make_staff,
    make_term,
    make_termtranslation,
    make_translation,
    publish,
)
from tests.portal.page_cache.reader import Reader, forget_all, pass_by
from tests.portal.page_cache.test_answers import KINDS, address

pytestmark = pytest.mark.django_db

#: Columns that never change while their row exists.
_FIXED = {"id", "article_id", "revision_id", "category_id", "term_id", "user_id"}
#: Append-only tables: what a page reads from them comes with a change elsewhere.
_GROWING = {"articles_revision", "articles_approval", "articles_authorship"}
SHOWN = importlib.import_module("portal.migrations.0004_page_cache").SHOWN


def commit() -> None:
    """What PostgreSQL leaves for the end of the transaction, done now; the next one begins."""
    connection.check_constraints()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('portal.version_moved', '', true)")


def shown_with(category: Category) -> dict[str, Any]:
    """Return fields of an article with everything that can appear around its text."""
    make_term("protein")
    make_image("filter")
    make_reference("sole-2013")
    body = "A urine test can show protein. [@sole-2013]\n\n![A filter](image:filter)"
    return {"body": body, "categories": [category]}


def number() -> int:
    commit()
    return ReaderVersion.objects.get().number


def a_second_later() -> None:
    """Make the process check again whether its pages are current; it keeps the pages themselves."""
    commit()
    versions.forget()


def test_a_withdrawn_article_is_gone_and_never_comes_back(reader: Reader) -> None:
    article = make_article()
    asked = article.get_absolute_url()
    a_second_later()
    assert reader.get(asked).status == 200
    etag = reader.get(asked).headers["ETag"]
    by = make_staff(Role.REVIEWER)
    publishing.retire(article, because="Wrong.", version=article.version, by=by)
    a_second_later()
    for _ in range(2):
        gone = reader.get(asked, HTTP_IF_NONE_MATCH=etag)
        assert gone.status == 410
        assert gone.headers["Cache-Control"] == "private, no-store"
        forget_all()
    assert article.title not in reader.get("/").text


def test_an_articles_etag_changes_with_its_text(reader: Reader) -> None:
    article = make_article()
    asked = article.get_absolute_url()
    etag = reader.get(asked).headers["ETag"]
    by = make_staff(Role.EDITOR)
    content = make_content(title="Corrected")
    publish(
        writing.save_revision(article, content, interests="None", version=article.version, by=by)
    )
    a_second_later()
    assert reader.get(asked, HTTP_IF_NONE_MATCH=etag).status == 200


def test_other_processes_see_a_change_within_a_second(reader: Reader) -> None:
    article = make_article()
    a_second_later()
    reader.get("/")
    with time_machine.travel(timezone.now(), tick=False):
        Article.objects.filter(pk=article.pk).update(slug="elsewhere")
        commit()
        assert "elsewhere" not in reader.get("/").text, "the number was read this very second"
    pass_by(1)
    assert "elsewhere" in reader.get("/").text
    assert reader.asked == 2


def test_an_idle_process_waits_for_a_check_already_in_progress(reader: Reader) -> None:
    article = make_article()
    a_second_later()
    reader.get("/")
    Article.objects.filter(pk=article.pk).update(title="Other words")
    commit()
    pass_by(3600)
    held = threading.Event()

    def ask() -> None:
        with versions._lock:
            held.set()
            time.sleep(0.2)

    asking = threading.Thread(target=ask)
    asking.start()
    held.wait()
    try:
        assert "Other words" in reader.get("/").text
    finally:
        asking.join()


@pytest.mark.parametrize("kind", KINDS)
def test_everything_a_page_reads_changes_the_version_number(kind: str) -> None:
    """No way to change what readers see can skip this, not even raw SQL."""
    category = make_category("Kidneys")
    article = make_article(**shown_with(category))
    make_translation(article)
    make_article(categories=[category])
    with CaptureQueriesContext(connection) as read:
        assert Client().get(address(kind, article)).status_code in {200, 302}
    unseen = {
        f"{table}.{column}"
        for query in read.captured_queries
        for table, column in re.findall(r'"(\w+)"\."(\w+)"', query["sql"])
        if column not in _FIXED
        and table not in _GROWING
        and not (table in SHOWN and column in (SHOWN[table] or {column}))
    }
    assert not unseen


@pytest.mark.parametrize("table", SHOWN)
def test_only_an_actual_change_changes_the_version_number(table: str) -> None:
    """The changes are raw SQL, past every verb."""
    make_category()
    make_categorytranslation()
    make_termtranslation()
    make_oldaddress()
    make_openinghours()
    make_specialday()
    make_holidayyear()
    make_article(**shown_with(category := make_category("Kidneys")))
    make_article(categories=[category])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - ours
        assert cursor.fetchone()[0], "there is a row"
        for column in SHOWN[table]:
            before = number()
            cursor.execute(f"UPDATE {table} SET {column} = {column}")  # noqa: S608 - ours
            assert number() == before
        key = connection.introspection.get_primary_key_column(cursor, table)
        column = SHOWN[table][0] if SHOWN[table] else ""
        other = f"{column} = {column} || 'x'" if column else f"{key} = {key}"
        before = number()
        cursor.execute(f"UPDATE {table} SET {other}")  # noqa: S608 - ours
        assert number() != before


def test_what_readers_do_not_see_leaves_the_version_number_alone() -> None:
    before = number()
    make_inquiry()
    article = make_article()
    published = number()
    assert published != before
    Article.objects.filter(pk=article.pk).update(source="elsewhere")
    staff = make_staff(Role.EDITOR)
    created = number()
    staff.last_login = timezone.now()
    staff.save(update_fields=["last_login"])
    make_inquiry()
    assert number() == created


def test_a_version_number_is_never_reused() -> None:
    make_category()
    seen = {number()}
    for turn in range(20):
        Category.objects.update(slug=f"again-{turn}")
        seen.add(number())
    assert len(seen) == 21


# --- By the clock ---------------------------------------------------------------------------------


def test_an_article_says_its_review_is_due_as_soon_as_it_is(reader: Reader) -> None:
    article = make_article()
    assert article.review_due_at
    a_second_later()
    asked = article.get_absolute_url()
    with time_machine.travel(article.review_due_at - timedelta(seconds=5), tick=False):
        before = reader.get(asked)
        assert reader.get(asked).body == before.body
    assert reader.asked == 1
    with time_machine.travel(article.review_due_at + timedelta(seconds=1), tick=False):
        after = reader.get(asked)
        assert after.text != before.text
        assert reader.get(asked).body == after.body
    assert reader.asked == 2


def test_a_promise_is_shown_only_as_long_as_it_is_true(reader: Reader) -> None:
    asked = "/care-coordinator/"
    monday = datetime(2026, 11, 30, 8, 59, 58, tzinfo=timezone.get_default_timezone())
    said = {}
    for name, seconds in {
        "early": 0,
        "at nine": 3,
        "at noon": 3 * 3600,
        "next day": 86_500,
    }.items():
        with time_machine.travel(monday + timedelta(seconds=seconds), tick=False):
            kept, now = reader.get(asked).text, Client().get(asked).text
            assert kept == now
            said[name] = re.search(r'<time datetime="([^"]+)"', kept)
    days = {name: found and found[1] for name, found in said.items()}
    assert days["early"] != days["next day"]
    assert reader.asked < len(said)


def test_every_process_promises_new_service_levels_at_once(reader: Reader) -> None:
    asked = "/care-coordinator/"
    before = reader.get(asked).text
    ServiceLevel.objects.filter(urgency=Urgency.ROUTINE).update(first_attempt_minutes=4800)
    a_second_later()
    assert reader.get(asked).text != before


# --- Once -----------------------------------------------------------------------------------------


def test_a_page_made_by_one_process_is_shared_with_the_others(
    reader: Reader, django_assert_num_queries: Any
) -> None:
    article = make_article()
    a_second_later()
    asked = article.get_absolute_url()
    made = reader.get(asked)
    forget_all()
    with django_assert_num_queries(1):  # the version number: the page is on this machine
        assert reader.get(asked).body == made.body
    forget_all()
    caches["pages"].clear()  # another machine
    with django_assert_num_queries(2):  # the version number, the page
        assert reader.get(asked).body == made.body
    forget_all()
    with django_assert_num_queries(1):  # from now on it is on that machine, too
        assert reader.get(asked).body == made.body
    with django_assert_num_queries(0):
        assert reader.get(asked).body == made.body
    assert reader.asked == 1
    kept = CachedPage.objects.get()
    assert kept.address["path"] == asked
    assert str(kept)
    assert str(ReaderVersion.objects.get())
