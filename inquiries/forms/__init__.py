"""What people fill in: the public form, and the steps of triage."""

from inquiries.forms.ask import AskForm
from inquiries.forms.triage import FORMS, StepForm

__all__ = ["FORMS", "AskForm", "StepForm"]
