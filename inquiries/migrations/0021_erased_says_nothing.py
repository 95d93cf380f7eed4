"""An erased request says nothing at all: the constraint names every field, not only the sealed ones.

What an erasure by an older release left behind is emptied first. `said_answered` is emptied too,
but not part of the constraint: the release before this one leaves it, and goes on serving meanwhile.
"""

from typing import Any

from django.db import migrations, models

NOTHING: tuple[tuple[str, Any], ...] = (
    ("content_digest", ""),
    ("key_digest__isnull", True),
    ("article__isnull", True),
    ("duplicate_of__isnull", True),
    ("revision__isnull", True),
    ("undelivered_at__isnull", True),
    ("authority", ""),
    ("full_name", b""),
    ("message", b""),
    ("patient_name", b""),
    ("relation", ""),
    ("contact_method", ""),
    ("email", b""),
    ("phone", b""),
    ("phone_e164", b""),
    ("email_checked", False),
    ("page_code", b""),
    ("never_contact", b""),
    ("shared_email", False),
    ("shared_phone", False),
    ("voicemail", ""),
    ("best_time", ""),
    ("language", ""),
    ("time_zone", ""),
    ("interpreter", False),
    ("interpreter_language", b""),
)


def empty(apps: Any, schema_editor: Any) -> None:
    erased = apps.get_model("inquiries", "Inquiry").objects.filter(state="erased")
    emptied = {
        name.removesuffix("__isnull"): None if name.endswith("__isnull") else value
        for name, value in NOTHING
    }
    says_something = ~models.Q(*NOTHING) | models.Q(said_answered__isnull=False)
    erased.filter(says_something).update(**emptied, said_answered=None)


class Migration(migrations.Migration):
    dependencies = [("articles", "0009_withdrawn"), ("inquiries", "0020_danger_patterns")]

    operations = [
        migrations.RunPython(empty, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="inquiry", name="inquiry_erased_says_nothing"),
        migrations.AddConstraint(
            model_name="inquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("state", "erased"), _negated=True), ("erased_at__isnull", True)
                    ),
                    models.Q(("erased_at__isnull", False), ("state", "erased"), *NOTHING),
                    _connector="OR",
                ),
                name="inquiry_erased_says_nothing",
            ),
        ),
    ]
