"""What people fill in: the public form (also for callers), the triage steps, and filters."""

from inquiries.forms.accept import AcceptForm
from inquiries.forms.audit_filter import AuditFilter
from inquiries.forms.bulk import BulkForm
from inquiries.forms.call import CallForm
from inquiries.forms.canned_reply import CannedReplyForm
from inquiries.forms.cases import CloseForm
from inquiries.forms.crisis_script import CrisisScriptForm
from inquiries.forms.danger_phrase import DangerPhraseForm
from inquiries.forms.front_desk import FrontDeskForm
from inquiries.forms.inquiry import InquiryForm
from inquiries.forms.reply import InsertArticleForm, InsertReplyForm, ReplyForm
from inquiries.forms.report import ReportForm
from inquiries.forms.spoken_languages import SpokenLanguagesForm
from inquiries.forms.step_form import StepForm
from inquiries.forms.steps import STEP_FORMS

__all__ = [
    "STEP_FORMS",
    "AcceptForm",
    "AuditFilter",
    "BulkForm",
    "CallForm",
    "CannedReplyForm",
    "CloseForm",
    "CrisisScriptForm",
    "DangerPhraseForm",
    "FrontDeskForm",
    "InquiryForm",
    "InsertArticleForm",
    "InsertReplyForm",
    "ReplyForm",
    "ReportForm",
    "SpokenLanguagesForm",
    "StepForm",
]
