"""The list of phrases that may mean danger, as it is shipped; the clinic edits it from here on."""

from typing import Any

from django.db import migrations

from inquiries.danger import SHIPPED


def ship(apps: Any, schema_editor: Any) -> None:
    phrase = apps.get_model("inquiries", "DangerPhrase")
    phrase.objects.bulk_create(
        phrase(language=language, phrase=words)
        for language, phrases in SHIPPED.items()
        for words in phrases
    )


class Migration(migrations.Migration):
    dependencies = [("inquiries", "0008_asking")]

    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
