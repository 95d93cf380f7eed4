"""What people fill in: the public form, the steps of triage, and the privacy officer's filters."""

from inquiries.forms.ask import AskForm
from inquiries.forms.audit import AuditFilter
from inquiries.forms.triage import FORMS, StepForm

__all__ = ["FORMS", "AskForm", "AuditFilter", "StepForm"]
