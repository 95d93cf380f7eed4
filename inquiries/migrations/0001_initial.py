import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import inquiries.models.sealed
from articles.migrations.initial import create_models
from inquiries.migrations.initial import seeds, triggers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("articles", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        create_models.CreateModels(
            [
                migrations.CreateModel(
                    name="Absence",
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
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="absences",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="who",
                            ),
                        ),
                        ("first_day", models.DateField()),
                        (
                            "last_day",
                            models.DateField(
                                help_text="The last day away. What was hers does not come back."
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-last_day", "-first_day", "id"),
                        "indexes": [
                            models.Index(fields=["last_day", "first_day"], name="absence_by_day")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("last_day__gte", models.F("first_day"))),
                                name="absence_ends_after_it_begins",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Inquiry",
                    fields=[
                        ("chain_length", models.PositiveIntegerField(default=0)),
                        ("chain_head", models.CharField(blank=True, max_length=64)),
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("reference", models.CharField(max_length=14, unique=True)),
                        ("key_digest", models.CharField(max_length=64, null=True, unique=True)),
                        ("content_digest", models.CharField(blank=True, max_length=64)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("quarantined", "In quarantine"),
                                    ("new", "New"),
                                    ("claimed", "Claimed"),
                                    ("connected", "Connected"),
                                    ("waiting", "Waiting"),
                                    ("closed", "Closed"),
                                    ("erased", "Erased"),
                                ],
                                default="new",
                                max_length=20,
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="inquiries",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    (
                                        "answered",
                                        "Answered: we spoke or wrote, and the questions are settled",
                                    ),
                                    (
                                        "referred",
                                        "Referred: handed over to a clinician or another service",
                                    ),
                                    (
                                        "unreachable",
                                        "Unreachable: we tried and could not reach the person",
                                    ),
                                    (
                                        "withdrawn",
                                        "Withdrawn: the person no longer wants to be contacted",
                                    ),
                                    (
                                        "not_a_request",
                                        "Not a request: advertising, a test, or sent by mistake",
                                    ),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("web", "Website"),
                                    ("phone", "Phone call"),
                                    ("desk", "At the desk"),
                                ],
                                default="web",
                                max_length=10,
                            ),
                        ),
                        ("suspicion", models.CharField(blank=True, max_length=80)),
                        ("urgent", models.BooleanField(default=False)),
                        (
                            "urgency",
                            models.CharField(
                                choices=[
                                    ("urgent", "Urgent"),
                                    ("soon", "Soon"),
                                    ("routine", "Routine"),
                                ],
                                default="routine",
                                max_length=10,
                            ),
                        ),
                        ("is_graded", models.BooleanField(default=False)),
                        ("received_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("wakes_at", models.DateTimeField(null=True)),
                        (
                            "duplicate_of",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="duplicates",
                                to="inquiries.inquiry",
                            ),
                        ),
                        ("added_at", models.DateTimeField(null=True)),
                        ("wrote_at", models.DateTimeField(null=True)),
                        ("answered_at", models.DateTimeField(null=True)),
                        ("said_answered", models.BooleanField(null=True)),
                        ("undelivered_at", models.DateTimeField(null=True)),
                        ("erased_at", models.DateTimeField(null=True)),
                        (
                            "article",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="articles.article",
                            ),
                        ),
                        (
                            "revision",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="articles.revision",
                            ),
                        ),
                        (
                            "topic",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="articles.category",
                            ),
                        ),
                        ("consent_version", models.CharField(max_length=20)),
                        (
                            "relation",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("self", "Myself"),
                                    ("someone_else", "Someone I care for"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "authority",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("asked", "They know about it and asked me to"),
                                    ("guardian", "I am a parent or legal guardian"),
                                    (
                                        "representative",
                                        "I may decide for them (power of attorney or the like)",
                                    ),
                                    ("unaware", "They do not know about it yet"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("full_name", inquiries.models.sealed.SealedField(max_length=200)),
                        (
                            "pronouns",
                            inquiries.models.sealed.SealedField(
                                blank=True, db_default=b"", default=b"", max_length=40
                            ),
                        ),
                        (
                            "patient_name",
                            inquiries.models.sealed.SealedField(blank=True, max_length=200),
                        ),
                        (
                            "contact_method",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("phone", "Phone call"),
                                    ("text", "Text message"),
                                    ("email", "Email"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("phone", inquiries.models.sealed.SealedField(blank=True, max_length=60)),
                        (
                            "phone_e164",
                            inquiries.models.sealed.SealedField(blank=True, max_length=20),
                        ),
                        ("email", inquiries.models.sealed.SealedField(blank=True, max_length=254)),
                        ("shared_phone", models.BooleanField(default=False)),
                        ("shared_email", models.BooleanField(default=False)),
                        ("email_checked", models.BooleanField(default=False)),
                        (
                            "page_code",
                            inquiries.models.sealed.SealedField(blank=True, max_length=6),
                        ),
                        (
                            "never_contact",
                            inquiries.models.sealed.SealedField(blank=True, max_length=500),
                        ),
                        (
                            "voicemail",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("none", "Do not leave a message"),
                                    ("callback_only", "Leave only a name and number to call back"),
                                    ("may_identify", "You may say who you are and why you call"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("best_time", models.CharField(blank=True, max_length=40)),
                        ("time_zone", models.CharField(blank=True, max_length=60)),
                        (
                            "language",
                            models.CharField(
                                blank=True,
                                choices=[("en", "English"), ("es", "Spanish")],
                                max_length=10,
                            ),
                        ),
                        ("interpreter", models.BooleanField(default=False)),
                        (
                            "interpreter_language",
                            inquiries.models.sealed.SealedField(blank=True, max_length=60),
                        ),
                        ("message", inquiries.models.sealed.SealedField()),
                    ],
                    options={
                        "verbose_name": "request",
                        "permissions": [
                            ("triage_inquiry", "Can claim, note, release and close requests"),
                            (
                                "lead_inquiry",
                                "Can release and close requests that others have claimed",
                            ),
                            ("erase_inquiry", "Can erase requests"),
                            ("report_inquiry", "Can see the reports and export them"),
                        ],
                        "default_permissions": ("view",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(
                                    ("state__in", ("new", "claimed", "connected", "waiting"))
                                ),
                                fields=["due_at", "id"],
                                name="inquiry_open_by_due",
                            ),
                            models.Index(
                                condition=models.Q(("state", "new")),
                                fields=["due_at", "id"],
                                name="inquiry_new_by_due",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("state__in", ("claimed", "connected", "waiting"))
                                ),
                                fields=["owner", "due_at", "id"],
                                name="inquiry_claimed_by_due",
                            ),
                            models.Index(
                                condition=models.Q(("state", "waiting")),
                                fields=["wakes_at", "id"],
                                name="inquiry_waiting_by_time",
                            ),
                            models.Index(
                                condition=models.Q(("duplicate_of__isnull", False)),
                                fields=["duplicate_of"],
                                name="inquiry_duplicates",
                            ),
                            models.Index(
                                condition=models.Q(("state", "quarantined")),
                                fields=["due_at", "id"],
                                name="inquiry_quarantined_by_due",
                            ),
                            models.Index(
                                condition=models.Q(("undelivered_at__isnull", False)),
                                fields=["undelivered_at"],
                                name="inquiry_undelivered",
                            ),
                            models.Index(
                                condition=models.Q(("state", "closed")),
                                fields=["-closed_at", "-id"],
                                name="inquiry_closed_newest",
                            ),
                            models.Index(
                                fields=["received_at", "topic", "article"],
                                name="inquiry_by_receipt",
                            ),
                            models.Index(
                                condition=models.Q(("closed_at__isnull", False)),
                                fields=["closed_at", "outcome"],
                                name="inquiry_by_end",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            "quarantined",
                                            "new",
                                            "claimed",
                                            "connected",
                                            "waiting",
                                            "closed",
                                            "erased",
                                        ],
                                    )
                                ),
                                name="inquiry_state_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("urgency__in", ["urgent", "soon", "routine"])),
                                name="inquiry_urgency_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("owner__isnull", False),
                                        ("state__in", ("claimed", "connected", "waiting")),
                                    ),
                                    models.Q(
                                        ("owner__isnull", True),
                                        ("state__in", ["quarantined", "new"]),
                                    ),
                                    ("state__in", ["closed", "erased"]),
                                    _connector="OR",
                                ),
                                name="inquiry_claimed_has_an_owner",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "waiting"), ("wakes_at__isnull", False)),
                                    models.Q(
                                        models.Q(("state", "waiting"), _negated=True),
                                        ("wakes_at__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="inquiry_waiting_wakes",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("duplicate_of__isnull", True),
                                    models.Q(("duplicate_of", models.F("id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="inquiry_is_no_duplicate_of_itself",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("closed_at__isnull", False),
                                        (
                                            "outcome__in",
                                            [
                                                "answered",
                                                "referred",
                                                "unreachable",
                                                "withdrawn",
                                                "not_a_request",
                                            ],
                                        ),
                                        ("state", "closed"),
                                    ),
                                    models.Q(
                                        ("closed_at__isnull", True),
                                        ("outcome", ""),
                                        (
                                            "state__in",
                                            [
                                                "quarantined",
                                                "new",
                                                "claimed",
                                                "connected",
                                                "waiting",
                                            ],
                                        ),
                                    ),
                                    ("state", "erased"),
                                    _connector="OR",
                                ),
                                name="inquiry_closed_has_an_outcome",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "erased"),
                                    models.Q(
                                        models.Q(("full_name", b""), _negated=True),
                                        models.Q(("message", b""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="inquiry_says_who_and_what",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "erased"),
                                    models.Q(("phone", b""), _negated=True),
                                    models.Q(("email", b""), _negated=True),
                                    _connector="OR",
                                ),
                                name="inquiry_can_be_answered",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        models.Q(("state", "erased"), _negated=True),
                                        ("erased_at__isnull", True),
                                    ),
                                    models.Q(
                                        ("erased_at__isnull", False),
                                        ("state", "erased"),
                                        ("article__isnull", True),
                                        ("authority", ""),
                                        ("best_time", ""),
                                        ("contact_method", ""),
                                        ("content_digest", ""),
                                        ("duplicate_of__isnull", True),
                                        ("email", ""),
                                        ("email_checked", False),
                                        ("full_name", ""),
                                        ("interpreter", False),
                                        ("interpreter_language", ""),
                                        ("key_digest__isnull", True),
                                        ("language", ""),
                                        ("message", ""),
                                        ("never_contact", ""),
                                        ("page_code", ""),
                                        ("patient_name", ""),
                                        ("phone", ""),
                                        ("phone_e164", ""),
                                        ("pronouns", ""),
                                        ("relation", ""),
                                        ("revision__isnull", True),
                                        ("shared_email", False),
                                        ("shared_phone", False),
                                        ("time_zone", ""),
                                        ("undelivered_at__isnull", True),
                                        ("voicemail", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="inquiry_erased_says_nothing",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AccessLink",
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
                            "inquiry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links",
                                to="inquiries.inquiry",
                            ),
                        ),
                        ("token_digest", models.CharField(max_length=64, unique=True)),
                        ("made_at", models.DateTimeField()),
                        ("ends_at", models.DateTimeField()),
                        ("revoked_at", models.DateTimeField(null=True)),
                        ("mailed", models.BooleanField(default=False)),
                    ],
                    options={
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="GuessCount",
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
                            "inquiry",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="inquiries.inquiry",
                            ),
                        ),
                        ("is_known", models.BooleanField()),
                        ("recent", models.PositiveSmallIntegerField(default=0)),
                        ("recent_since", models.DateTimeField(null=True)),
                        ("today", models.PositiveSmallIntegerField(default=0)),
                        ("today_since", models.DateTimeField(null=True)),
                        ("ever", models.PositiveSmallIntegerField(default=0)),
                    ],
                    options={
                        "default_permissions": (),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("inquiry", "is_known"), name="guess_count_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuditTrail",
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
                        ("chain_length", models.PositiveIntegerField(default=0)),
                        ("chain_head", models.CharField(blank=True, max_length=64)),
                    ],
                    options={
                        "default_permissions": (),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("id", 1)), name="audit_trail_is_one"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuditEntry",
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
                        ("number", models.PositiveIntegerField()),
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("detail", models.JSONField(default=dict)),
                        ("mac", models.CharField(max_length=64)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("signed_in", "Signed in"),
                                    ("sign_in_failed", "Sign-in failed"),
                                    ("signed_out", "Signed out"),
                                    ("reauthenticated", "Confirmed who she is"),
                                    ("session_ended", "Session ended"),
                                    ("factor_changed", "Second factor changed"),
                                    ("password_changed", "Password changed"),
                                    ("account_changed", "Account or role changed"),
                                    ("searched", "Searched requests"),
                                    ("audited", "Looked at the audit trail"),
                                    ("exported", "Exported"),
                                    ("purged", "Retention carried out"),
                                    ("anchored", "Anchor written"),
                                    ("keys_rotated", "Keys rotated"),
                                    ("settings_changed", "Settings changed"),
                                    ("phrases_changed", "Danger phrases changed"),
                                    ("absences_changed", "Absences changed"),
                                    ("hours_changed", "Calendar changed"),
                                    ("levels_changed", "Service level changed"),
                                    ("replies_changed", "Canned reply changed"),
                                    ("scripts_changed", "Crisis script changed"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "about",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "audit trail",
                        "ordering": ("-at", "-number"),
                        "permissions": [("audit", "Can read the audit trail and export it")],
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            models.Index(fields=["-at", "-number"], name="audit_entry_newest"),
                            models.Index(
                                fields=["kind", "-at", "-number"], name="audit_entry_by_kind"
                            ),
                            models.Index(
                                fields=["by", "-at", "-number"], name="audit_entry_by_account"
                            ),
                            models.Index(
                                fields=["about", "-at", "-number"], name="audit_entry_about_account"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("number",), name="audit_entry_has_its_place"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Clock",
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
                            "inquiry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="clocks",
                                to="inquiries.inquiry",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("look", "Look at it"),
                                    ("first_attempt", "First attempt to reach her"),
                                    ("next_reply", "Next attempt or reply"),
                                    ("closure", "Bring it to an end"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "urgency",
                            models.CharField(
                                choices=[
                                    ("urgent", "Urgent"),
                                    ("soon", "Soon"),
                                    ("routine", "Routine"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("started_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        ("target_minutes", models.PositiveIntegerField()),
                        ("until_closing", models.BooleanField(default=False)),
                        ("calendar", models.CharField(max_length=60)),
                        ("explanation", models.JSONField(default=list)),
                        ("paused_at", models.DateTimeField(null=True)),
                        ("left_minutes", models.PositiveIntegerField(null=True)),
                        ("paused_minutes", models.PositiveIntegerField(default=0)),
                        ("is_missed", models.BooleanField(default=False)),
                        ("warned_percent", models.PositiveSmallIntegerField(default=0)),
                        ("warn_at", models.DateTimeField(null=True)),
                        ("stopped_at", models.DateTimeField(null=True)),
                        (
                            "verdict",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("met", "In time"),
                                    ("missed", "Too late"),
                                    ("void", "Not needed any more"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("spent_minutes", models.PositiveIntegerField(null=True)),
                    ],
                    options={
                        "ordering": ("inquiry", "id"),
                        "default_permissions": (),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("warn_at__isnull", False)),
                                fields=["warn_at"],
                                name="clock_to_be_told",
                            ),
                            models.Index(
                                condition=models.Q(("stopped_at__isnull", False)),
                                fields=["kind", "stopped_at"],
                                name="clock_by_end",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("left_minutes__isnull", True), ("paused_at__isnull", True)
                                    ),
                                    models.Q(
                                        ("left_minutes__isnull", False),
                                        ("paused_at__isnull", False),
                                        ("warn_at__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="clock_paused_tells_nobody",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("stopped_at__isnull", True)),
                                fields=("inquiry", "kind"),
                                name="clock_runs_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("spent_minutes__isnull", True),
                                        ("stopped_at__isnull", True),
                                        ("verdict", ""),
                                    ),
                                    models.Q(
                                        ("paused_at__isnull", True),
                                        ("spent_minutes__isnull", False),
                                        ("stopped_at__isnull", False),
                                        ("verdict__in", ["met", "missed", "void"]),
                                        ("warn_at__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="clock_stops_with_a_verdict",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DangerPhrase",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("self_harm", "Suicide or self-harm"),
                                    ("abuse", "Violence or abuse"),
                                    ("heart", "Heart"),
                                    ("stroke", "Stroke or sudden confusion"),
                                    ("breath", "Breathing"),
                                    ("bleeding", "Bleeding"),
                                    ("seizure", "Seizure"),
                                    ("unconscious", "Fainting or unconscious"),
                                    ("infection", "Fever or infection"),
                                    ("urine", "No urine"),
                                    ("poisoning", "Overdose, poison or allergy"),
                                    ("other", "Other"),
                                ],
                                db_default="other",
                                default="other",
                                max_length=20,
                            ),
                        ),
                        (
                            "phrase",
                            models.CharField(max_length=200, unique=True, verbose_name="pattern"),
                        ),
                        (
                            "language",
                            models.CharField(
                                choices=[("en", "English"), ("es", "Spanish")], max_length=10
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("kind", "language", "phrase"),
                        "default_permissions": ("view", "add", "change", "delete"),
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
                        ("number", models.PositiveIntegerField()),
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("detail", models.JSONField(default=dict)),
                        ("mac", models.CharField(max_length=64)),
                        (
                            "inquiry",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="inquiries.inquiry",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("received", "Received"),
                                    ("added", "Sent again with changes"),
                                    ("unproven", "Sent again with changes, by whom is not proven"),
                                    ("wrote", "Message"),
                                    ("replied", "Message to the sender"),
                                    ("judged", "Said whether we answered her"),
                                    ("attempted", "Attempt to reach her"),
                                    ("cleared", "Cleared from quarantine"),
                                    ("link_asked", "New private link to be mailed"),
                                    ("linked", "Private link given out"),
                                    ("unlinked", "Private links taken back"),
                                    ("links_ended", "Private links ended: too many wrong details"),
                                    ("undelivered", "Mail could not be delivered"),
                                    ("claimed", "Claimed"),
                                    ("released", "Released"),
                                    ("reassigned", "Handed over"),
                                    ("connected", "Conversation"),
                                    ("waited", "Set aside"),
                                    ("woken", "Taken up again"),
                                    ("duplicate_linked", "Linked as a duplicate"),
                                    ("duplicate_unlinked", "Unlinked from a duplicate"),
                                    ("graded", "Urgency set"),
                                    ("escalated", "Deadline passed, leads told"),
                                    ("handed_over", "Handed over to emergency help"),
                                    ("noted", "Note added"),
                                    ("closed", "Closed"),
                                    ("reopened", "Reopened"),
                                    ("erased", "Erased"),
                                    ("read", "Read"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("version", models.PositiveIntegerField()),
                    ],
                    options={
                        "ordering": ("inquiry", "number"),
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("kind", "read")),
                                fields=["by", "-at"],
                                name="event_read_by",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("inquiry", "number"), name="event_has_its_place"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("version__gt", 0)), name="event_version_counts"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Note",
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
                            "event",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="note",
                                to="inquiries.event",
                            ),
                        ),
                        ("text", inquiries.models.sealed.SealedField()),
                    ],
                    options={
                        "abstract": False,
                        "default_permissions": (),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("text", b""), _negated=True),
                                name="note_says_something",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Addition",
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
                            "event",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="addition",
                                to="inquiries.event",
                            ),
                        ),
                        ("content_digest", models.CharField(max_length=64)),
                        ("written", inquiries.models.sealed.SealedField()),
                    ],
                    options={
                        "abstract": False,
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="Message",
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
                            "event",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="message",
                                to="inquiries.event",
                            ),
                        ),
                        ("text", inquiries.models.sealed.SealedField()),
                    ],
                    options={
                        "abstract": False,
                        "default_permissions": (),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("text", b""), _negated=True),
                                name="message_says_something",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Receipt",
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
                        ("inquiry_id", models.UUIDField(unique=True)),
                        ("reference", models.CharField(max_length=14)),
                        ("at", models.DateTimeField()),
                        ("mac", models.CharField(max_length=64)),
                    ],
                    options={
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="Job",
                    fields=[
                        (
                            "name",
                            models.CharField(max_length=40, primary_key=True, serialize=False),
                        ),
                        ("due_at", models.DateTimeField()),
                        ("done_at", models.DateTimeField(null=True)),
                        ("went_well", models.BooleanField(default=True)),
                        (
                            "summary",
                            models.CharField(blank=True, db_default="", default="", max_length=200),
                        ),
                    ],
                    options={
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="DataKey",
                    fields=[
                        ("wrapped", models.BinaryField()),
                        ("wrapped_by", models.CharField(db_index=True, max_length=8)),
                        (
                            "inquiry",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="data_key",
                                serialize=False,
                                to="inquiries.inquiry",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="PurposeKey",
                    fields=[
                        ("wrapped", models.BinaryField()),
                        ("wrapped_by", models.CharField(db_index=True, max_length=8)),
                        (
                            "purpose",
                            models.CharField(
                                choices=[
                                    (
                                        "chain",
                                        "Chains of events, audit trail, receipts and anchors",
                                    ),
                                    ("index", "Blind indexes for search"),
                                    ("second_factor", "Secrets of the staff's second factors"),
                                ],
                                max_length=20,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "default_permissions": (),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("purpose__in", ["chain", "index", "second_factor"])
                                ),
                                name="purpose_key_is_known",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Delivery",
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
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("sent", "Handed to the mail server"),
                                    ("failed", "Failed for good"),
                                    ("dropped", "Not needed any more"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("due_at", models.DateTimeField()),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("failure", models.CharField(blank=True, max_length=40)),
                        (
                            "inquiry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="inquiries.inquiry",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("acknowledgement", "Confirmation that we have the request"),
                                    ("reply", "Notice that we wrote to her"),
                                    ("link", "A new private link"),
                                    (
                                        "changed",
                                        "Word to the address before that contact details changed",
                                    ),
                                    ("ended", "Word that the private links ended"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "link",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="inquiries.accesslink",
                            ),
                        ),
                        ("address", models.BinaryField(default=b"", max_length=16)),
                        (
                            "sent_with",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inquiries.event",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "deliveries",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "waiting")),
                                fields=["due_at", "id"],
                                name="delivery_waiting",
                            ),
                            models.Index(
                                condition=models.Q(("state", "failed")),
                                fields=["settled_at"],
                                name="delivery_failed",
                            ),
                            models.Index(
                                fields=["address", "-made_at"], name="delivery_by_address"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("settled_at__isnull", True), ("state", "waiting")),
                                    models.Q(
                                        ("settled_at__isnull", False),
                                        ("state__in", ["sent", "failed", "dropped"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="delivery_is_settled_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Notice",
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
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("sent", "Handed to the mail server"),
                                    ("failed", "Failed for good"),
                                    ("dropped", "Not needed any more"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("due_at", models.DateTimeField()),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("failure", models.CharField(blank=True, max_length=40)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notices",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("urgent", "A new request may be urgent"),
                                    ("assigned", "A request was handed to you"),
                                    ("wrote", "Somebody wrote again"),
                                    ("due_soon", "A deadline comes near"),
                                    ("overdue", "A deadline has passed"),
                                    ("crisis", "Somebody was handed over to emergency help"),
                                    ("digest", "What the day brings"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "inquiry",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notices",
                                to="inquiries.inquiry",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "waiting")),
                                fields=["due_at", "id"],
                                name="notice_waiting",
                            ),
                            models.Index(
                                condition=models.Q(("state", "failed")),
                                fields=["settled_at"],
                                name="notice_failed",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("settled_at__isnull", True), ("state", "waiting")),
                                    models.Q(
                                        ("settled_at__isnull", False),
                                        ("state__in", ["sent", "failed", "dropped"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="notice_is_settled_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CannedReply",
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
                        ("title", models.CharField(max_length=80)),
                        (
                            "language",
                            models.CharField(
                                choices=[("en", "English"), ("es", "Spanish")], max_length=10
                            ),
                        ),
                        ("text", models.TextField(max_length=5000)),
                    ],
                    options={
                        "verbose_name": "canned reply",
                        "verbose_name_plural": "canned replies",
                        "ordering": ("language", "title"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("language", "title"),
                                name="canned_reply_has_its_title",
                                violation_error_message="There is a reply with this title already",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True),
                                name="canned_reply_says_something",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CrisisScript",
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
                            "title",
                            models.CharField(max_length=80, unique=True, verbose_name="when"),
                        ),
                        (
                            "steps",
                            models.TextField(
                                help_text="One step a line, in the order to take them.",
                                verbose_name="what to do",
                            ),
                        ),
                        (
                            "position",
                            models.PositiveSmallIntegerField(
                                default=1, help_text="The lowest stands first."
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("position", "title"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("steps", ""), _negated=True),
                                name="crisis_script_says_something",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IndexEntry",
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
                            "inquiry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="index_entries",
                                to="inquiries.inquiry",
                            ),
                        ),
                        ("digest", models.BinaryField()),
                    ],
                    options={
                        "default_permissions": (),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("digest", "inquiry"), name="index_entry_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Calendar",
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
                        ("name", models.CharField(max_length=60, unique=True)),
                        (
                            "country",
                            models.CharField(
                                blank=True,
                                help_text="Two letters, such as US or ES. Empty: no public holiday is kept.",
                                max_length=2,
                                verbose_name="public holidays of",
                            ),
                        ),
                        (
                            "subdivision",
                            models.CharField(
                                blank=True,
                                help_text="Its code, such as CA or MD, for the holidays that only it keeps.",
                                max_length=10,
                                verbose_name="state or region",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("name",),
                    },
                ),
                migrations.CreateModel(
                    name="OpeningHours",
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
                            "calendar",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="week",
                                to="inquiries.calendar",
                            ),
                        ),
                        (
                            "weekday",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "Monday"),
                                    (1, "Tuesday"),
                                    (2, "Wednesday"),
                                    (3, "Thursday"),
                                    (4, "Friday"),
                                    (5, "Saturday"),
                                    (6, "Sunday"),
                                ]
                            ),
                        ),
                        ("opens", models.TimeField()),
                        ("closes", models.TimeField(help_text="00:00 is the end of the day.")),
                    ],
                    options={
                        "verbose_name": "working hours",
                        "verbose_name_plural": "working hours",
                        "ordering": ("calendar", "weekday", "opens"),
                        "default_permissions": (),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closes__gt", models.F("opens")),
                                    ("closes", "00:00"),
                                    _connector="OR",
                                ),
                                name="opening_ends_after_it_begins",
                                violation_error_message="The end is before the beginning",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("weekday__in", [0, 1, 2, 3, 4, 5, 6])),
                                name="opening_is_on_a_weekday",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SpecialDay",
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
                            "calendar",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="special_days",
                                to="inquiries.calendar",
                            ),
                        ),
                        ("day", models.DateField()),
                        ("name", models.CharField(max_length=60, verbose_name="what it is")),
                        (
                            "opens",
                            models.TimeField(
                                blank=True, help_text="Empty: closed all day.", null=True
                            ),
                        ),
                        (
                            "closes",
                            models.TimeField(
                                blank=True, help_text="00:00 is the end of the day.", null=True
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("calendar", "day"),
                        "default_permissions": (),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("calendar", "day"),
                                name="special_day_is_one",
                                violation_error_message="This day is in the list already",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closes__isnull", True), ("opens__isnull", True)),
                                    models.Q(
                                        ("closes__isnull", False),
                                        ("opens__isnull", False),
                                        models.Q(
                                            ("closes__gt", models.F("opens")),
                                            ("closes", "00:00"),
                                            _connector="OR",
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="special_day_ends_after_it_begins",
                                violation_error_message="Enter when it opens and then when it closes, or neither",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HolidayYear",
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
                        ("country", models.CharField(max_length=2)),
                        ("subdivision", models.CharField(blank=True, max_length=10)),
                        ("year", models.PositiveSmallIntegerField()),
                        ("days", models.JSONField()),
                    ],
                    options={
                        "default_permissions": (),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("country", "subdivision", "year"),
                                name="holiday_year_is_one",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ServiceLevel",
                    fields=[
                        (
                            "urgency",
                            models.CharField(
                                choices=[
                                    ("urgent", "Urgent"),
                                    ("soon", "Soon"),
                                    ("routine", "Routine"),
                                ],
                                max_length=10,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "calendar",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="levels",
                                to="inquiries.calendar",
                            ),
                        ),
                        (
                            "look_minutes",
                            models.PositiveIntegerField(
                                help_text="Working minutes.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(86400),
                                ],
                                verbose_name="look at what may be a machine’s",
                            ),
                        ),
                        (
                            "first_attempt_minutes",
                            models.PositiveIntegerField(
                                help_text="Working minutes.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(86400),
                                ],
                                verbose_name="first attempt to reach her",
                            ),
                        ),
                        (
                            "next_reply_minutes",
                            models.PositiveIntegerField(
                                help_text="Working minutes.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(86400),
                                ],
                                verbose_name="next attempt or reply",
                            ),
                        ),
                        (
                            "closure_minutes",
                            models.PositiveIntegerField(
                                help_text="Working minutes.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(86400),
                                ],
                                verbose_name="bring it to an end",
                            ),
                        ),
                        (
                            "until_closing",
                            models.BooleanField(
                                default=False,
                                help_text="A target that ends during a day is then due when that day closes.",
                                verbose_name="until the end of that working day",
                            ),
                        ),
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(
                                help_text="So many, before somebody counts as unreachable.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(10),
                                ],
                                verbose_name="attempts",
                            ),
                        ),
                        (
                            "hours_apart",
                            models.PositiveSmallIntegerField(
                                help_text="At least.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(168),
                                ],
                                verbose_name="hours between two attempts",
                            ),
                        ),
                        (
                            "parts_of_day",
                            models.PositiveSmallIntegerField(
                                help_text="Of morning, afternoon and evening.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(3),
                                ],
                                verbose_name="different parts of the day",
                            ),
                        ),
                        (
                            "channels",
                            models.PositiveSmallIntegerField(
                                help_text="Such as phone and email, as far as she gave them.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(3),
                                ],
                                verbose_name="different ways",
                            ),
                        ),
                    ],
                    options={
                        "default_permissions": ("view", "change"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("urgency__in", ["urgent", "soon", "routine"])),
                                name="level_is_of_an_urgency",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("attempts__gt", 0),
                                    ("closure_minutes__gt", 0),
                                    ("first_attempt_minutes__gt", 0),
                                    ("look_minutes__gt", 0),
                                    ("next_reply_minutes__gt", 0),
                                ),
                                name="level_has_targets",
                            ),
                        ],
                    },
                ),
            ]
        ),
        *seeds.OPERATIONS,
        *triggers.OPERATIONS,
    ]
