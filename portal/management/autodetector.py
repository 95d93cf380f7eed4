"""What counts as a change for a migration: the schema, but not the words that people see."""

from typing import Any

from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import Field

_WORDS_OF_FIELDS = ("choices", "error_messages", "help_text", "verbose_name")
_WORDS_OF_MODELS = ("verbose_name", "verbose_name_plural")


class SchemaAutodetector(MigrationAutodetector):
    """Django's, for which another label or choice is no change: the database holds neither."""

    def __init__(self, from_state: ProjectState, to_state: ProjectState, *rest: Any) -> None:
        super().__init__(from_state, to_state, *rest)
        for state in (from_state, to_state):
            for model in state.models.values():
                _leave_out_words(model)

    def deep_deconstruct(self, obj: Any) -> Any:
        deconstructed = super().deep_deconstruct(obj)
        if not isinstance(obj, Field):
            return deconstructed
        path, arguments, named = deconstructed
        for name in _WORDS_OF_FIELDS:
            named.pop(name, None)
        return path, arguments, named


def _leave_out_words(model: ModelState) -> None:
    for name in _WORDS_OF_MODELS:
        model.options.pop(name, None)
