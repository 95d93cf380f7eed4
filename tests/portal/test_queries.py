"""A small, fixed number of queries per page, however much data there is.

`make test` checks two sizes that are quick to create, `make proof` the full size.
"""

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.capped_counts import COUNT_CAP
from articles.models import Article
from inquiries.triage.pagination import PAGE_SIZE
from inquiries.triage.queue import VIEWS
from portal.models import User
from tests import proofs

pytestmark = pytest.mark.django_db

QUEUE = "/admin/inquiries/inquiry/"


def queries(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured]


def fill(articles: int = 0, inquiries: int = 0) -> None:
    call_command("bench_data", articles=articles, inquiries=inquiries, verbosity=0)


def check_reading(client: Client, sizes: tuple[int, int]) -> None:
    """At most four queries for each reading page, the same at both sizes; no list is counted."""
    seen: list[list[int]] = []
    for size in sizes:
        fill(articles=size)
        article = Article.objects.published().first()
        assert article
        addresses = (
            *("/", "/articles/", article.get_absolute_url(), "/categories/"),
            *("/categories/lupus/", "/search/?q=kidney+tests"),
        )
        client.get(addresses[-1])  # what each process keeps of the vocabulary for some minutes
        made = [queries(client, address) for address in addresses]
        assert all(len(each) <= 4 for each in made), list(map(len, made))
        # Ignore what each of a dozen related articles shares with the one being read.
        counted = [sql for each in made for sql in each if re.search(r"COUNT\((?!DISTINCT)", sql)]
        assert not counted, "no list is counted"
        seen.append([len(each) for each in made])
    assert seen[0] == seen[1]


def check_queue(client: Client, coordinator: User, sizes: tuple[int, int]) -> None:
    """Fewer than twelve for each view's first page, no more at the larger size; counts are capped.

    There are fewer if nobody on the first page has an owner, because then no owner is looked up.
    """
    client.force_login(coordinator)
    seen: list[list[int]] = []
    for size in sizes:
        fill(inquiries=size)
        made = [queries(client, f"{QUEUE}?view={view}") for view in VIEWS]
        assert all(len(each) < 12 for each in made), list(map(len, made))
        counts = [sql for each in made for sql in each if "COUNT(" in sql]
        assert all(sql.count("COUNT(") == sql.count(f"LIMIT {COUNT_CAP + 1}") for sql in counts)
        seen.append([len(each) for each in made])
    assert all(many <= few for few, many in zip(*seen, strict=True)), seen


def test_reading_pages_cost_the_same_at_10_and_at_60_articles(client: Client) -> None:
    check_reading(client, (10, 60))


def test_the_queue_costs_the_same_at_10_and_at_200_requests(
    client: Client, coordinator: User
) -> None:
    check_queue(client, coordinator, (10, 200))


@pytest.mark.proof
def test_reading_pages_cost_the_same_at_10_and_at_10_000_articles(client: Client) -> None:
    check_reading(client, (10, proofs.size(10_000)))


@pytest.mark.proof
def test_the_queue_costs_the_same_at_10_and_at_100_000_requests(
    client: Client, coordinator: User
) -> None:
    check_queue(client, coordinator, (10, proofs.size(100_000)))


def _plans(client: Client, address: str) -> list[str]:
    """Return the query plans for a list's rows and its counts.

    Parameters are sent separately, as in use: if they were written into the query they would be
    constants, and SQLite would then see indexes that it does not see otherwise.
    """
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "LIMIT 51" in sql or f"LIMIT {COUNT_CAP + 1}" in sql:
            asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert client.get(address).status_code == 200
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    plans = []
    with connection.cursor() as cursor:
        for sql, params in asked:
            cursor.execute(f"{explain} {sql}", params)
            plans.append("\n".join(str(row) for row in cursor.fetchall()))
    return plans


INDEXES = {
    "open": "inquiry_open_by_due",
    "unclaimed": "inquiry_new_by_due",
    "mine": "inquiry_claimed_by_due",
    "overdue": "inquiry_open_by_due",
    "soon": "inquiry_open_by_due",
    "waiting": "inquiry_waiting_by_time",
    "quarantine": "inquiry_quarantined_by_due",
    "closed": "inquiry_closed_newest",
}


def check_plans(client: Client) -> None:
    User.objects.update(is_active=True, is_staff=True)
    client.force_login(User.objects.get(username="bench-coordinator-4"))
    client.get(QUEUE)  # with many open requests, the first page of a process counts them twice
    deep_in = f"&after=2026-01-20T00:00:00%2B00:00~{'0' * 32}"
    for view, index in INDEXES.items():
        for after in ("", deep_in):
            counts, rows = sorted(_plans(client, f"{QUEUE}?view={view}{after}"), key=len)[::-1]
            assert index in rows, rows
            for plan in (counts, rows):
                assert "TEMP B-TREE" not in plan, plan
                assert "SCAN inquiries_inquiry'" not in plan, "the whole table"
                assert "Seq Scan on inquiries_inquiry" not in plan, "the whole table"
            # If it expects less than a page, sorting is just as good.
            if not (few := re.search(r"^\('Limit .* rows=(\d+)", rows)) or int(few[1]) >= PAGE_SIZE:
                assert "Sort" not in rows.replace("Incremental Sort", ""), rows


def test_no_page_of_the_queue_reads_the_whole_table(client: Client) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL plans by size: make proof asks it at full size")
    fill(inquiries=40)
    check_plans(client)


@pytest.mark.proof
def test_every_page_of_the_queue_is_read_from_its_index(client: Client) -> None:
    fill(inquiries=50_000)  # even in the short version, because a planner decides by size
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE inquiries_inquiry")
    check_plans(client)
