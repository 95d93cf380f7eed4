"""Checks that the previous release can keep serving while this one migrates, and afterward.

`python -m tests.migration_linter` names each operation that would stop it and says what to do. It
reads operations, not SQL: SQLite changes a table by creating a new one, which says nothing about
the change. The first migration of an app is skipped: there was no release before it.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import django
from django.db import connection, models
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

OURS = ("articles", "inquiries", "portal")
FIRST = "0001_initial"
#: Set on a Migration by whoever has verified it: one sentence for the next reader.
MARK = "safe_because"

HARMLESS: tuple[type[Operation], ...] = (
    operations.AddIndex,
    operations.AlterConstraint,  # changes only the error message
    operations.AlterModelManagers,
    operations.AlterModelOptions,
    operations.AlterModelTableComment,
    operations.CreateModel,
    operations.RemoveConstraint,
    operations.RemoveIndex,
    operations.RenameIndex,
)

ADD = "Add it with null=True or a db_default; fill it in slices; ask for it in the next release."
TAKE = "Stop using it in this release; take it out of the database in the next, and mark that."
RENAME = (
    "Add the new one beside it and write both in this release; read the new one in the next; take "
    "the old one away in the one after."
)
NARROW = (
    "Let this release write only what will fit; change the database in the next, and mark that. Of "
    "another type: add a second column."
)
LOOK = "Make sure that it is short and that the release before can live with it, and mark that."


@dataclass(frozen=True)
class Change:
    """One operation, with the models before and after it."""

    app_label: str
    operation: Any
    before: ProjectState
    after: ProjectState

    def field(self, state: ProjectState) -> Any:
        model = state.apps.get_model(self.app_label, self.operation.model_name)
        return model._meta.get_field(self.operation.name)


@dataclass(frozen=True)
class Rule:
    says: str
    instead: str
    breaks: Callable[[Change], bool] = lambda change: True


def _is_required(change: Change) -> bool:
    field = change.operation.field
    is_column = not field.many_to_many and not field.generated
    return is_column and not field.null and not field.has_db_default()


def _is_unique(change: Change) -> bool:
    field = change.operation.field
    return bool(field.unique and field.has_db_default())


def _becomes_required(change: Change) -> bool:
    before, after = change.field(change.before), change.field(change.after)
    return not after.null and (before.null or (before.has_db_default() > after.has_db_default()))


def _becomes_unique(change: Change) -> bool:
    return bool(change.field(change.after).unique and not change.field(change.before).unique)


def _points_elsewhere(change: Change) -> bool:
    before, after = change.field(change.before), change.field(change.after)
    return _target(before) != _target(after) or before.column != after.column


def _target(field: Any) -> str:
    return field.remote_field.model._meta.label_lower if field.remote_field else ""


def _takes_less(change: Change) -> bool:
    before, after = change.field(change.before), change.field(change.after)
    if before.db_parameters(connection)["type"] == after.db_parameters(connection)["type"]:
        return False
    if not isinstance(before, models.CharField):
        return True
    if isinstance(after, models.CharField):
        return (after.max_length or sys.maxsize) < (before.max_length or sys.maxsize)
    return not isinstance(after, models.TextField)


_RENAMED = (Rule("The release before knows it by its old name.", RENAME),)
_MAY_REFUSE = (Rule("It may refuse what the release before writes.", NARROW),)
_ANYTHING = (Rule("It may do anything.", LOOK),)
RULES: Mapping[type[Operation], tuple[Rule, ...]] = {
    operations.AddField: (
        Rule("The release before leaves it out of what it inserts.", ADD, _is_required),
        Rule("All that the release before inserts would have the same.", ADD, _is_unique),
    ),
    operations.AlterField: (
        Rule("The release before may leave it empty.", NARROW, _becomes_required),
        Rule("The release before may write the same twice.", NARROW, _becomes_unique),
        Rule("The release before looks for it elsewhere.", RENAME, _points_elsewhere),
        Rule("The release before may write what does not fit.", NARROW, _takes_less),
    ),
    operations.RemoveField: (Rule("The release before reads and writes it.", TAKE),),
    operations.DeleteModel: (Rule("The release before reads and writes it.", TAKE),),
    operations.RenameField: _RENAMED,
    operations.RenameModel: _RENAMED,
    operations.AlterModelTable: _RENAMED,
    operations.AddConstraint: _MAY_REFUSE,
    operations.AlterUniqueTogether: _MAY_REFUSE,
    operations.RunPython: _ANYTHING,
    operations.RunSQL: _ANYTHING,
    operations.SeparateDatabaseAndState: _ANYTHING,
}


def problems(loader: MigrationLoader) -> Iterator[str]:
    """Yield what is wrong with the migrations after the first ones, in a sentence or two each."""
    for app_label, name in sorted(loader.disk_migrations):
        if app_label in OURS and name != FIRST:
            migration = loader.disk_migrations[app_label, name]
            state = loader.project_state((app_label, name), at_end=False)
            for problem in problems_with(migration, state):
                yield f"{app_label}.{name}: {problem}"


def problems_with(migration: Migration, state: ProjectState) -> Iterator[str]:
    """`state` holds the models before the migration, and is updated along the way."""
    if getattr(migration, MARK, ""):
        return
    new: set[str] = set()  # unknown to the previous release, so any operation on them is safe
    for operation in migration.operations:
        before = state.clone()
        operation.state_forwards(migration.app_label, state)
        if isinstance(operation, operations.CreateModel):
            new.add(operation.name_lower)
        if getattr(operation, "model_name", "").lower() not in new:
            change = Change(migration.app_label, operation, before, state)
            for rule in _rules(operation):
                if rule.breaks(change):
                    yield f"{operation.describe()}. {rule.says} {rule.instead}"


def _rules(operation: Operation) -> tuple[Rule, ...]:
    if isinstance(operation, HARMLESS):
        return ()
    return RULES.get(type(operation), _ANYTHING)


def main() -> None:
    found = list(problems(MigrationLoader(None)))
    if found:
        sys.exit("\n".join([*found, f'To mark a migration: {MARK} = "Why" in its class.']))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    main()
