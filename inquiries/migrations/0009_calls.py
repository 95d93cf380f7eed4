"""Since when a colleague waits for a lead's answer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inquiries", "0008_team"),
    ]

    operations = [
        migrations.AddField(
            model_name="inquiry",
            name="lead_asked_at",
            field=models.DateTimeField(null=True),
        ),
    ]
