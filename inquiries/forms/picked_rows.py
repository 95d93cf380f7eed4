"""Rows that were marked in a list, each with the version that the page showed."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from inquiries.forms.fields import HIGHEST_VERSION
from inquiries.models import Inquiry


class PickedRowsForm(forms.Form):
    """Each row comes as `key:version`; more than a page lists are left out."""

    #: How many rows a page lists.
    most: ClassVar[int]
    data: QueryDict

    def clean(self) -> dict[str, Any]:
        self._versions: dict[UUID, int] = {}
        try:
            for each in self.data.getlist("picked")[: self.most]:
                key, _colon, version = each.partition(":")
                self._versions[UUID(key)] = min(int(version), HIGHEST_VERSION)
        except ValueError:
            self.add_error(None, _("The page did not load completely. Please try again"))
        if not self._versions and not self.errors:
            self.add_error(None, _("Select requests first"))
        return super().clean() or {}

    def selected(self) -> list[tuple[Inquiry, int]]:
        """Return the selected requests, each with the version that the page showed."""
        found = Inquiry.objects.filter(pk__in=self._versions).order_by("due_at", "id")
        return [(inquiry, self._versions[inquiry.pk]) for inquiry in found]
