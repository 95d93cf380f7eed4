"""Revisions, approvals and the library, beside the articles as they were."""

import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0003_search_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Approval",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("interests", models.CharField(max_length=400)),
                ("answers", models.JSONField(default=list)),
            ],
            options={
                "ordering": ("at",),
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Authorship",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("interests", models.CharField(blank=True, max_length=400)),
            ],
            options={
                "ordering": ("id",),
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Clarity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("yes", "Yes"),
                            ("hard_words", "No: the words are too hard"),
                            ("too_long", "No: it is too long"),
                            ("not_there", "No: what I looked for is not there"),
                            ("not_sure", "No: I am not sure that I can trust it"),
                        ],
                        max_length=20,
                    ),
                ),
                ("day", models.DateField()),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name_plural": "clarity",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("drafted", "Drafted"),
                            ("revised", "Edited"),
                            ("restored", "Restored from an earlier revision"),
                            ("filed", "Filed under other categories"),
                            ("moved", "Given another address"),
                            ("submitted", "Sent to review"),
                            ("sent_back", "Sent back"),
                            ("approved", "Approved"),
                            ("scheduled", "Scheduled"),
                            ("unscheduled", "Taken off the schedule"),
                            ("published", "Published"),
                            ("confirmed", "Reviewed again"),
                            ("due", "Put into the review list"),
                            ("retirement_set", "Retirement planned"),
                            ("retired", "Retired"),
                            ("shared", "Preview link made"),
                            ("unshared", "Preview link ended"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("words", models.TextField(blank=True)),
            ],
            options={
                "ordering": ("id",),
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="LivePage",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="page",
                        serialize=False,
                        to="articles.article",
                    ),
                ),
                ("key_points_html", models.TextField(blank=True)),
                ("body_html", models.TextField()),
                ("references_html", models.TextField(blank=True)),
                ("glossary_html", models.TextField(blank=True)),
                ("contents", models.JSONField(default=list)),
                ("corrections", models.JSONField(default=list)),
                ("linked_data", models.TextField(blank=True)),
                ("minutes", models.PositiveSmallIntegerField(default=1)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="OldAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=200, unique=True)),
            ],
            options={
                "verbose_name_plural": "old addresses",
            },
        ),
        migrations.CreateModel(
            name="PreviewLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Reference",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        max_length=60,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z][a-z0-9-]*\\Z",
                                "A key has small letters, digits and hyphens, and starts with a letter: “gu-2014”.",
                            )
                        ],
                    ),
                ),
                (
                    "authors",
                    models.CharField(
                        blank=True,
                        max_length=1000,
                        validators=[
                            django.core.validators.RegexValidator(
                                "[\\x00-\\x1f\\x7f]",
                                "Take out the control character.",
                                inverse_match=True,
                            )
                        ],
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        max_length=500,
                        validators=[
                            django.core.validators.RegexValidator(
                                "[\\x00-\\x1f\\x7f]",
                                "Take out the control character.",
                                inverse_match=True,
                            )
                        ],
                    ),
                ),
                (
                    "journal",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "[\\x00-\\x1f\\x7f]",
                                "Take out the control character.",
                                inverse_match=True,
                            )
                        ],
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "volume",
                    models.CharField(
                        blank=True,
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "[\\x00-\\x1f\\x7f]",
                                "Take out the control character.",
                                inverse_match=True,
                            )
                        ],
                    ),
                ),
                (
                    "issue",
                    models.CharField(
                        blank=True,
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "[\\x00-\\x1f\\x7f]",
                                "Take out the control character.",
                                inverse_match=True,
                            )
                        ],
                    ),
                ),
                (
                    "pages",
                    models.CharField(
                        blank=True,
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "[\\x00-\\x1f\\x7f]",
                                "Take out the control character.",
                                inverse_match=True,
                            )
                        ],
                    ),
                ),
                ("doi", models.CharField(blank=True, max_length=200, verbose_name="DOI")),
                ("pmid", models.CharField(blank=True, max_length=8, verbose_name="PMID")),
                ("registry_id", models.CharField(blank=True, max_length=40)),
                ("url", models.URLField(blank=True, max_length=500, verbose_name="address")),
                (
                    "design",
                    models.CharField(
                        choices=[
                            ("randomised", "Randomised trial"),
                            ("controlled", "Compared, but not by lot"),
                            ("uncontrolled", "Without a comparison group"),
                            ("cases", "Single cases"),
                            ("laboratory", "Laboratory: cells or animals"),
                            ("review", "Review of studies"),
                            ("guideline", "Guideline"),
                            ("regulator", "Word of a regulator"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=20,
                    ),
                ),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("current", "Current"),
                            ("disputed", "Disputed"),
                            ("superseded", "Superseded"),
                            ("retracted", "Retracted"),
                        ],
                        default="current",
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("standing_note", models.CharField(blank=True, editable=False, max_length=400)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ("key",),
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "title",
                    models.CharField(
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "[\\x00-\\x1f\\x7f]",
                                "Take out the control character.",
                                inverse_match=True,
                            )
                        ],
                    ),
                ),
                (
                    "summary",
                    models.CharField(
                        blank=True,
                        help_text="One or two sentences that are true on their own. Needed before publishing.",
                        max_length=400,
                    ),
                ),
                (
                    "key_points",
                    models.TextField(
                        blank=True,
                        help_text="One a line. Numbers need a citation here too.",
                        max_length=2000,
                    ),
                ),
                ("body", models.TextField(help_text="Markdown. Headings start at ##.")),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("established", "Established"),
                            ("promising", "Promising"),
                            ("early", "Early"),
                            ("not_proven", "Not proven"),
                            ("disproven", "Disproven"),
                        ],
                        max_length=20,
                        verbose_name="stage of the evidence",
                    ),
                ),
                (
                    "condition",
                    models.CharField(
                        blank=True,
                        help_text="What it is about, such as “Lupus nephritis”.",
                        max_length=100,
                        validators=[
                            django.core.validators.RegexValidator(
                                "[\\x00-\\x1f\\x7f]",
                                "Take out the control character.",
                                inverse_match=True,
                            )
                        ],
                    ),
                ),
                (
                    "condition_code",
                    models.CharField(
                        blank=True,
                        max_length=8,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-TV-Z]\\d[0-9A-Z](\\.[0-9A-Z]{1,4})?\\Z",
                                "This is no ICD-10-CM code: they look like “M32.14”.",
                            )
                        ],
                        verbose_name="ICD-10-CM code",
                    ),
                ),
                ("justified", models.JSONField(blank=True, default=dict)),
                (
                    "correction",
                    models.TextField(
                        blank=True,
                        help_text="Where something was wrong before: what, and what is right. Shown to readers.",
                        max_length=1000,
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("article", "number"),
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        max_length=80,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "[\\x00-\\x1f\\x7f]",
                                "Take out the control character.",
                                inverse_match=True,
                            )
                        ],
                    ),
                ),
                ("slug", models.SlugField(max_length=80, unique=True)),
                (
                    "forms",
                    models.TextField(
                        blank=True,
                        help_text="Other ways to write it, one a line: its plural.",
                        max_length=500,
                    ),
                ),
                (
                    "definition",
                    models.CharField(
                        help_text="One or two short sentences that a twelve-year-old understands.",
                        max_length=400,
                        validators=[
                            django.core.validators.RegexValidator(
                                "[\\x00-\\x1f\\x7f]",
                                "Take out the control character.",
                                inverse_match=True,
                            )
                        ],
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "ordering": ("name",),
            },
        ),
        migrations.AlterModelOptions(
            name="article",
            options={
                "permissions": [("publish_article", "Can approve, publish and retire articles")]
            },
        ),
        migrations.RemoveConstraint(
            model_name="article",
            name="article_has_a_body",
        ),
        migrations.RemoveConstraint(
            model_name="article",
            name="article_state_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="article",
            name="article_published_is_reviewed",
        ),
        migrations.RemoveConstraint(
            model_name="article",
            name="article_reviewer_is_not_author",
        ),
        migrations.AddField(
            model_name="article",
            name="instead",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.article",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="live_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="article",
            name="publish_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="article",
            name="related",
            field=models.ManyToManyField(editable=False, to="articles.article"),
        ),
        migrations.AddField(
            model_name="article",
            name="retire_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="article",
            name="retired_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="article",
            name="retired_because",
            field=models.CharField(blank=True, editable=False, max_length=400),
        ),
        migrations.AddField(
            model_name="article",
            name="review_due_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="article",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("in_review", "In review"),
                    ("approved", "Approved"),
                    ("scheduled", "Scheduled"),
                    ("published", "Published"),
                    ("retired", "Retired"),
                ],
                default="draft",
                editable=False,
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="article",
            name="title",
            field=models.CharField(editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="approval",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="approvals",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="approval",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.approval",
            ),
        ),
        migrations.AddField(
            model_name="authorship",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="authorships",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="articles.article",
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="oldaddress",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="old_addresses",
                to="articles.article",
            ),
        ),
        migrations.AddField(
            model_name="previewlink",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reference",
            name="added_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reference",
            name="standing_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.reference",
            ),
        ),
        migrations.AddField(
            model_name="livepage",
            name="sources",
            field=models.ManyToManyField(related_name="live_pages", to="articles.reference"),
        ),
        migrations.AddField(
            model_name="revision",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="revisions",
                to="articles.article",
            ),
        ),
        migrations.AddField(
            model_name="revision",
            name="made_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="revision",
            name="made_from",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.revision",
            ),
        ),
        migrations.AddField(
            model_name="previewlink",
            name="revision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="preview_links",
                to="articles.revision",
            ),
        ),
        migrations.AddField(
            model_name="livepage",
            name="revision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.revision",
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="revision",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="articles.revision",
            ),
        ),
        migrations.AddField(
            model_name="clarity",
            name="revision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="clarity",
                to="articles.revision",
            ),
        ),
        migrations.AddField(
            model_name="authorship",
            name="revision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="authorships",
                to="articles.revision",
            ),
        ),
        migrations.AddField(
            model_name="approval",
            name="revision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="approvals",
                to="articles.revision",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="head",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="head_of",
                to="articles.revision",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="live",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="live_of",
                to="articles.revision",
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="term_has_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=models.Q(("definition", ""), _negated=True), name="term_is_defined"
            ),
        ),
        migrations.AddField(
            model_name="livepage",
            name="terms",
            field=models.ManyToManyField(related_name="live_pages", to="articles.term"),
        ),
        migrations.AddConstraint(
            model_name="reference",
            constraint=models.CheckConstraint(
                condition=models.Q(("key", ""), _negated=True), name="reference_has_a_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="reference",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="reference_has_a_title"
            ),
        ),
        migrations.AddConstraint(
            model_name="reference",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "design__in",
                        [
                            "randomised",
                            "controlled",
                            "uncontrolled",
                            "cases",
                            "laboratory",
                            "review",
                            "guideline",
                            "regulator",
                            "other",
                        ],
                    )
                ),
                name="reference_design_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="reference",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("standing__in", ["current", "disputed", "superseded", "retracted"])
                ),
                name="reference_standing_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="reference",
            constraint=models.UniqueConstraint(
                condition=models.Q(("doi", ""), _negated=True),
                fields=("doi",),
                name="reference_doi_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="reference",
            constraint=models.UniqueConstraint(
                condition=models.Q(("pmid", ""), _negated=True),
                fields=("pmid",),
                name="reference_pmid_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(
                fields=("article", "number"), name="revision_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="revision_has_a_title"
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(("body", ""), _negated=True), name="revision_has_a_body"
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "stage__in",
                        ["", "established", "promising", "early", "not_proven", "disproven"],
                    )
                ),
                name="revision_stage_is_known",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["article", "id"], name="article_events"),
        ),
        migrations.AddConstraint(
            model_name="clarity",
            constraint=models.UniqueConstraint(
                fields=("revision", "answer", "day"), name="clarity_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="authorship",
            constraint=models.UniqueConstraint(
                fields=("revision", "author"), name="authorship_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(("interests", ""), _negated=True),
                name="approval_declares_interests",
            ),
        ),
    ]
