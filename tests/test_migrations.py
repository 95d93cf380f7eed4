"""Each app begins with one frozen migration: the code may change, but the migration does not."""

import ast
import sys
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.db.migrations.graph import MigrationGraph
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState, ProjectState

from inquiries.migrations.initial import seeds, translations
from inquiries.models import CannedReply, CrisisScript
from portal.management.autodetector import SchemaAutodetector

REPOSITORY = Path(__file__).resolve().parent.parent
OURS = ("articles", "inquiries", "portal")
FROZEN = sorted(path for app in OURS for path in (REPOSITORY / app / "migrations").rglob("*.py"))
#: Our own field classes, which a migration must name as they are.
OUR_FIELDS = {"inquiries.models.sealed"}


@pytest.mark.parametrize("app", OURS)
def test_each_app_starts_with_one_initial_migration(app: str) -> None:
    disk = MigrationLoader(None).disk_migrations
    ours = {name: migration for (label, name), migration in disk.items() if label == app}
    assert [name for name in ours if ours[name].initial] == ["0001_initial"]
    assert min(ours) == "0001_initial"


def imported(source: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module
            names.add(node.module)
        elif isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            assert name not in {"import_module", "__import__"}
    return names


@pytest.mark.parametrize("module", FROZEN, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_migrations_do_not_import_live_code(module: Path) -> None:
    for name in imported(module.read_text(encoding="utf-8")) - OUR_FIELDS:
        package = name.partition(".")[0]
        is_frozen = package in OURS and name.split(".")[1:3] == ["migrations", "initial"]
        assert package == "django" or package in sys.stdlib_module_names or is_frozen, name


# Twice with commits: the second finds what emptying the database after the first left.
@pytest.mark.parametrize(
    "_time",
    [
        pytest.param("", marks=pytest.mark.django_db),
        pytest.param("committing", marks=pytest.mark.django_db(transaction=True)),
        pytest.param("committing again", marks=pytest.mark.django_db(transaction=True)),
    ],
)
def test_rows_we_ship_exist_in_both_languages(_time: str) -> None:
    replies = CannedReply.objects.values_list("language", "title", "text")
    scripts = CrisisScript.objects.values_list("language", "title", "steps")
    for rows, shipped in ((replies, translations.REPLIES), (scripts, translations.SCRIPTS)):
        wanted = {("en", *pair.english) for pair in shipped}
        wanted |= {("es", *pair.spanish) for pair in shipped}
        assert set(rows) == wanted
        assert len(rows) == len(wanted)
    for row in (*CannedReply.objects.all(), *CrisisScript.objects.all()):
        assert (row.translation_of is None) == (row.language == "en")
    assert [pair.former_titles[0] for pair in translations.SCRIPTS] == [
        title for title, _ in seeds.SCRIPTS
    ]


@pytest.mark.django_db
def test_text_changed_by_a_clinic_is_not_reworded() -> None:
    """The rows are those of an older release: one as shipped, one with the clinic's own text."""
    CannedReply.objects.all().delete()
    CrisisScript.objects.all().delete()
    (_, title, text), (_, other, _), *_ = seeds.REPLIES
    CannedReply.objects.create(title=title, text=text)
    CannedReply.objects.create(title=other, text="Our own words.")
    (when, steps), (also, _) = seeds.SCRIPTS
    CrisisScript.objects.create(title=when, steps=steps)
    CrisisScript.objects.create(title=also, steps="Our own steps.")
    translations.reword_replies(apps, None)
    translations.translate_scripts(apps, None)
    said = dict(CannedReply.objects.values_list("title", "text"))
    assert said == {translations.REPLIES[0].english.title: translations.REPLIES[0].english.text} | {
        other: "Our own words."
    }
    (spanish,) = CrisisScript.objects.filter(language="es")
    assert spanish.title == translations.SCRIPTS[0].spanish.title
    assert CrisisScript.objects.get(title=also).steps == "Our own steps."


@pytest.mark.parametrize(
    ("changed", "is_change"),
    [
        ({"verbose_name": "other words"}, False),
        ({"help_text": "other words"}, False),
        ({"error_messages": {"required": "other words"}}, False),
        ({"choices": [("new", "a choice")]}, False),
        ({"max_length": 12}, True),
        ({"null": True}, True),
        ({"db_default": "a"}, True),
        ({"unique": True}, True),
    ],
)
def test_a_change_of_words_is_no_migration(changed: dict[str, Any], is_change: bool) -> None:
    def project(name: str, **said: Any) -> ProjectState:
        options: dict[str, Any] = {"max_length": 10, **said}
        field: models.CharField[str, str] = models.CharField(**options)
        state = ProjectState()
        state.add_model(
            ModelState("articles", "Thing", [("name", field)], {"verbose_name_plural": name})
        )
        return state

    before, after = project("things"), project("other things", **changed)
    graph = MigrationGraph()
    graph.add_node(("articles", "0001_initial"), None)
    found = SchemaAutodetector(before, after).changes(graph)
    assert bool(found) == is_change


@pytest.mark.django_db
def test_a_database_from_before_the_first_release_is_refused(
    settings: LazySettings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    recorder = MigrationRecorder(connection)
    recorder.record_applied("articles", "0002_initial")
    with pytest.raises(CommandError) as refused:
        call_command("migrate", verbosity=0)
    assert str(refused.value) == (
        f"The database {connection.settings_dict['NAME']} is from before this release. "
        "Empty it, or set DATABASE_URL to another database."
    )
    recorder.record_unapplied("articles", "0002_initial")
    # A later release may have migrated the database: then this one keeps serving.
    recorder.record_applied("articles", "0002_of_a_later_release")
    call_command("migrate", verbosity=0)
