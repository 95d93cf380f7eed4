from django.conf import settings
from django.db import migrations, models

import inquiries.models.sealed


class Migration(migrations.Migration):
    safe_because = "No installation exists yet: no release before it is serving."

    dependencies = [
        ("articles", "0001_initial"),
        ("inquiries", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="inquiry",
            name="inquiry_erased_says_nothing",
        ),
        migrations.AddField(
            model_name="inquiry",
            name="pronouns",
            field=inquiries.models.sealed.SealedField(
                blank=True, db_default=b"", default=b"", max_length=40
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
                        ("state", "erased"),
                        ("article__isnull", True),
                        ("authority", ""),
                        ("best_time", ""),
                        ("contact_method", ""),
                        ("content_digest", ""),
                        ("duplicate_of__isnull", True),
                        ("email", ""),
                        ("email_checked", False),
                        ("full_name", ""),
                        ("interpreter", False),
                        ("interpreter_language", ""),
                        ("key_digest__isnull", True),
                        ("language", ""),
                        ("message", ""),
                        ("never_contact", ""),
                        ("page_code", ""),
                        ("patient_name", ""),
                        ("phone", ""),
                        ("phone_e164", ""),
                        ("pronouns", ""),
                        ("relation", ""),
                        ("revision__isnull", True),
                        ("shared_email", False),
                        ("shared_phone", False),
                        ("time_zone", ""),
                        ("undelivered_at__isnull", True),
                        ("voicemail", ""),
                    ),
                    _connector="OR",
                ),
                name="inquiry_erased_says_nothing",
            ),
        ),
    ]
