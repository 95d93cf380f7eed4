"""Who may see the reports; and two indexes, so that a report reads its own days and no others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0003_search_index"),
        ("inquiries", "0016_levels_and_scripts"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="inquiry",
            options={
                "default_permissions": ("view",),
                "permissions": [
                    ("triage_inquiry", "Can claim, note, release and close requests"),
                    ("lead_inquiry", "Can release and close requests that others have claimed"),
                    ("erase_inquiry", "Can erase requests"),
                    ("report_inquiry", "Can see the reports and export them"),
                ],
                "verbose_name": "request",
            },
        ),
        migrations.AddIndex(
            model_name="inquiry",
            index=models.Index(
                fields=["received_at", "topic", "article"], name="inquiry_by_receipt"
            ),
        ),
        migrations.AddIndex(
            model_name="inquiry",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)),
                fields=["closed_at", "outcome"],
                name="inquiry_by_end",
            ),
        ),
    ]
