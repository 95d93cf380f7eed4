"""Lets classes of Django name their model, as type checkers ask: ModelAdmin[Article]."""

from typing import Any

from django.contrib.admin.options import BaseModelAdmin
from django.contrib.sitemaps import Sitemap
from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.db.models import Field, Lookup
from django.forms import ModelChoiceField
from django.forms.formsets import BaseFormSet
from django.forms.models import BaseModelForm

# Without `__class_getitem__` of their own. django-stubs-ext does the same for forty more, and
# brings along what takes as long to load as all of our settings.
_GENERIC = (
    *(BaseFormSet, BaseModelAdmin, BaseModelForm, Feed, Field, Lookup, ModelChoiceField),
    *(Paginator, Sitemap),
)


def make_subscriptable() -> None:
    """At run time the model says nothing: the class stays what it is."""
    for each in _GENERIC:
        if "__class_getitem__" not in vars(each):
            setattr(each, "__class_getitem__", classmethod(_itself))  # noqa: B010 - mypy cannot


def _itself(cls: type, *types: Any) -> type:
    return cls
