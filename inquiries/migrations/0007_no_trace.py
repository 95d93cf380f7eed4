"""Writes the tables anew, so that nothing of what stood in clear is left in the files.

Not in a transaction, which neither database allows for this. A database without requests has
nothing to lose and is left alone.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def rewrite(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if not apps.get_model("inquiries", "Inquiry").objects.exists():
        return
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "sqlite":
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if cursor.fetchone()[0]:
                raise RuntimeError(
                    "Something else has the database open, and so what stood in clear is still in "
                    "its log. Stop the site and any backup, and run migrate once more."
                )
        else:
            for table in ("inquiry", "note", "addition"):
                cursor.execute(f"VACUUM FULL inquiries_{table}")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("inquiries", "0006_append_only")]

    operations = [migrations.RunPython(rewrite, elidable=True)]
