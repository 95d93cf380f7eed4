"""The stored plan of a request, and named views of the queue."""

import datetime as dt
import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0006_more_labels"),
        ("inquiries", "0010_calendar"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("is_shared", models.BooleanField(default=False)),
                ("filters", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "saved view",
                "default_permissions": (),
            },
        ),
        migrations.RemoveIndex(
            model_name="inquiry",
            name="inquiry_open_by_due",
        ),
        migrations.RemoveIndex(
            model_name="inquiry",
            name="inquiry_new_by_due",
        ),
        migrations.RemoveIndex(
            model_name="inquiry",
            name="inquiry_claimed_by_due",
        ),
        migrations.RemoveIndex(
            model_name="inquiry",
            name="inquiry_waiting_by_time",
        ),
        migrations.RemoveIndex(
            model_name="inquiry",
            name="inquiry_quarantined_by_due",
        ),
        migrations.RemoveIndex(
            model_name="inquiry",
            name="inquiry_of_burst",
        ),
        migrations.AddField(
            model_name="inquiry",
            name="callable_from",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="inquiry",
            name="callable_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="inquiry",
            name="current_interpreter",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="inquiry",
            name="current_language",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
        migrations.AddField(
            model_name="inquiry",
            name="current_relation",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
        migrations.AddField(
            model_name="inquiry",
            name="current_time_zone",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
        migrations.AddField(
            model_name="inquiry",
            name="index_version",
            field=models.SmallIntegerField(default=1, null=True),
        ),
        migrations.AddField(
            model_name="inquiry",
            name="planned_step",
            field=models.CharField(blank=True, db_default="", default="", max_length=24),
        ),
        migrations.AddField(
            model_name="inquiry",
            name="planned_way",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
        migrations.AddField(
            model_name="inquiry",
            name="replan_at",
            field=models.DateTimeField(
                db_default=dt.datetime(2000, 1, 1, tzinfo=dt.UTC),
                default=dt.datetime(2000, 1, 1, tzinfo=dt.UTC),
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="inquiry",
            index=models.Index(
                condition=models.Q(("state__in", ("new", "claimed", "connected", "waiting"))),
                fields=["due_at", "received_at", "id"],
                name="inquiry_open_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="inquiry",
            index=models.Index(
                condition=models.Q(("state", "new")),
                fields=["due_at", "received_at", "id"],
                name="inquiry_new_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="inquiry",
            index=models.Index(
                condition=models.Q(("state__in", ("claimed", "connected", "waiting"))),
                fields=["owner", "due_at", "received_at", "id"],
                name="inquiry_claimed_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="inquiry",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["wakes_at", "received_at", "id"],
                name="inquiry_waiting_by_time",
            ),
        ),
        migrations.AddIndex(
            model_name="inquiry",
            index=models.Index(
                condition=models.Q(("state", "quarantined")),
                fields=["due_at", "received_at", "id"],
                name="inquiry_quarantined_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="inquiry",
            index=models.Index(
                condition=models.Q(("burst__isnull", False)),
                fields=["burst", "due_at", "received_at", "id"],
                name="inquiry_of_burst",
            ),
        ),
        migrations.AddIndex(
            model_name="inquiry",
            index=models.Index(
                condition=models.Q(("state__in", ("new", "claimed", "connected", "waiting"))),
                fields=["planned_way", "due_at", "received_at", "id"],
                name="inquiry_open_by_way",
            ),
        ),
        migrations.AddIndex(
            model_name="inquiry",
            index=models.Index(
                condition=models.Q(("state__in", ("new", "claimed", "connected", "waiting"))),
                fields=["current_language", "due_at", "received_at", "id"],
                name="inquiry_open_by_language",
            ),
        ),
        migrations.AddIndex(
            model_name="inquiry",
            index=models.Index(
                condition=models.Q(("state__in", ("new", "claimed", "connected", "waiting"))),
                fields=["urgency", "due_at", "received_at", "id"],
                name="inquiry_open_by_urgency",
            ),
        ),
        migrations.AddIndex(
            model_name="inquiry",
            index=models.Index(
                condition=models.Q(("state__in", ("new", "claimed", "connected", "waiting"))),
                fields=["topic", "due_at", "received_at", "id"],
                name="inquiry_open_by_topic",
            ),
        ),
        migrations.AddIndex(
            model_name="inquiry",
            index=models.Index(
                condition=models.Q(("replan_at__isnull", False)),
                fields=["replan_at"],
                name="inquiry_to_replan",
            ),
        ),
        migrations.AddIndex(
            model_name="inquiry",
            index=models.Index(
                condition=models.Q(("index_version__isnull", True)),
                fields=["id"],
                name="inquiry_to_index",
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="saved_views",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                fields=("owner", "name"), name="saved_view_has_its_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="saved_view_is_named"
            ),
        ),
    ]
