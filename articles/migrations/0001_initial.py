import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from articles.migrations.initial import create_models, search_index, triggers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        # With all our tables in Django's picture of the models, these would take four times as long.
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
        ("usersessions", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        create_models.CreateModels(
            [
                migrations.CreateModel(
                    name="Category",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
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
                            "description",
                            models.CharField(
                                blank=True,
                                help_text="One plain sentence, shown to readers.",
                                max_length=300,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "[\\x00-\\x1f\\x7f]",
                                        "Take out the control character.",
                                        inverse_match=True,
                                    )
                                ],
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "categories",
                        "ordering": ("name",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True),
                                name="category_has_a_name",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("slug", ""), _negated=True),
                                name="category_has_a_slug",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Revision",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="revisions",
                                to="articles.article",
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
                                    ("none", "None: this page makes no claim about a treatment"),
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
                        (
                            "made_from",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="articles.revision",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ("article", "number"),
                        "default_permissions": (),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("article", "number"), name="revision_number_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("title", ""), _negated=True),
                                name="revision_has_a_title",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("body", ""), _negated=True),
                                name="revision_has_a_body",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "stage__in",
                                        [
                                            "",
                                            "established",
                                            "promising",
                                            "early",
                                            "not_proven",
                                            "disproven",
                                            "none",
                                        ],
                                    )
                                ),
                                name="revision_stage_is_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Authorship",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "revision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="authorships",
                                to="articles.revision",
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="authorships",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("interests", models.CharField(blank=True, max_length=400)),
                    ],
                    options={
                        "ordering": ("id",),
                        "default_permissions": (),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("revision", "author"), name="authorship_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Approval",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "revision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="approvals",
                                to="articles.revision",
                            ),
                        ),
                        ("digest", models.CharField(max_length=64)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="approvals",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("interests", models.CharField(max_length=400)),
                        ("answers", models.JSONField(default=list)),
                    ],
                    options={
                        "ordering": ("at",),
                        "default_permissions": (),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("interests", ""), _negated=True),
                                name="approval_declares_interests",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PreviewLink",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "revision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="preview_links",
                                to="articles.revision",
                            ),
                        ),
                        ("digest", models.CharField(max_length=64, unique=True)),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="Feedback",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "revision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="feedback",
                                to="articles.revision",
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
                        "verbose_name_plural": "feedback",
                        "default_permissions": (),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("revision", "answer", "day"), name="feedback_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Event",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="articles.article",
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
                                    ("withdrawn", "Picture withdrawn"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "revision",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="articles.revision",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("words", models.TextField(blank=True)),
                    ],
                    options={
                        "ordering": ("id",),
                        "default_permissions": (),
                        "indexes": [models.Index(fields=["article", "id"], name="article_events")],
                    },
                ),
                migrations.CreateModel(
                    name="Reference",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
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
                        (
                            "url",
                            models.URLField(blank=True, max_length=500, verbose_name="address"),
                        ),
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
                        (
                            "standing_note",
                            models.CharField(blank=True, editable=False, max_length=400),
                        ),
                        (
                            "standing_by",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="articles.reference",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "added_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("added_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "ordering": ("key",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("key", ""), _negated=True),
                                name="reference_has_a_key",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("title", ""), _negated=True),
                                name="reference_has_a_title",
                            ),
                            models.CheckConstraint(
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
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "standing__in",
                                        ["current", "disputed", "superseded", "retracted"],
                                    )
                                ),
                                name="reference_standing_is_known",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("doi", ""), _negated=True),
                                fields=("doi",),
                                name="reference_doi_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("pmid", ""), _negated=True),
                                fields=("pmid",),
                                name="reference_pmid_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Article",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "slug",
                            models.SlugField(
                                help_text="The last part of its address.",
                                max_length=200,
                                unique=True,
                            ),
                        ),
                        ("title", models.CharField(editable=False, max_length=200)),
                        (
                            "state",
                            models.CharField(
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
                        (
                            "head",
                            models.OneToOneField(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="head_of",
                                to="articles.revision",
                            ),
                        ),
                        (
                            "live",
                            models.OneToOneField(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="live_of",
                                to="articles.revision",
                            ),
                        ),
                        (
                            "approval",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="articles.approval",
                            ),
                        ),
                        ("published_at", models.DateTimeField(editable=False, null=True)),
                        ("live_at", models.DateTimeField(editable=False, null=True)),
                        ("review_due_at", models.DateTimeField(editable=False, null=True)),
                        ("publish_at", models.DateTimeField(editable=False, null=True)),
                        ("retire_at", models.DateTimeField(editable=False, null=True)),
                        ("retired_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "retired_because",
                            models.CharField(blank=True, editable=False, max_length=400),
                        ),
                        (
                            "instead",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="articles.article",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                editable=False, max_length=500, null=True, unique=True
                            ),
                        ),
                        (
                            "source_digest",
                            models.CharField(
                                blank=True, db_index=True, editable=False, max_length=64
                            ),
                        ),
                        ("source_version", models.PositiveIntegerField(editable=False, null=True)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("updated_at", models.DateTimeField(auto_now=True)),
                        (
                            "categories",
                            models.ManyToManyField(
                                blank=True, related_name="articles", to="articles.category"
                            ),
                        ),
                        ("related", models.ManyToManyField(editable=False, to="articles.article")),
                    ],
                    options={
                        "permissions": [
                            ("publish_article", "Can approve, publish and retire articles")
                        ],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("live__isnull", False)),
                                fields=["-published_at", "-id"],
                                name="article_live_newest",
                            ),
                            models.Index(
                                condition=models.Q(("live__isnull", False)),
                                fields=["review_due_at", "id"],
                                name="article_due_for_review",
                            ),
                            models.Index(
                                condition=models.Q(("publish_at__isnull", False)),
                                fields=["publish_at"],
                                name="article_to_publish",
                            ),
                            models.Index(
                                condition=models.Q(("retire_at__isnull", False)),
                                fields=["retire_at"],
                                name="article_to_retire",
                            ),
                            models.Index(fields=["state", "-updated_at"], name="article_by_state"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("title", ""), _negated=True),
                                name="article_has_a_title",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("slug", ""), _negated=True),
                                name="article_has_a_slug",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            "draft",
                                            "in_review",
                                            "approved",
                                            "scheduled",
                                            "published",
                                            "retired",
                                        ],
                                    )
                                ),
                                name="article_state_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("approval__isnull", True), ("live__isnull", True)),
                                    models.Q(
                                        ("approval__isnull", False),
                                        ("live__isnull", False),
                                        ("live_at__isnull", False),
                                        ("published_at__isnull", False),
                                        ("retired_at__isnull", True),
                                        ("review_due_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="article_live_is_approved",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "published"), _negated=True),
                                    ("live", models.F("head")),
                                    _connector="OR",
                                ),
                                name="article_published_is_live",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "retired"), _negated=True),
                                    ("retired_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="article_retired_has_a_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("publish_at__isnull", False), ("state", "scheduled")),
                                    models.Q(
                                        models.Q(("state", "scheduled"), _negated=True),
                                        ("publish_at__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="article_scheduled_has_a_day",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OldAddress",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("slug", models.SlugField(max_length=200, unique=True)),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="old_addresses",
                                to="articles.article",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "old addresses",
                    },
                ),
                migrations.CreateModel(
                    name="Image",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "name",
                            models.CharField(
                                error_messages={"unique": "Another picture has this name."},
                                help_text="By which articles show it, such as “how-kidneys-filter”. It stays.",
                                max_length=60,
                                unique=True,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                        "A name has small letters, digits and hyphens: “how-kidneys-filter”.",
                                    )
                                ],
                            ),
                        ),
                        (
                            "alt",
                            models.CharField(
                                blank=True,
                                help_text="What it shows, for who cannot see it. A proposal: each article may say it in its own words.",
                                max_length=300,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "[\\x00-\\x1f\\x7f]",
                                        "Take out the control character.",
                                        inverse_match=True,
                                    )
                                ],
                                verbose_name="description",
                            ),
                        ),
                        (
                            "credit",
                            models.CharField(
                                blank=True,
                                help_text="Who made it and under which licence, as readers see it below the picture.",
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
                        ("width", models.PositiveIntegerField(editable=False)),
                        ("height", models.PositiveIntegerField(editable=False)),
                        ("digest", models.CharField(editable=False, max_length=32, unique=True)),
                        ("widths", models.JSONField(editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "added_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("added_at", models.DateTimeField(auto_now_add=True)),
                        ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "withdrawn_because",
                            models.CharField(blank=True, editable=False, max_length=400),
                        ),
                    ],
                    options={
                        "verbose_name": "picture",
                        "ordering": ("-added_at", "name"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True),
                                name="image_has_a_name",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Term",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
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
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True),
                                name="term_has_a_name",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("definition", ""), _negated=True),
                                name="term_is_defined",
                            ),
                        ],
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
                        (
                            "revision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="articles.revision",
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
                        (
                            "sources",
                            models.ManyToManyField(
                                related_name="live_pages", to="articles.reference"
                            ),
                        ),
                        (
                            "terms",
                            models.ManyToManyField(related_name="live_pages", to="articles.term"),
                        ),
                    ],
                    options={
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="SearchEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "article",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="search_entry",
                                to="articles.article",
                            ),
                        ),
                        ("title", models.TextField()),
                        ("summary", models.TextField()),
                        ("words", models.TextField(help_text="The body as plain text.")),
                    ],
                    options={
                        "verbose_name_plural": "search entries",
                    },
                ),
            ]
        ),
        *search_index.OPERATIONS,
        *triggers.OPERATIONS,
    ]
