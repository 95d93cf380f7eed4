"""What staff see of requests: the queue, each request, and who saw what."""

from inquiries.admin.absences import AbsenceAdmin
from inquiries.admin.canned_replies import CannedReplyAdmin
from inquiries.admin.crisis_scripts import CrisisScriptAdmin
from inquiries.admin.danger_phrases import DangerPhraseAdmin
from inquiries.admin.deadlines import CalendarAdmin, ServiceLevelAdmin
from inquiries.admin.oversight import AuditAdmin
from inquiries.admin.requests import InquiryAdmin
from inquiries.admin.verbs import VERBS

__all__ = [
    "VERBS",
    "AbsenceAdmin",
    "AuditAdmin",
    "CalendarAdmin",
    "CannedReplyAdmin",
    "CrisisScriptAdmin",
    "DangerPhraseAdmin",
    "InquiryAdmin",
    "ServiceLevelAdmin",
]
