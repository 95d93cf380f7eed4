"""Limits the catalogs to what readers and senders see; staff work in English."""

from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import makemessages

#: What only staff, editors and operators see. A message that a sender also sees is found in the
#: file that shows it to them.
STAFF_ONLY = (
    "templates/account",
    "templates/admin",
    "templates/inquiries/mail/notice.*",
    "templates/mfa",
    "templates/socialaccount",
    "templates/usersessions",
    "articles/admin",
    "articles/apps.py",
    "articles/bibliography",
    "articles/checking",
    "articles/editing/[!e]*",
    "articles/forms/[!cp]*.py",
    "articles/forms/post_imports.py",
    "articles/forms/proposals.py",
    "articles/forms/categories.py",
    "articles/images",
    "articles/library",
    "articles/models/[!r]*.py",
    "articles/models/reference.py",
    "articles/posts",
    "articles/rendering/problem_words.py",
    "articles/states.py",
    "inquiries/admin",
    "inquiries/apps.py",
    "inquiries/danger",
    "inquiries/durations.py",
    "inquiries/forms/absence.py",
    "inquiries/forms/accept.py",
    "inquiries/forms/audit_filter.py",
    "inquiries/forms/bulk.py",
    "inquiries/forms/call.py",
    "inquiries/forms/cases.py",
    "inquiries/contact/words.py",
    "inquiries/contact/disclosure_words.py",
    "inquiries/forms/canned_reply.py",
    "inquiries/forms/crisis_script.py",
    "inquiries/forms/danger_phrase.py",
    "inquiries/forms/use_details.py",
    "inquiries/forms/front_desk.py",
    "inquiries/forms/front_desk_words.py",
    "inquiries/forms/moving.py",
    "inquiries/forms/picked_rows.py",
    "inquiries/forms/reply.py",
    "inquiries/models/calendar_link.py",
    "inquiries/models/planned_step.py",
    "inquiries/forms/report.py",
    "inquiries/forms/shift.py",
    "inquiries/forms/spoken_languages.py",
    "inquiries/forms/step_form.py",
    "inquiries/forms/steps.py",
    "inquiries/forms/translation.py",
    "inquiries/forms/waiting.py",
    "inquiries/ledger",
    "inquiries/models/[!c]*.py",
    "inquiries/models/clock.py",
    "inquiries/reports",
    "inquiries/search",
    "inquiries/states.py",
    "inquiries/team",
    "inquiries/triage",
    "inquiries/views/staff",
    "inquiries/worker",
    "portal/accounts",
    "portal/admin_site.py",
    "portal/config/[!c]*.py",
    "portal/config/checks.py",
    "portal/doctor",
    "portal/management",
    "portal/staff_menu.py",
    "portal/staff_words.py",
    "tests",
    ".*",
)


class Command(makemessages.Command):
    """`manage.py makemessages --all`, without line numbers: a moved line changes no message."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(no_obsolete=True, add_location="never")

    def handle(self, *args: Any, **options: Any) -> None:
        options["ignore_patterns"] = [*options["ignore_patterns"], *STAFF_ONLY]
        super().handle(*args, **options)
