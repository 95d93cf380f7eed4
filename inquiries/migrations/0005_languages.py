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
            model_name="absence",
            name="last_day",
            field=models.DateField(
                help_text="The last day away. Their requests return to the queue and stay there."
            ),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="kind",
            field=models.CharField(
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
                    ("phrases_changed", "Danger phrases changed"),
                    ("absences_changed", "Absences changed"),
                    ("hours_changed", "Calendar changed"),
                    ("levels_changed", "Service level changed"),
                    ("replies_changed", "Canned reply changed"),
                    ("scripts_changed", "Crisis script changed"),
                    ("languages_changed", "Languages of a colleague changed"),
                ],
                max_length=20,
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
        migrations.AlterField(
            model_name="crisisscript",
            name="position",
            field=models.PositiveSmallIntegerField(
                default=1, help_text="The lowest number comes first."
            ),
        ),
        migrations.AlterField(
            model_name="crisisscript",
            name="steps",
            field=models.TextField(
                help_text="One step per line, in order.", verbose_name="what to do"
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
