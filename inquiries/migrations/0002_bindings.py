"""What events bind, where a mail goes, and the copies of the anchors: they only grow, too.

On SQLite, Delivery is made anew for its column; it has no triggers. Event is not: a column that may
be null is added to the table as it is.
"""

from django.db import migrations, models

from inquiries.migrations.initial.triggers import create_triggers_of

_GROWING = {"inquiries_anchorcopy": ["id = new.id", "number = new.number"]}


class Migration(migrations.Migration):
    safe_because = "The code makes triggers on the table that this migration adds; it is empty."
    dependencies = [
        ("inquiries", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AnchorCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveBigIntegerField(unique=True)),
                ("mac", models.CharField(max_length=64)),
                ("line", models.TextField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="delivery",
            name="mac",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddField(
            model_name="event",
            name="bound",
            field=models.JSONField(null=True),
        ),
        migrations.RunPython(
            create_triggers_of(_GROWING), migrations.RunPython.noop, elidable=False
        ),
    ]
