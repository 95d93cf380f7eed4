"""Takes the clear values away, and lets the database hold to the new rules."""

from django.db import migrations, models
from django.db.models import Q

OPEN = ("new", "claimed")
CLEAR = {
    "inquiry": ["full_name", "patient_name", "phone", "phone_e164", "email", "message"],
    "note": ["text"],
    "addition": ["content"],
}


class Migration(migrations.Migration):
    dependencies = [("inquiries", "0004_seal_what_is_there")]

    operations = [
        *(
            migrations.RemoveField(model, f"clear_{name}")
            for model, names in CLEAR.items()
            for name in names
        ),
        migrations.AlterField(
            "event",
            "inquiry",
            models.ForeignKey(
                "inquiries.inquiry",
                models.PROTECT,
                related_name="events",
                db_index=False,
            ),
        ),
        migrations.AddIndex(
            "event",
            models.Index(fields=["by", "-at"], condition=Q(kind="read"), name="event_read_by"),
        ),
        migrations.AddConstraint(
            "event",
            models.UniqueConstraint(fields=("inquiry", "number"), name="event_has_its_place"),
        ),
        migrations.AddConstraint(
            "note", models.CheckConstraint(condition=~Q(text=b""), name="note_says_something")
        ),
        migrations.AddConstraint(
            "inquiry",
            models.CheckConstraint(
                condition=Q(state__in=["new", "claimed", "closed", "erased"]),
                name="inquiry_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            "inquiry",
            models.CheckConstraint(
                condition=Q(state="claimed", owner__isnull=False)
                | Q(state="new", owner__isnull=True)
                | Q(state__in=["closed", "erased"]),
                name="inquiry_claimed_has_an_owner",
            ),
        ),
        migrations.AddConstraint(
            "inquiry",
            models.CheckConstraint(
                condition=Q(
                    state="closed",
                    closed_at__isnull=False,
                    outcome__in=[
                        "answered",
                        "referred",
                        "unreachable",
                        "withdrawn",
                        "not_a_request",
                    ],
                )
                | Q(state__in=OPEN, closed_at__isnull=True, outcome="")
                | Q(state="erased"),
                name="inquiry_closed_has_an_outcome",
            ),
        ),
        migrations.AddConstraint(
            "inquiry",
            models.CheckConstraint(
                condition=Q(state="erased") | ~Q(full_name=b"") & ~Q(message=b""),
                name="inquiry_says_who_and_what",
            ),
        ),
        migrations.AddConstraint(
            "inquiry",
            models.CheckConstraint(
                condition=Q(state="erased") | ~Q(phone=b"") | ~Q(email=b""),
                name="inquiry_can_be_answered",
            ),
        ),
        migrations.AddConstraint(
            "inquiry",
            models.CheckConstraint(
                condition=~Q(state="erased") & Q(erased_at__isnull=True)
                | Q(state="erased", erased_at__isnull=False, key_digest__isnull=True)
                & Q(full_name=b"", patient_name=b"", phone=b"", phone_e164=b"")
                & Q(email=b"", message=b""),
                name="inquiry_erased_says_nothing",
            ),
        ),
    ]
