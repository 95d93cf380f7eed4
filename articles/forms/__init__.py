"""The forms of editors and reviewers."""

from articles.forms.article import ArticleForm
from articles.forms.categories import CategoryForm
from articles.forms.images import ImageDescriptionForm, ImageForm
from articles.forms.post_imports import ImportChoicesForm, PostsForm, Ticked
from articles.forms.proposals import DecisionForm
from articles.forms.references import ImportForm, LookupForm, ReferenceForm, StandingForm
from articles.forms.steps import (
    STEP_FORMS,
    ApproveForm,
    ChangeSlugForm,
    PlanRetirementForm,
    PreviewLinkForm,
    StepForm,
    SubmitForm,
    WithdrawImageForm,
)
from articles.forms.terms import TermForm

__all__ = [
    "STEP_FORMS",
    "ApproveForm",
    "ArticleForm",
    "CategoryForm",
    "ChangeSlugForm",
    "DecisionForm",
    "ImageDescriptionForm",
    "ImageForm",
    "ImportChoicesForm",
    "ImportForm",
    "LookupForm",
    "PlanRetirementForm",
    "PostsForm",
    "PreviewLinkForm",
    "ReferenceForm",
    "StandingForm",
    "StepForm",
    "SubmitForm",
    "TermForm",
    "Ticked",
    "WithdrawImageForm",
]
