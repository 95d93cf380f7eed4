"""Changed only words, which migrations no longer hold; databases know it by its name."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("inquiries", "0012_more_labels"),
    ]

    operations = []
