"""What people fill in: the public form, also for a caller, the steps of triage, filters."""

from inquiries.forms.accept import AcceptForm
from inquiries.forms.ask import AskForm
from inquiries.forms.audit import AuditFilter
from inquiries.forms.bulk import BulkForm
from inquiries.forms.danger import DangerPhraseForm
from inquiries.forms.desk import DeskForm
from inquiries.forms.replies import CannedReplyForm
from inquiries.forms.report import ReportForm
from inquiries.forms.script import CrisisScriptForm
from inquiries.forms.step import StepForm
from inquiries.forms.triage import FORMS, CloseForm, FillForm, ReplyForm

__all__ = [
    "FORMS",
    "AcceptForm",
    "AskForm",
    "AuditFilter",
    "BulkForm",
    "CannedReplyForm",
    "CloseForm",
    "CrisisScriptForm",
    "DangerPhraseForm",
    "DeskForm",
    "FillForm",
    "ReplyForm",
    "ReportForm",
    "StepForm",
]
