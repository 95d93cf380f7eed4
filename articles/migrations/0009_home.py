import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0008_certainty_of_evidence"),
    ]

    operations = [
        # Null without a default adds a column and makes no new table, so the triggers stay.
        migrations.AddField(
            model_name="category",
            name="picture",
            field=models.CharField(
                blank=True,
                choices=[
                    ("body", "Body"),
                    ("book", "Book"),
                    ("cell", "Cell"),
                    ("cord", "Umbilical cord"),
                    ("drip", "Drip"),
                    ("flask", "Flask"),
                    ("heart", "Heart"),
                    ("kidneys", "Kidneys"),
                    ("medicine", "Medicine"),
                ],
                max_length=20,
                null=True,
                verbose_name="picture",
            ),
        ),
        migrations.AddField(
            model_name="category",
            name="position",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="1 comes first. Put what is most basic first. Empty: at the end, by name.",
                null=True,
                verbose_name="place in the list of topics",
            ),
        ),
        migrations.AddField(
            model_name="category",
            name="start_with",
            field=models.ForeignKey(
                blank=True,
                help_text="The home page shows the one of the first topic.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="articles.article",
                verbose_name="article to read first",
            ),
        ),
    ]
