"""What staff see of requests: the queue, each request, and who saw what."""

from inquiries.admin.oversight import AuditAdmin
from inquiries.admin.phrases import DangerPhraseAdmin
from inquiries.admin.requests import VERBS, InquiryAdmin

__all__ = ["VERBS", "AuditAdmin", "DangerPhraseAdmin", "InquiryAdmin"]
