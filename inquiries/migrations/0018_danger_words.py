from pathlib import Path

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from inquiries.migrations.initial import seeds

MORE_PATTERNS = Path(__file__).with_suffix(".txt")


def add_patterns(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add what is shipped since. An empty list stays empty: then all that is shipped applies."""
    phrases = apps.get_model("inquiries", "DangerPhrase").objects
    known = {*phrases.values_list("phrase", flat=True)}
    if known:
        phrases.bulk_create(
            phrases.model(kind=kind, language=language, phrase=pattern)
            for kind, language, pattern in seeds.danger_patterns(MORE_PATTERNS)
            if pattern not in known
        )


class Migration(migrations.Migration):
    safe_because = "Rows are added to a list; the release before reads the ones it doesn't know as plain words."
    dependencies = [("inquiries", "0017_ends")]

    operations = [
        migrations.RunPython(add_patterns, migrations.RunPython.noop, elidable=False),
    ]
