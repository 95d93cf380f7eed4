"""What staff see of requests: the queue, each request, and who saw what."""

from inquiries.admin.hours import CalendarAdmin, ServiceLevelAdmin
from inquiries.admin.lists import AbsenceAdmin, CrisisScriptAdmin, DangerPhraseAdmin
from inquiries.admin.oversight import AuditAdmin
from inquiries.admin.requests import VERBS, InquiryAdmin

__all__ = [
    "VERBS",
    "AbsenceAdmin",
    "AuditAdmin",
    "CalendarAdmin",
    "CrisisScriptAdmin",
    "DangerPhraseAdmin",
    "InquiryAdmin",
    "ServiceLevelAdmin",
]
