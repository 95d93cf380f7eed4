"""More of what she tells us, quarantine, messages, links, mails."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import inquiries.models.sealed


def keep_suspicion(apps: Any, schema_editor: Any) -> None:
    apps.get_model("inquiries", "Inquiry").objects.filter(suspected=True).update(suspicion="trap")


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0003_search_index"),
        ("inquiries", "0007_no_trace"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="DangerPhrase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("phrase", models.CharField(max_length=80, unique=True)),
                (
                    "language",
                    models.CharField(choices=[("en", "English"), ("es", "Spanish")], max_length=10),
                ),
            ],
            options={
                "ordering": ("language", "phrase"),
                "default_permissions": ("view", "add", "change", "delete"),
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("acknowledgement", "Confirmation that we have the request"),
                            ("reply", "Notice that we wrote to her"),
                            ("link", "A new private link"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sent", "Handed to the mail server"),
                            ("failed", "Failed for good"),
                            ("dropped", "Not needed any more"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("failure", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "verbose_name_plural": "deliveries",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("due_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("went_well", models.BooleanField(default=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", inquiries.models.sealed.SealedField()),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.RemoveConstraint(
            model_name="inquiry",
            name="inquiry_state_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="inquiry",
            name="inquiry_claimed_has_an_owner",
        ),
        migrations.RemoveConstraint(
            model_name="inquiry",
            name="inquiry_closed_has_an_outcome",
        ),
        migrations.RemoveConstraint(
            model_name="inquiry",
            name="inquiry_erased_says_nothing",
        ),
        migrations.AddField(
            model_name="inquiry",
            name="answered_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="inquiry",
            name="authority",
            field=models.CharField(
                blank=True,
                choices=[
                    ("asked", "They know about it and asked me to"),
                    ("guardian", "I am a parent or legal guardian"),
                    ("representative", "I may decide for them (power of attorney or the like)"),
                    ("unaware", "They do not know about it yet"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="inquiry",
            name="channel",
            field=models.CharField(
                choices=[("web", "Website"), ("phone", "Phone call"), ("desk", "At the desk")],
                default="web",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="inquiry",
            name="never_contact",
            field=inquiries.models.sealed.SealedField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="inquiry",
            name="said_answered",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="inquiry",
            name="shared_email",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="inquiry",
            name="shared_phone",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="inquiry",
            name="suspicion",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.RunPython(keep_suspicion, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name="inquiry",
            name="suspected",
        ),
        migrations.AddField(
            model_name="inquiry",
            name="undelivered_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="inquiry",
            name="urgent",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="inquiry",
            name="wrote_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("received", "Received"),
                    ("added", "Sent again with changes"),
                    ("wrote", "Message"),
                    ("replied", "Message to the sender"),
                    ("judged", "Said whether we answered her"),
                    ("attempted", "Attempt to reach her"),
                    ("cleared", "Cleared from quarantine"),
                    ("linked", "Private link given out"),
                    ("unlinked", "Private links taken back"),
                    ("undelivered", "Mail could not be delivered"),
                    ("claimed", "Claimed"),
                    ("released", "Released"),
                    ("noted", "Note added"),
                    ("closed", "Closed"),
                    ("reopened", "Reopened"),
                    ("erased", "Erased"),
                    ("read", "Read"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="inquiry",
            name="due_at",
            field=models.DateTimeField(help_text="By when an answer was promised."),
        ),
        migrations.AlterField(
            model_name="inquiry",
            name="state",
            field=models.CharField(
                choices=[
                    ("quarantined", "In quarantine"),
                    ("new", "New"),
                    ("claimed", "Claimed"),
                    ("closed", "Closed"),
                    ("erased", "Erased"),
                ],
                default="new",
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="inquiry",
            index=models.Index(
                condition=models.Q(("state", "quarantined")),
                fields=["due_at", "id"],
                name="inquiry_quarantined_by_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="inquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["quarantined", "new", "claimed", "closed", "erased"])
                ),
                name="inquiry_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="inquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("owner__isnull", False), ("state", "claimed")),
                    models.Q(("owner__isnull", True), ("state__in", ["quarantined", "new"])),
                    ("state__in", ["closed", "erased"]),
                    _connector="OR",
                ),
                name="inquiry_claimed_has_an_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="inquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", False),
                        (
                            "outcome__in",
                            ["answered", "referred", "unreachable", "withdrawn", "not_a_request"],
                        ),
                        ("state", "closed"),
                    ),
                    models.Q(
                        ("closed_at__isnull", True),
                        ("outcome", ""),
                        ("state__in", ["quarantined", "new", "claimed"]),
                    ),
                    ("state", "erased"),
                    _connector="OR",
                ),
                name="inquiry_closed_has_an_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="inquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("state", "erased"), _negated=True), ("erased_at__isnull", True)
                    ),
                    models.Q(
                        ("erased_at__isnull", False),
                        ("key_digest__isnull", True),
                        ("state", "erased"),
                        ("full_name", b""),
                        ("patient_name", b""),
                        ("phone", b""),
                        ("phone_e164", b""),
                        ("email", b""),
                        ("message", b""),
                        ("never_contact", b""),
                    ),
                    _connector="OR",
                ),
                name="inquiry_erased_says_nothing",
            ),
        ),
        migrations.AddField(
            model_name="accesslink",
            name="inquiry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="links",
                to="inquiries.inquiry",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="inquiry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deliveries",
                to="inquiries.inquiry",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="event",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="message",
                to="inquiries.event",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["due_at", "id"],
                name="delivery_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "failed")),
                fields=["settled_at"],
                name="delivery_failed",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at__isnull", True), ("state", "waiting")),
                    models.Q(
                        ("settled_at__isnull", False), ("state__in", ["sent", "failed", "dropped"])
                    ),
                    _connector="OR",
                ),
                name="delivery_is_settled_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", b""), _negated=True), name="message_says_something"
            ),
        ),
    ]
