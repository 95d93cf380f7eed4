"""Changed only words, which migrations no longer hold; databases know it by its name."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0002_sign_in_attempts"),
    ]

    operations = []
