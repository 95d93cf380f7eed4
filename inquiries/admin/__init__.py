"""What staff see of requests: the queue, each request, and who saw what."""

from inquiries.admin.hours import CalendarAdmin, ServiceLevelAdmin
from inquiries.admin.lists import (
    AbsenceAdmin,
    CannedReplyAdmin,
    CrisisScriptAdmin,
    DangerPhraseAdmin,
)
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
