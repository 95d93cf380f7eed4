"""Room for sealed values beside the clear ones, and for keys, chains, receipts and the audit trail.

The clear values move aside under names of their own; 0004 seals them, 0005 takes them away.
"""

from collections.abc import Iterator
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

import inquiries.models.sealed

#: Of each model, what is sealed from now on, with its longest where it has one.
SEALED: dict[str, dict[str, dict[str, Any]]] = {
    "inquiry": {
        "full_name": {"max_length": 200},
        "patient_name": {"max_length": 200, "blank": True},
        "phone": {"max_length": 60, "blank": True},
        "phone_e164": {"max_length": 20, "blank": True},
        "email": {"max_length": 254, "blank": True},
        "message": {},
    },
    "note": {"text": {}},
}


def sealed_fields() -> Iterator[Operation]:
    for model, fields in SEALED.items():
        for name, options in fields.items():
            yield migrations.RenameField(model, name, f"clear_{name}")
            yield migrations.AddField(
                model,
                name,
                inquiries.models.sealed.SealedField(default=b"", **options),
                preserve_default=False,
            )


def by() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        django.db.models.deletion.PROTECT,
        null=True,
        related_name="+",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0003_search_index"),
        ("inquiries", "0002_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint("inquiry", "inquiry_says_who_and_what"),
        migrations.RemoveConstraint("inquiry", "inquiry_can_be_answered"),
        migrations.RemoveConstraint("inquiry", "inquiry_state_is_known"),
        migrations.RemoveConstraint("inquiry", "inquiry_claimed_has_an_owner"),
        migrations.RemoveConstraint("inquiry", "inquiry_closed_has_an_outcome"),
        migrations.RemoveConstraint("event", "event_one_per_version"),
        migrations.RemoveConstraint("note", "note_says_something"),
        *sealed_fields(),
        migrations.RenameField("addition", "content", "clear_content"),
        migrations.AddField(
            "addition",
            "written",
            inquiries.models.sealed.SealedField(default=b""),
            preserve_default=False,
        ),
        migrations.AddField("inquiry", "chain_length", models.PositiveIntegerField(default=0)),
        migrations.AddField("inquiry", "chain_head", models.CharField(blank=True, max_length=64)),
        migrations.AddField("inquiry", "erased_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "event", "number", models.PositiveIntegerField(default=0), preserve_default=False
        ),
        migrations.AddField(
            "event", "mac", models.CharField(default="", max_length=64), preserve_default=False
        ),
        migrations.AlterField(
            "inquiry", "key_digest", models.CharField(max_length=64, null=True, unique=True)
        ),
        migrations.AlterField(
            "inquiry", "content_digest", models.CharField(blank=True, max_length=64)
        ),
        migrations.AlterField(
            "inquiry",
            "state",
            models.CharField(
                choices=[
                    ("new", "New"),
                    ("claimed", "Claimed"),
                    ("closed", "Closed"),
                    ("erased", "Erased"),
                ],
                default="new",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            "inquiry",
            "relation",
            models.CharField(
                blank=True,
                choices=[("self", "Myself"), ("someone_else", "Someone I care for")],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            "inquiry",
            "contact_method",
            models.CharField(
                blank=True,
                choices=[("phone", "Phone call"), ("text", "Text message"), ("email", "Email")],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            "inquiry",
            "voicemail",
            models.CharField(
                blank=True,
                choices=[
                    ("none", "Do not leave a message"),
                    ("callback_only", "Leave only a name and number to call back"),
                    ("may_identify", "You may say who you are and why you call"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            "inquiry",
            "language",
            models.CharField(
                blank=True, choices=[("en", "English"), ("es", "Spanish")], max_length=10
            ),
        ),
        migrations.AlterField(
            "event",
            "kind",
            models.CharField(
                choices=[
                    ("received", "Received"),
                    ("added", "Sent again with changes"),
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
        migrations.AlterModelOptions(
            "inquiry",
            {
                "default_permissions": ("view",),
                "permissions": [
                    ("triage_inquiry", "Can claim, note, release and close requests"),
                    ("lead_inquiry", "Can release and close requests that others have claimed"),
                    ("erase_inquiry", "Can erase requests"),
                ],
                "verbose_name": "request",
            },
        ),
        migrations.AlterModelOptions(
            "event", {"default_permissions": (), "ordering": ("inquiry", "number")}
        ),
        migrations.CreateModel(
            name="PurposeKey",
            fields=[
                ("wrapped", models.BinaryField()),
                ("wrapped_by", models.CharField(db_index=True, max_length=8)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("chain", "Chains of events, audit trail, receipts and anchors"),
                            ("index", "Blind indexes for search"),
                            ("second_factor", "Secrets of the staff's second factors"),
                        ],
                        max_length=20,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(purpose__in=["chain", "index", "second_factor"]),
                        name="purpose_key_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DataKey",
            fields=[
                ("wrapped", models.BinaryField()),
                ("wrapped_by", models.CharField(db_index=True, max_length=8)),
                (
                    "inquiry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="data_key",
                        serialize=False,
                        to="inquiries.inquiry",
                    ),
                ),
            ],
            options={"abstract": False, "default_permissions": ()},
        ),
        migrations.CreateModel(
            name="IndexEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.BinaryField()),
                (
                    "inquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="index_entries",
                        to="inquiries.inquiry",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("digest", "inquiry"), name="index_entry_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("inquiry_id", models.UUIDField(unique=True)),
                ("reference", models.CharField(max_length=14)),
                ("at", models.DateTimeField()),
                ("mac", models.CharField(max_length=64)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="AuditTrail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chain_length", models.PositiveIntegerField(default=0)),
                ("chain_head", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(id=1), name="audit_trail_is_one")
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("detail", models.JSONField(default=dict)),
                ("mac", models.CharField(max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("signed_in", "Signed in"),
                            ("sign_in_failed", "Sign-in failed"),
                            ("signed_out", "Signed out"),
                            ("reauthenticated", "Confirmed who she is"),
                            ("session_ended", "Session ended"),
                            ("factor_changed", "Second factor changed"),
                            ("password_changed", "Password changed"),
                            ("account_changed", "Account or role changed"),
                            ("searched", "Searched requests"),
                            ("audited", "Looked at the audit trail"),
                            ("exported", "Exported"),
                            ("purged", "Retention carried out"),
                            ("anchored", "Anchor written"),
                            ("keys_rotated", "Keys rotated"),
                            ("settings_changed", "Settings changed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("about", by()),
                ("by", by()),
            ],
            options={
                "verbose_name_plural": "audit trail",
                "ordering": ("-at", "-number"),
                "permissions": [("audit", "Can read the audit trail and export it")],
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["-at", "-number"], name="audit_entry_newest"),
                    models.Index(fields=["kind", "-at", "-number"], name="audit_entry_by_kind"),
                    models.Index(fields=["by", "-at", "-number"], name="audit_entry_by_account"),
                    models.Index(
                        fields=["about", "-at", "-number"], name="audit_entry_about_account"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("number",), name="audit_entry_has_its_place")
                ],
            },
        ),
    ]
