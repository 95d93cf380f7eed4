"""Labels of choices, looked up without building the table of all of them each time."""

from functools import cache
from typing import Any

from django.db import models
from django.utils.encoding import force_str


class Labelled(models.Model):
    """A model whose `get_…_display` costs one look-up; a page of a request asks for fifty."""

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: Any) -> Any:  # noqa: N802 - Django's name
        value = getattr(self, field.attname)
        return force_str(_labels_of(field).get(value, value), strings_only=True)


@cache
def _labels_of(field: Any) -> dict[Any, Any]:
    return dict(field.flatchoices)
