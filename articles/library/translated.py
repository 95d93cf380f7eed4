"""Proposed translations of categories and glossary terms.

In a proposal, a translated field is named after the field and the language code: “name_es”.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import capfirst

from articles.editing.proposals import require_unchanged
from articles.languages import translated_languages
from articles.library import words as sentences
from articles.library.page_updates import field_labels
from articles.models import Category, CategoryTranslation, Term, TermTranslation
from articles.states import StepRefused
from articles.text_cleaning import fold_spaces

_Row = Category | Term
#: The translated fields of each. The first one is required if there are any.
FIELDS: dict[type[_Row], tuple[str, ...]] = {
    Category: ("name", "description"),
    Term: ("name", "definition", "forms"),
}
_TRANSLATIONS: dict[type[_Row], type[CategoryTranslation | TermTranslation]] = {
    Category: CategoryTranslation,
    Term: TermTranslation,
}


def stored_words(row: _Row | None) -> dict[str, str]:
    """Return the words in each language of this site, by field name in a proposal, or empty."""
    if row is None:
        return {}
    said = {each.language: each for each in row.translations.all()}
    return {
        f"{name}_{code}": getattr(said[code], name) if code in said else ""
        for code, _ in translated_languages()
        for name in FIELDS[type(row)]
    }


def given_words(kind: type[_Row], given: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return what was filled in for each language, by field name in a proposal."""
    return {
        f"{name}_{code}": _cleaned(name, words.get(name, ""))
        for code, words in given.items()
        for name in FIELDS[kind]
    }


def _cleaned(name: str, words: str) -> str:
    if name != "forms":
        return fold_spaces(words)
    return "\n".join(dict.fromkeys(filter(None, map(fold_spaces, words.splitlines()))))


def split_words(changes: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    """Split changes into the row's own fields and those of each other language."""
    own, words = dict(changes), defaultdict[str, dict[str, str]](dict)
    for code, _ in translated_languages():
        for key in [key for key in own if key.endswith(f"_{code}")]:
            words[code][key.removesuffix(f"_{code}")] = own.pop(key)
    return own, dict(words)


def require_valid(row: _Row, changes: Mapping[str, Any]) -> None:
    """Raise StepRefused with the validation errors of the fields, and for a name that is taken."""
    reasons = []
    labels = field_labels(row)
    for code, words in split_words(changes)[1].items():
        language = dict(translated_languages())[code]
        told = _merged(row, code, words)
        if not any(told.values()):
            continue
        made = _TRANSLATIONS[type(row)](language=code, **told)
        try:
            made.clean_fields(exclude=["category", "term", "id"])
        except ValidationError as error:
            for name, found in error.message_dict.items():
                said = {"field": capfirst(labels[name]), "language": language}
                reasons += [
                    sentences.OF_FIELD_IN_LANGUAGE % {**said, "problem": each} for each in found
                ]
        same = type(made)._default_manager.filter(language=code, name__iexact=made.name)
        if same.exclude(**{type(row).__name__.lower(): row.pk}).exists():
            taken = {"name": made.name, "language": language}
            reasons.append(sentences.NAME_TAKEN_IN_LANGUAGE % taken)
    if reasons:
        raise StepRefused(*reasons)


def require_unchanged_words(row: _Row, before: Mapping[str, Any]) -> None:
    now = stored_words(row)
    require_unchanged(now, {key: value for key, value in before.items() if key in now})


def save_words(row: _Row, words: Mapping[str, Mapping[str, str]]) -> None:
    """Save the translations. One without a name is deleted."""
    for code, said in words.items():
        told = _merged(row, code, said)
        if told["name"]:
            row.translations.update_or_create(language=code, defaults=told)
        else:
            row.translations.filter(language=code).delete()


def _merged(row: _Row, code: str, words: Mapping[str, str]) -> dict[str, str]:
    """Complete the words with those stored: a proposal names only the fields that change."""
    stored = split_words(stored_words(row))[1].get(code, {}) if not row._state.adding else {}
    return {name: words.get(name, stored.get(name, "")) for name in FIELDS[type(row)]}
