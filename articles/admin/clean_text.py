"""Admin tables into which people type: their text is cleaned like all other input."""

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest

from articles.forms.fields import form_class_for
from articles.text_cleaning import clean_line

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Row = TypeVar("Row", bound=Model)


class CleanTextMixin(BaseModelAdmin[Any]):
    """Clean what people type, including in the inline rows of another model's page."""

    #: What the list is for, below its heading; empty where its name says enough.
    intro: "ClassVar[StrOrPromise]" = ""
    #: What an empty list means; if this is empty, it says that there are none yet.
    empty_words: "ClassVar[StrOrPromise]" = ""

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if field_class := form_class_for(db_field):
            kwargs.setdefault("form_class", field_class)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class CleanTextAdmin(CleanTextMixin, admin.ModelAdmin[Row]):
    """Clean what people type into the search box, too."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return super().get_search_results(request, queryset, clean_line(search_term))
