"""Changed only words, which migrations no longer hold; databases know it by its name."""

from django.conf import settings
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0004_languages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = []
