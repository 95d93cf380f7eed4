import django.core.validators
import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from articles.migrations.initial.triggers import create_article_triggers

no_control_character = django.core.validators.RegexValidator(
    "[\\x00-\\x1f\\x7f]", "Take out the control character.", inverse_match=True
)


def keep_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """SQLite made the table of articles anew, and its triggers went with the old one."""
    if schema_editor.connection.vendor == "sqlite":
        create_article_triggers(schema_editor)


class Migration(migrations.Migration):
    safe_because = (
        "The release before writes articles that are in English and translate none, which all of "
        "these constraints allow; the triggers are those that the table had."
    )

    dependencies = [("articles", "0003_second_person")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="language",
            field=models.CharField(db_default="en", default="en", editable=False, max_length=10),
        ),
        migrations.AddField(
            model_name="article",
            name="translated_from",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.revision",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="translation_of",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="translations",
                to="articles.article",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(("language", ""), _negated=True), name="article_has_a_language"
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("translated_from__isnull", True), ("translation_of__isnull", True)),
                    models.Q(
                        ("translated_from__isnull", False),
                        ("translation_of__isnull", False),
                        models.Q(("translation_of", models.F("id")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="article_translation_names_its_original",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.UniqueConstraint(
                condition=models.Q(("translation_of__isnull", False)),
                fields=("translation_of", "language"),
                name="article_translated_once",
            ),
        ),
        migrations.RunPython(keep_triggers),
        migrations.AddField(
            model_name="livepage", name="addresses", field=models.JSONField(null=True)
        ),
        migrations.CreateModel(
            name="CategoryTranslation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=80, validators=[no_control_character])),
                (
                    "description",
                    models.CharField(blank=True, max_length=300, validators=[no_control_character]),
                ),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="translations",
                        to="articles.category",
                    ),
                ),
            ],
            options={
                "ordering": ("language",),
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("category", "language"), name="category_translated_once"
                    ),
                    models.UniqueConstraint(
                        fields=("language", "name"), name="category_translation_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="category_translation_has_a_name",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TermTranslation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=80, validators=[no_control_character])),
                ("forms", models.TextField(blank=True, max_length=500)),
                ("definition", models.CharField(max_length=400, validators=[no_control_character])),
                (
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="translations",
                        to="articles.term",
                    ),
                ),
            ],
            options={
                "ordering": ("language",),
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("term", "language"), name="term_translated_once"
                    ),
                    models.UniqueConstraint(
                        fields=("language", "name"), name="term_translation_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="term_translation_has_a_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("definition", ""), _negated=True),
                        name="term_translation_is_defined",
                    ),
                ],
            },
        ),
    ]
