import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0005_labels"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="category",
            name="description",
            field=models.CharField(
                blank=True,
                help_text="One plain sentence. Readers see it.",
                max_length=300,
                validators=[
                    django.core.validators.RegexValidator(
                        "[\\x00-\\x1f\\x7f]",
                        "This has an invisible character that isn’t allowed. Type it instead of pasting it.",
                        inverse_match=True,
                    )
                ],
                verbose_name="description",
            ),
        ),
        migrations.AlterField(
            model_name="category",
            name="name",
            field=models.CharField(
                max_length=80,
                unique=True,
                validators=[
                    django.core.validators.RegexValidator(
                        "[\\x00-\\x1f\\x7f]",
                        "This has an invisible character that isn’t allowed. Type it instead of pasting it.",
                        inverse_match=True,
                    )
                ],
                verbose_name="name",
            ),
        ),
        migrations.AlterField(
            model_name="categorytranslation",
            name="description",
            field=models.CharField(
                blank=True,
                max_length=300,
                validators=[
                    django.core.validators.RegexValidator(
                        "[\\x00-\\x1f\\x7f]",
                        "This has an invisible character that isn’t allowed. Type it instead of pasting it.",
                        inverse_match=True,
                    )
                ],
            ),
        ),
        migrations.AlterField(
            model_name="categorytranslation",
            name="name",
            field=models.CharField(
                max_length=80,
                validators=[
                    django.core.validators.RegexValidator(
                        "[\\x00-\\x1f\\x7f]",
                        "This has an invisible character that isn’t allowed. Type it instead of pasting it.",
                        inverse_match=True,
                    )
                ],
            ),
        ),
        migrations.AlterField(
            model_name="image",
            name="alt",
            field=models.CharField(
                blank=True,
                help_text="What it shows, for people who can’t see it. Each article can say it in its own words.",
                max_length=300,
                validators=[
                    django.core.validators.RegexValidator(
                        "[\\x00-\\x1f\\x7f]",
                        "This has an invisible character that isn’t allowed. Type it instead of pasting it.",
                        inverse_match=True,
                    )
                ],
                verbose_name="description",
            ),
        ),
        migrations.AlterField(
            model_name="image",
            name="credit",
            field=models.CharField(
                blank=True,
                help_text="Who made it and its license, as readers will see it below the picture.",
                max_length=200,
                validators=[
                    django.core.validators.RegexValidator(
                        "[\\x00-\\x1f\\x7f]",
                        "This has an invisible character that isn’t allowed. Type it instead of pasting it.",
                        inverse_match=True,
                    )
                ],
                verbose_name="credit",
            ),
        ),
        migrations.AlterField(
            model_name="image",
            name="name",
            field=models.CharField(
                error_messages={"unique": "Another picture has this name."},
                help_text="Articles use this name, such as “how-kidneys-filter”. It can’t be changed.",
                max_length=60,
                unique=True,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                        "A name has only lowercase letters, digits, and hyphens, like “how-kidneys-filter”.",
                    )
                ],
                verbose_name="name",
            ),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="answer",
            field=models.CharField(
                blank=True,
                editable=False,
                max_length=400,
                validators=[
                    django.core.validators.RegexValidator(
                        "[\\x00-\\x1f\\x7f]",
                        "This has an invisible character that isn’t allowed. Type it instead of pasting it.",
                        inverse_match=True,
                    )
                ],
            ),
        ),
        migrations.AlterField(
            model_name="reference",
            name="authors",
            field=models.CharField(
                blank=True,
                max_length=1000,
                validators=[
                    django.core.validators.RegexValidator(
                        "[\\x00-\\x1f\\x7f]",
                        "This has an invisible character that isn’t allowed. Type it instead of pasting it.",
                        inverse_match=True,
                    )
                ],
                verbose_name="authors",
            ),
        ),
        migrations.AlterField(
            model_name="reference",
            name="issue",
            field=models.CharField(
                blank=True,
                max_length=20,
                validators=[
                    django.core.validators.RegexValidator(
                        "[\\x00-\\x1f\\x7f]",
                        "This has an invisible character that isn’t allowed. Type it instead of pasting it.",
                        inverse_match=True,
                    )
                ],
                verbose_name="issue",
            ),
        ),
        migrations.AlterField(
            model_name="reference",
            name="journal",
            field=models.CharField(
                blank=True,
                max_length=200,
                validators=[
                    django.core.validators.RegexValidator(
                        "[\\x00-\\x1f\\x7f]",
                        "This has an invisible character that isn’t allowed. Type it instead of pasting it.",
                        inverse_match=True,
                    )
                ],
                verbose_name="journal",
            ),
        ),
        migrations.AlterField(
            model_name="reference",
            name="key",
            field=models.CharField(
                max_length=60,
                unique=True,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A[a-z][a-z0-9-]*\\Z",
                        "A key starts with a lowercase letter and has only lowercase letters, digits, and hyphens, like “gu-2014”.",
                    )
                ],
                verbose_name="key",
            ),
        ),
        migrations.AlterField(
            model_name="reference",
            name="pages",
            field=models.CharField(
                blank=True,
                max_length=40,
                validators=[
                    django.core.validators.RegexValidator(
                        "[\\x00-\\x1f\\x7f]",
                        "This has an invisible character that isn’t allowed. Type it instead of pasting it.",
                        inverse_match=True,
                    )
                ],
                verbose_name="pages",
            ),
        ),
        migrations.AlterField(
            model_name="reference",
            name="title",
            field=models.CharField(
                max_length=500,
                validators=[
                    django.core.validators.RegexValidator(
                        "[\\x00-\\x1f\\x7f]",
                        "This has an invisible character that isn’t allowed. Type it instead of pasting it.",
                        inverse_match=True,
                    )
                ],
                verbose_name="title",
            ),
        ),
        migrations.AlterField(
            model_name="reference",
            name="volume",
            field=models.CharField(
                blank=True,
                max_length=20,
                validators=[
                    django.core.validators.RegexValidator(
                        "[\\x00-\\x1f\\x7f]",
                        "This has an invisible character that isn’t allowed. Type it instead of pasting it.",
                        inverse_match=True,
                    )
                ],
                verbose_name="volume",
            ),
        ),
        migrations.AlterField(
            model_name="revision",
            name="condition",
            field=models.CharField(
                blank=True,
                help_text="What the article is about, such as “Lupus nephritis”.",
                max_length=100,
                validators=[
                    django.core.validators.RegexValidator(
                        "[\\x00-\\x1f\\x7f]",
                        "This has an invisible character that isn’t allowed. Type it instead of pasting it.",
                        inverse_match=True,
                    )
                ],
                verbose_name="condition",
            ),
        ),
        migrations.AlterField(
            model_name="revision",
            name="condition_code",
            field=models.CharField(
                blank=True,
                max_length=8,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A[A-TV-Z]\\d[0-9A-Z](\\.[0-9A-Z]{1,4})?\\Z",
                        "This isn’t an ICD-10-CM code. A code looks like “M32.14”.",
                    )
                ],
                verbose_name="ICD-10-CM code",
            ),
        ),
        migrations.AlterField(
            model_name="revision",
            name="title",
            field=models.CharField(
                max_length=200,
                validators=[
                    django.core.validators.RegexValidator(
                        "[\\x00-\\x1f\\x7f]",
                        "This has an invisible character that isn’t allowed. Type it instead of pasting it.",
                        inverse_match=True,
                    )
                ],
                verbose_name="title",
            ),
        ),
        migrations.AlterField(
            model_name="term",
            name="definition",
            field=models.CharField(
                help_text="One or two short sentences that a twelve-year-old understands.",
                max_length=400,
                validators=[
                    django.core.validators.RegexValidator(
                        "[\\x00-\\x1f\\x7f]",
                        "This has an invisible character that isn’t allowed. Type it instead of pasting it.",
                        inverse_match=True,
                    )
                ],
                verbose_name="definition",
            ),
        ),
        migrations.AlterField(
            model_name="term",
            name="name",
            field=models.CharField(
                max_length=80,
                unique=True,
                validators=[
                    django.core.validators.RegexValidator(
                        "[\\x00-\\x1f\\x7f]",
                        "This has an invisible character that isn’t allowed. Type it instead of pasting it.",
                        inverse_match=True,
                    )
                ],
                verbose_name="name",
            ),
        ),
        migrations.AlterField(
            model_name="termtranslation",
            name="definition",
            field=models.CharField(
                max_length=400,
                validators=[
                    django.core.validators.RegexValidator(
                        "[\\x00-\\x1f\\x7f]",
                        "This has an invisible character that isn’t allowed. Type it instead of pasting it.",
                        inverse_match=True,
                    )
                ],
            ),
        ),
        migrations.AlterField(
            model_name="termtranslation",
            name="name",
            field=models.CharField(
                max_length=80,
                validators=[
                    django.core.validators.RegexValidator(
                        "[\\x00-\\x1f\\x7f]",
                        "This has an invisible character that isn’t allowed. Type it instead of pasting it.",
                        inverse_match=True,
                    )
                ],
            ),
        ),
    ]
