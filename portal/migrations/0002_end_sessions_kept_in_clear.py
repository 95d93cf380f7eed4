"""Sessions are kept by a digest of their key from here on; what stands there in clear goes."""

from typing import Any

from django.db import migrations
from django.db.migrations.state import StateApps


def end_all(apps: StateApps, editor: Any) -> None:
    for app, model in (("sessions", "Session"), ("usersessions", "UserSession")):
        apps.get_model(app, model).objects.using(editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0001_initial"),
        ("sessions", "0001_initial"),
        ("usersessions", "0001_initial"),
    ]
    operations = [migrations.RunPython(end_all, migrations.RunPython.noop)]
