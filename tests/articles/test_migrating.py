"""Articles from before there were revisions keep their words, their people and their readers.

It happens in a process and a database of its own, as on the day an operator does it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from articles.content import Content
from tests.apart import empty_database

pytestmark = pytest.mark.django_db

REPOSITORY = Path(__file__).resolve().parent.parent.parent

MIGRATE = """
import json, sys
from datetime import UTC, datetime

import django

django.setup()

from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

call_command("migrate", "portal", verbosity=0)
call_command("migrate", "articles", "0003", verbosity=0)
nodes = [("articles", "0003_search_index"), ("portal", "0001_initial")]
old = MigrationExecutor(connection).loader.project_state(nodes).apps.get_model
author = old("portal", "User").objects.create(username="editor", role="editor")
reviewer = old("portal", "User").objects.create(username="reviewer", role="reviewer")
at = datetime(2026, 3, 1, 12, tzinfo=UTC)
Article = old("articles", "Article")
lupus = old("articles", "Category").objects.create(name="Lupus", slug="lupus")
seen = Article.objects.create(
    title="Seen", slug="seen", summary="One sentence.", body="Some *words*.",
    body_html="<p>Some <em>words</em>.</p>", references="Gu F (2014). A.\\n\\nDeng D (2017). B.",
    state="published", written_by=author, reviewed_by=reviewer, reviewed_at=at, published_at=at,
    source="seen.md", source_digest="d", source_version=1,
)
seen.categories.add(lupus)
Article.objects.create(
    title="Draft", slug="draft", body="Words.", body_html="<p>Words.</p>",
    references="Gu F (2014). A.",
)
connection.close()

call_command("migrate", verbosity=0)

from articles.models import Article, Revision
from articles.importing import is_worked_on

seen, draft = Article.objects.get(slug="seen"), Article.objects.get(slug="draft")
try:
    with transaction.atomic():
        Revision.objects.update(title="Other")
    held = False
except IntegrityError:
    held = True
sys.stdout.write(json.dumps({
    "content": {each.slug: vars(each.head.content) for each in (seen, draft)},
    "digests": [each.head.digest for each in (seen, draft)],
    "authors": {
        each.slug: [by.author.username for by in each.head.authorships.all()]
        for each in (seen, draft)
    },
    "reviewed": [seen.approval.by.username, seen.approval.at.isoformat()],
    "live": [seen.live == seen.head, draft.live],
    "dates": [str(seen.published_at), str(seen.live_at), str(seen.review_due_at)],
    "page": [seen.page.body_html, seen.page.references_html],
    "sources": sorted(source.title for source in seen.page.sources.all()),
    "events": [event.kind for event in seen.events.all()],
    "worked_on": is_worked_on(seen),
    "held": held,
}))
"""


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("migrated-articles")
    with empty_database(folder) as url:
        environment = {**os.environ, "DATABASE_URL": url, "PORTAL_DATA_DIR": str(folder)}
        environment["DJANGO_SETTINGS_MODULE"] = "portal.settings"
        run = subprocess.run(
            [sys.executable, "-c", MIGRATE],
            cwd=REPOSITORY,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_each_text_is_a_revision_that_cites_its_sources(migrated: dict[str, Any]) -> None:
    contents = [Content(**migrated["content"][slug]) for slug in ("seen", "draft")]
    assert [content.title for content in contents] == ["Seen", "Draft"]
    words, _, sources = contents[0].body.partition("\n\nSources: ")
    assert words == "Some *words*."
    assert sources.count("@") == 2
    assert [content.digest() for content in contents] == migrated["digests"]
    assert migrated["authors"] == {"seen": ["editor"], "draft": []}
    assert migrated["events"] == ["drafted", "published"]


def test_readers_still_see_what_was_reviewed_and_by_whom(migrated: dict[str, Any]) -> None:
    assert migrated["live"] == [True, None]
    assert migrated["reviewed"] == ["reviewer", "2026-03-01T12:00:00+00:00"]
    assert [day[:10] for day in migrated["dates"]] == ["2026-03-01", "2026-03-01", "2027-03-01"]
    body, references = migrated["page"]
    assert body == "<p>Some <em>words</em>.</p>"
    assert "<li>Gu F (2014). A.</li><li>Deng D (2017). B.</li>" in references
    assert migrated["sources"] == ["Deng D (2017). B.", "Gu F (2014). A."]


def test_an_import_knows_it_as_untouched_and_the_database_holds_on(
    migrated: dict[str, Any],
) -> None:
    assert not migrated["worked_on"]
    assert migrated["held"]
