"""Tasks, checklists, referrals with their directory, and the outcome of a duplicate."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import inquiries.models.sealed


class Migration(migrations.Migration):
    safe_because = (
        "The release before never writes the new outcome, which the wider constraint also allows, and "
        "knows none of the new tables."
    )

    dependencies = [
        ("articles", "0006_more_labels"),
        ("inquiries", "0006_labels"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DirectoryEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        error_messages={"unique": "There is already an entry with this name"},
                        max_length=120,
                        unique=True,
                        verbose_name="name",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        help_text="Such as clinic, doctor, social work, or insurance.",
                        max_length=80,
                        verbose_name="kind",
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=60, verbose_name="phone")),
                (
                    "email",
                    models.CharField(blank=True, max_length=254, verbose_name="email or fax"),
                ),
                (
                    "languages",
                    models.CharField(blank=True, max_length=120, verbose_name="languages"),
                ),
                (
                    "notes",
                    models.TextField(
                        blank=True,
                        help_text="Hours, whom to ask for, what to send. Never anything about a patient.",
                        max_length=2000,
                        verbose_name="notes",
                    ),
                ),
                (
                    "is_retired",
                    models.BooleanField(
                        default=False,
                        help_text="Earlier referrals keep it.",
                        verbose_name="no longer used",
                    ),
                ),
            ],
            options={
                "verbose_name": "directory entry",
                "verbose_name_plural": "directory",
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="Checklist",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        error_messages={"unique": "There is already a checklist with this title"},
                        max_length=80,
                        unique=True,
                        verbose_name="title",
                    ),
                ),
            ],
            options={
                "verbose_name": "checklist",
                "verbose_name_plural": "checklists",
                "ordering": ("title",),
            },
        ),
        migrations.CreateModel(
            name="ChecklistItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=200, verbose_name="what to do")),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="0 is the day on which it is added.",
                        verbose_name="days until it is due",
                    ),
                ),
                (
                    "checklist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="inquiries.checklist",
                    ),
                ),
            ],
            options={
                "verbose_name": "task",
                "verbose_name_plural": "tasks",
                "ordering": ("checklist", "days", "id"),
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Referral",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("text", inquiries.models.sealed.SealedField()),
                ("at", models.DateTimeField()),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("not_yet", "Not heard yet. Ask again"),
                            ("arrived", "It arrived"),
                            ("appointment", "An appointment was made"),
                            ("declined", "They declined, or it never arrived"),
                        ],
                        default="not_yet",
                        max_length=20,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "inquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="inquiries.inquiry",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="inquiries.directoryentry",
                    ),
                ),
            ],
            options={
                "ordering": ("inquiry", "at", "id"),
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("text", inquiries.models.sealed.SealedField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To do again"),
                            ("done", "Done"),
                            ("canceled", "Canceled"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("has_time", models.BooleanField(default=False)),
                ("tell_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "assignee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "inquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="inquiries.inquiry",
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="inquiries.referral",
                    ),
                ),
            ],
            options={
                "ordering": ("inquiry", "due_at", "id"),
                "default_permissions": (),
            },
        ),
        migrations.RemoveConstraint(
            model_name="inquiry",
            name="inquiry_closed_has_an_outcome",
        ),
        migrations.AddConstraint(
            model_name="inquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", False),
                        (
                            "outcome__in",
                            [
                                "answered",
                                "referred",
                                "unreachable",
                                "withdrawn",
                                "duplicate",
                                "not_a_request",
                            ],
                        ),
                        ("state", "closed"),
                    ),
                    models.Q(
                        ("closed_at__isnull", True),
                        ("outcome", ""),
                        ("state__in", ["quarantined", "new", "claimed", "connected", "waiting"]),
                    ),
                    ("state", "erased"),
                    _connector="OR",
                ),
                name="inquiry_closed_has_an_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="checklist",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="checklist_has_a_title"
            ),
        ),
        migrations.AddConstraint(
            model_name="directoryentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name", ""), _negated=True), models.Q(("kind", ""), _negated=True)
                ),
                name="directory_entry_says_who",
            ),
        ),
        migrations.AddConstraint(
            model_name="checklistitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="checklist_item_says_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="checklistitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__lte", 365)), name="checklist_item_within_a_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", b""), _negated=True), name="referral_says_something"
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["due_at", "id"], name="task_open"
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("tell_at__isnull", False)),
                fields=["tell_at", "id"],
                name="task_to_tell",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", b""), _negated=True), name="task_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at__isnull", True), ("state", "open")),
                    models.Q(
                        ("settled_at__isnull", False),
                        ("state__in", ["done", "canceled"]),
                        ("tell_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="task_is_settled_once",
            ),
        ),
    ]
