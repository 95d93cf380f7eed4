"""What editors and reviewers fill in."""

from articles.forms.library import ImportForm, ReferenceForm, StandingForm, TermForm
from articles.forms.pictures import DescriptionForm, PictureForm
from articles.forms.steps import (
    FORMS,
    ApproveForm,
    MoveForm,
    RetirementForm,
    ShareForm,
    StepForm,
    WithdrawForm,
)
from articles.forms.writing import WritingForm

__all__ = [
    "FORMS",
    "ApproveForm",
    "DescriptionForm",
    "ImportForm",
    "MoveForm",
    "PictureForm",
    "ReferenceForm",
    "RetirementForm",
    "ShareForm",
    "StandingForm",
    "StepForm",
    "TermForm",
    "WithdrawForm",
    "WritingForm",
]
