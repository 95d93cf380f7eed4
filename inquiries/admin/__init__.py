"""The tables that leads manage in the admin. Queue and requests are in `inquiries.views.staff`."""

from inquiries.admin.absences import AbsenceAdmin
from inquiries.admin.canned_replies import CannedReplyAdmin
from inquiries.admin.cases import ChecklistAdmin, DirectoryEntryAdmin
from inquiries.admin.crisis_scripts import CrisisScriptAdmin
from inquiries.admin.danger_phrases import DangerPhraseAdmin
from inquiries.admin.deadlines import CalendarAdmin, ServiceLevelAdmin
from inquiries.admin.index_entries import AuditTrailEntry, QueueEntry

__all__ = [
    "AbsenceAdmin",
    "AuditTrailEntry",
    "CalendarAdmin",
    "CannedReplyAdmin",
    "ChecklistAdmin",
    "CrisisScriptAdmin",
    "DangerPhraseAdmin",
    "DirectoryEntryAdmin",
    "QueueEntry",
    "ServiceLevelAdmin",
]
