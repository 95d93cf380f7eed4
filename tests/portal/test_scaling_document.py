"""docs/scaling.md says of each table and each file where it ends and how much room it takes."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.once

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = (REPOSITORY / "docs" / "scaling.md").read_text(encoding="utf-8")
GROWING, SMALL = PAGE.split("### What stays small")[0], PAGE.split("### What stays small")[1]
#: What is written outside the database.
FILES = ("anchors.jsonl", "spool/", "journal/", "media/")


def rows() -> list[list[str]]:
    """Return the cells of the table of what grows, without its head."""
    table = GROWING.split("### What grows")[1]
    lines = [line for line in table.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def named(text: str) -> list[str]:
    return re.findall(r"`([a-z_./]+)`", text)


def tables() -> set[str]:
    models = apps.get_models(include_auto_created=True)
    recorder = MigrationRecorder.Migration._meta.db_table
    return {model._meta.db_table for model in models} | {recorder}


def test_each_table_and_file_is_named_once() -> None:
    """A new table has to get an end, or a reason why it stays small."""
    growing = [name for row in rows() for name in named(row[0])]
    small = named(SMALL.split("##")[0])
    assert sorted([*growing, *small]) == sorted([*tables(), *FILES])


def test_each_row_says_where_its_end_is_and_how_large_it_gets() -> None:
    assert len(rows()) > 20
    for name, end, *sizes, how in rows():
        assert len(sizes) == 2, name
        assert how in {"measured", "reckoned"}, name
        assert end, name
        for path in named(end):
            assert (REPOSITORY / path).exists(), path
        for size in sizes:
            assert re.fullmatch(r"(under )?[\d,.]+ (kB|MB|GB)", size), (name, size)


def test_ten_thousand_a_day_is_never_less_than_a_hundred() -> None:
    for name, _, few, many, _ in rows():
        assert _in_bytes(few) <= _in_bytes(many), name


def _in_bytes(size: str) -> float:
    number, unit = size.removeprefix("under ").split()
    return float(number.replace(",", "")) * {"kB": 1e3, "MB": 1e6, "GB": 1e9}[unit]


def test_the_ends_that_the_page_names_are_those_of_the_code() -> None:
    from inquiries.ledger import thinning, trims
    from inquiries.mail import bounces, staff_notices

    assert (trims.kept().days, thinning.WHOLE_FOR.days) == (6 * 366, 91)
    assert (bounces.COUNTS_KEPT.days, staff_notices.RETENTION.days) == (90, 30)
    assert settings.SESSION_COOKIE_AGE == 12 * 60 * 60
    for words in ("six years", "three months", "90 days", "30 days", "12 hours"):
        assert words in GROWING, words
