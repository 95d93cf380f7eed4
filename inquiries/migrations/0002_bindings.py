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
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("received", "Received"),
                    ("added", "Sent again with changes"),
                    ("unproven", "Sent again with changes, by whom is not proven"),
                    ("wrote", "Message"),
                    ("replied", "Message to the sender"),
                    ("judged", "Said whether we answered her"),
                    ("attempted", "Attempt to reach her"),
                    ("cleared", "Cleared from quarantine"),
                    ("link_asked", "New private link to be mailed"),
                    ("linked", "Private link given out"),
                    ("unlinked", "Private links taken back"),
                    ("links_ended", "Private links ended: too many wrong details"),
                    ("undelivered", "Mail could not be delivered"),
                    ("claimed", "Claimed"),
                    ("released", "Released"),
                    ("reassigned", "Handed over"),
                    ("connected", "Conversation"),
                    ("waited", "Set aside"),
                    ("woken", "Taken up again"),
                    ("duplicate_linked", "Linked as a duplicate"),
                    ("duplicate_unlinked", "Unlinked from a duplicate"),
                    ("graded", "Urgency set"),
                    ("escalated", "Deadline passed, leads told"),
                    ("handed_over", "Handed over to emergency help"),
                    ("noted", "Note added"),
                    ("closed", "Closed"),
                    ("reopened", "Reopened"),
                    ("erased", "Erased"),
                    ("read", "Read"),
                    ("bound", "Bound in the ledger as it stood"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunPython(
            create_triggers_of(_GROWING), migrations.RunPython.noop, elidable=False
        ),
    ]
