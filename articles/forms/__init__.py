"""What editors and reviewers fill in."""

from articles.forms.article import ArticleForm
from articles.forms.images import ImageDescriptionForm, ImageForm
from articles.forms.references import ImportForm, ReferenceForm, StandingForm
from articles.forms.steps import (
    STEP_FORMS,
    ApproveForm,
    ChangeSlugForm,
    PlanRetirementForm,
    PreviewLinkForm,
    StepForm,
    WithdrawImageForm,
)
from articles.forms.terms import TermForm

__all__ = [
    "STEP_FORMS",
    "ApproveForm",
    "ArticleForm",
    "ChangeSlugForm",
    "ImageDescriptionForm",
    "ImageForm",
    "ImportForm",
    "PlanRetirementForm",
    "PreviewLinkForm",
    "ReferenceForm",
    "StandingForm",
    "StepForm",
    "TermForm",
    "WithdrawImageForm",
]
