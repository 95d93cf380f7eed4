"""The migration linter refuses what would stop the previous release, and passes the rest."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Q

from tests import migration_linter
from tests.migration_linter import ADD, LOOK, NARROW, RENAME, TAKE

pytestmark = pytest.mark.once


def char(max_length: int = 20, **options: object) -> "models.CharField[str, str]":
    return models.CharField(max_length=max_length, **options)  # type: ignore[arg-type]


def to(model: str, **options: object) -> "models.ForeignKey[object, object]":
    return models.ForeignKey(f"portal.{model}", models.PROTECT, **options)  # type: ignore[arg-type]


BEFORE: list[Operation] = [
    operations.CreateModel("Clinic", [("id", models.BigAutoField(primary_key=True))]),
    operations.CreateModel("Ward", [("id", models.BigAutoField(primary_key=True))]),
    operations.CreateModel(
        "Visit",
        [
            ("id", models.BigAutoField(primary_key=True)),
            ("reason", char()),
            ("note", char(null=True)),
            ("room", char(db_default="")),
            ("count", models.IntegerField()),
            ("clinic", to("Clinic")),
        ],
    ),
]
NOT_EMPTY = models.CheckConstraint(condition=~Q(reason=""), name="visit_has_a_reason")
ONCE = models.UniqueConstraint(fields=["reason"], name="visit_reason_once")
INDEX = models.Index(fields=["reason"], name="visit_by_reason")

FINE: list[Operation] = [
    operations.CreateModel("Bed", [("id", models.BigAutoField(primary_key=True))]),
    operations.AddField("Visit", "floor", char(null=True)),
    operations.AddField("Visit", "floor", char(db_default="")),
    operations.AddField("Visit", "ward", to("Ward", null=True)),
    operations.AddField("Visit", "wards", models.ManyToManyField("portal.Ward")),
    operations.AlterField("Visit", "reason", char(40)),
    operations.AlterField("Visit", "reason", models.TextField()),
    operations.AlterField("Visit", "reason", char(null=True)),
    operations.AlterField("Visit", "reason", char(choices=[("a", "A")], help_text="Why.")),
    operations.AlterField("Visit", "reason", char(db_default="")),
    operations.AddIndex("Visit", INDEX),
    operations.AlterModelOptions("Visit", {"ordering": ["reason"]}),
]
REFUSED: list[tuple[Operation, str]] = [
    (operations.AddField("Visit", "floor", char()), ADD),
    (operations.AddField("Visit", "floor", char(default="ground")), ADD),
    (operations.AddField("Visit", "ward", to("Ward")), ADD),
    (operations.AddField("Visit", "code", char(db_default="", unique=True)), ADD),
    (operations.RemoveField("Visit", "note"), TAKE),
    (operations.DeleteModel("Visit"), TAKE),
    (operations.RenameField("Visit", "note", "remark"), RENAME),
    (operations.RenameModel("Visit", "Stay"), RENAME),
    (operations.AlterModelTable("Visit", "stay"), RENAME),
    (operations.AlterField("Visit", "note", char()), NARROW),
    (operations.AlterField("Visit", "room", char()), NARROW),
    (operations.AlterField("Visit", "reason", char(10)), NARROW),
    (operations.AlterField("Visit", "reason", models.IntegerField()), NARROW),
    (operations.AlterField("Visit", "count", char()), NARROW),
    (operations.AlterField("Visit", "reason", char(unique=True)), NARROW),
    (operations.AlterField("Visit", "reason", char(db_column="why")), RENAME),
    (operations.AlterField("Visit", "clinic", to("Ward")), RENAME),
    (operations.AddConstraint("Visit", NOT_EMPTY), NARROW),
    (operations.AddConstraint("Visit", ONCE), NARROW),
    (operations.AlterUniqueTogether("Visit", {("reason", "count")}), NARROW),
    (operations.RunPython(operations.RunPython.noop), LOOK),
    (operations.RunSQL("UPDATE portal_visit SET count = 1"), LOOK),
    (operations.SeparateDatabaseAndState(), LOOK),
    (operations.AlterOrderWithRespectTo("Visit", "clinic"), LOOK),
    (Operation(), LOOK),
]


def problems(*changes: Operation, mark: str = "") -> list[str]:
    state = ProjectState()
    for operation in BEFORE:
        operation.state_forwards("portal", state)
    said = {"operations": [*changes], migration_linter.MARK: mark}
    migration = type("Migration", (Migration,), said)("0002_visits", "portal")
    return [*migration_linter.problems_with(migration, state)]


@pytest.mark.parametrize("operation", FINE)
def test_changes_the_previous_release_tolerates_pass(operation: Operation) -> None:
    assert problems(operation) == []


@pytest.mark.parametrize(("operation", "instead"), REFUSED)
def test_changes_it_cannot_tolerate_are_refused_with_advice(
    operation: Operation, instead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if type(operation) is Operation:  # an operation that we do not know
        monkeypatch.setattr(Operation, "state_forwards", lambda *_: None)
    (problem,) = problems(operation)
    assert problem.startswith(operation.describe())
    assert problem.endswith(instead)
    assert problems(operation, mark="The release before does not use it.") == []


def test_a_new_table_may_get_anything_in_the_same_migration() -> None:
    new = operations.CreateModel("Bed", [("id", models.BigAutoField(primary_key=True))])
    named = models.CheckConstraint(condition=~Q(name=""), name="bed_has_a_name")
    added = (operations.AddField("Bed", "name", char()), operations.AddConstraint("Bed", named))
    assert problems(new, *added) == []
    assert len(problems(new, *added, operations.AddConstraint("Visit", NOT_EMPTY))) == 1


def test_every_django_operation_has_a_rule() -> None:
    known = {*migration_linter.HARMLESS, *migration_linter.RULES}
    there = {getattr(operations, name) for name in operations.__all__}
    # Not used here: the first adds a column on its own, the other is older than constraints.
    assert {each.__name__ for each in there - known} == {
        "AlterIndexTogether",
        "AlterOrderWithRespectTo",
    }


def test_our_own_migrations_let_the_previous_release_run() -> None:
    assert list(migration_linter.problems(MigrationLoader(None))) == []


def test_the_command_names_the_migration_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    package = tmp_path / "later_migrations"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "0001_initial.py").write_text(
        "from importlib import import_module\n"
        "Migration = import_module('portal.migrations.0001_initial').Migration\n"
    )
    (package / "0002_later.py").write_text(
        "from django.db import migrations\n"
        "class Migration(migrations.Migration):\n"
        "    dependencies = [('portal', '0001_initial')]\n"
        "    operations = [migrations.RemoveField('user', 'credentials')]\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    settings.MIGRATION_MODULES = {"portal": "later_migrations"}
    with pytest.raises(SystemExit) as refused:
        migration_linter.main()
    assert str(refused.value) == (
        "portal.0002_later: Remove field credentials from user. "
        f"The release before reads and writes it. {TAKE}\n"
        'To mark a migration: safe_because = "Why" in its class.'
    )
