"""Takes the words out of the articles; holds to what readers may see."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0005_words_to_revisions")]

    operations = [
        migrations.RemoveIndex(
            model_name="article",
            name="article_published_newest",
        ),
        migrations.RemoveField(
            model_name="article",
            name="body",
        ),
        migrations.RemoveField(
            model_name="article",
            name="body_html",
        ),
        migrations.RemoveField(
            model_name="article",
            name="references",
        ),
        migrations.RemoveField(
            model_name="article",
            name="reviewed_at",
        ),
        migrations.RemoveField(
            model_name="article",
            name="reviewed_by",
        ),
        migrations.RemoveField(
            model_name="article",
            name="summary",
        ),
        migrations.RemoveField(
            model_name="article",
            name="written_by",
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("live__isnull", False)),
                fields=["-published_at", "-id"],
                name="article_live_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("live__isnull", False)),
                fields=["review_due_at", "id"],
                name="article_due_for_review",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("publish_at__isnull", False)),
                fields=["publish_at"],
                name="article_to_publish",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("retire_at__isnull", False)),
                fields=["retire_at"],
                name="article_to_retire",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["state", "-updated_at"], name="article_by_state"),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["draft", "in_review", "approved", "scheduled", "published", "retired"],
                    )
                ),
                name="article_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approval__isnull", True), ("live__isnull", True)),
                    models.Q(
                        ("approval__isnull", False),
                        ("live__isnull", False),
                        ("live_at__isnull", False),
                        ("published_at__isnull", False),
                        ("retired_at__isnull", True),
                        ("review_due_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="article_live_is_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True),
                    ("live", models.F("head")),
                    _connector="OR",
                ),
                name="article_published_is_live",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "retired"), _negated=True),
                    ("retired_at__isnull", False),
                    _connector="OR",
                ),
                name="article_retired_has_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("publish_at__isnull", False), ("state", "scheduled")),
                    models.Q(
                        models.Q(("state", "scheduled"), _negated=True),
                        ("publish_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="article_scheduled_has_a_day",
            ),
        ),
        migrations.AlterField(
            model_name="article",
            name="head",
            field=models.OneToOneField(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="head_of",
                to="articles.revision",
            ),
        ),
    ]
