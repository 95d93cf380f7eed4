"""The stage of a page that makes no claim about a treatment.

On SQLite a changed constraint makes the table anew, and the triggers of 0007 go with the old one:
they are let go first and held again in the same transaction.
"""

from importlib import import_module

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

held = import_module("articles.migrations.0007_held")

STAGES = ["", "established", "promising", "early", "not_proven", "disproven"]


def let_go(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        held.let_go(apps, schema_editor)


def hold(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        held.hold(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("articles", "0009_withdrawn")]

    operations = [
        migrations.RunPython(let_go, hold),
        migrations.RemoveConstraint(model_name="revision", name="revision_stage_is_known"),
        migrations.AlterField(
            model_name="revision",
            name="stage",
            field=models.CharField(
                blank=True,
                choices=[
                    ("established", "Established"),
                    ("promising", "Promising"),
                    ("early", "Early"),
                    ("not_proven", "Not proven"),
                    ("disproven", "Disproven"),
                    ("none", "None: this page makes no claim about a treatment"),
                ],
                max_length=20,
                verbose_name="stage of the evidence",
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", [*STAGES, "none"])),
                name="revision_stage_is_known",
            ),
        ),
        migrations.RunPython(hold, let_go),
    ]
