"""What staff see of requests: the queue, each request, and who saw what."""

from inquiries.admin.deadlines import CalendarAdmin, ServiceLevelAdmin
from inquiries.admin.oversight import AuditAdmin
from inquiries.admin.reference_data import (
    AbsenceAdmin,
    CannedReplyAdmin,
    CrisisScriptAdmin,
    DangerPhraseAdmin,
)
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
