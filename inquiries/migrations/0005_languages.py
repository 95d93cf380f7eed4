"""The languages of prepared texts and of colleagues, and the shipped texts in both."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from inquiries.migrations.initial import translations


class Migration(migrations.Migration):
    safe_because = (
        "The release before writes none of the new columns, which hold null or “en” then, and the "
        "constraints ask for no more; the code changes a few rows that nobody has edited."
    )

    dependencies = [
        ("inquiries", "0004_bursts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SpokenLanguages",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="spoken_languages",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("codes", models.CharField(max_length=100)),
            ],
            options={
                "verbose_name_plural": "spoken languages",
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="cannedreply",
            name="translation_of",
            field=models.ForeignKey(
                blank=True,
                help_text="The original is shown beside it, for colleagues who do not read this language.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="translations",
                to="inquiries.cannedreply",
            ),
        ),
        migrations.AddField(
            model_name="crisisscript",
            name="language",
            field=models.CharField(
                choices=[("en", "English"), ("es", "Spanish")],
                db_default="en",
                default="en",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="crisisscript",
            name="translation_of",
            field=models.ForeignKey(
                blank=True,
                help_text="The original is shown beside it, for colleagues who do not read this language.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="translations",
                to="inquiries.crisisscript",
            ),
        ),
        migrations.AlterField(
            model_name="cannedreply",
            name="language",
            field=models.CharField(
                choices=[("en", "English"), ("es", "Spanish")],
                db_default="en",
                default="en",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="cannedreply",
            constraint=models.UniqueConstraint(
                fields=("translation_of", "language"),
                name="cannedreply_has_one_translation",
                violation_error_message="It already has a translation into this language",
            ),
        ),
        migrations.AddConstraint(
            model_name="cannedreply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("translation_of__isnull", True),
                    models.Q(("translation_of", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="cannedreply_translates_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="crisisscript",
            constraint=models.UniqueConstraint(
                fields=("translation_of", "language"),
                name="crisisscript_has_one_translation",
                violation_error_message="It already has a translation into this language",
            ),
        ),
        migrations.AddConstraint(
            model_name="crisisscript",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("translation_of__isnull", True),
                    models.Q(("translation_of", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="crisisscript_translates_another",
            ),
        ),
        migrations.AlterConstraint(
            model_name="cannedreply",
            name="canned_reply_has_its_title",
            constraint=models.UniqueConstraint(
                fields=("language", "title"),
                name="canned_reply_has_its_title",
                violation_error_message="There is already a reply with this title",
            ),
        ),
        migrations.AddConstraint(
            model_name="spokenlanguages",
            constraint=models.CheckConstraint(
                condition=models.Q(("codes", ""), _negated=True), name="everybody_speaks_something"
            ),
        ),
        migrations.RunPython(translations.reword_replies, migrations.RunPython.noop),
        migrations.RunPython(translations.translate_scripts, migrations.RunPython.noop),
    ]
