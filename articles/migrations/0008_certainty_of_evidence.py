from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0007_search")]

    operations = [
        # Null without a default adds a column and makes no new table, so the triggers stay.
        migrations.AddField(
            model_name="approval", name="certainty", field=models.JSONField(null=True)
        ),
    ]
