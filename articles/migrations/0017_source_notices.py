"""When each source is looked up next, whether it was found, and what was noticed about it.

A proposal about that has no person behind it.
"""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now

_HAS_NUMBER = models.Q(
    models.Q(("doi", ""), _negated=True), models.Q(("pmid", ""), _negated=True), _connector="OR"
)


class Migration(migrations.Migration):
    safe_because = (
        "The release before reads and writes proposals that have a person. Only look-ups make "
        "others, and they are off until someone turns them on in this release."
    )

    dependencies = [
        ("articles", "0016_kept_text"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="reference",
            name="check_at",
            field=models.DateTimeField(
                db_default=Now(), default=django.utils.timezone.now, editable=False
            ),
        ),
        migrations.AddField(
            model_name="reference",
            name="check_failures",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="reference",
            name="missing_numbers",
            field=models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=240
            ),
        ),
        migrations.AddField(
            model_name="reference",
            name="missing_since",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="reference",
            index=models.Index(
                condition=_HAS_NUMBER, fields=["check_at"], name="reference_to_check"
            ),
        ),
        migrations.AddIndex(
            model_name="reference",
            index=models.Index(
                condition=models.Q(("missing_since__isnull", False)),
                fields=["key"],
                name="reference_missing",
            ),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="proposed_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="proposed by",
            ),
        ),
        migrations.CreateModel(
            name="SourceNotice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("retraction", "Retraction"),
                            ("concern", "Expression of concern"),
                            ("correction", "Correction"),
                        ],
                        max_length=20,
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=200)),
                ("noticed_at", models.DateTimeField(auto_now_add=True)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "reference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="articles.reference",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("noticed_at", "id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled_at__isnull", True)),
                        fields=["reference"],
                        name="notice_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reference", "kind", "number"), name="notice_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["retraction", "concern", "correction"])),
                        name="notice_kind_is_known",
                    ),
                ],
            },
        ),
    ]
