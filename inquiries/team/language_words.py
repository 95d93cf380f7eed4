"""How colleagues are described where one is chosen."""

from typing import TYPE_CHECKING

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inquiries.models import Language
from inquiries.team import languages

if TYPE_CHECKING:
    from inquiries.team.suggestions import Suggestion
    from portal.models import User


def name_with_languages(user: "User") -> str:
    """Return the name with the languages worth mentioning: all but English."""
    foreign = [each for each in languages.languages_of(user) if languages.is_foreign(each)]
    return _name_and(user, foreign) if foreign else str(user)


def name_with_reasons(suggestion: "Suggestion") -> str:
    """Return the name with what speaks for them, and how much they have open."""
    reasons = []
    if suggestion.language:
        reasons.append(_("speaks %(language)s") % {"language": suggestion.language.label})
    if suggestion.topic:
        reasons.append(_("knows %(topic)s") % {"topic": suggestion.topic})
    reasons.append(
        ngettext("%(count)d open", "%(count)d open", suggestion.load) % {"count": suggestion.load}
    )
    return _("%(name)s (%(reasons)s)") % {"name": suggestion.user, "reasons": ", ".join(reasons)}


def no_one_speaks(language: Language) -> str:
    said = {"language": language.label}
    return _("No one available today speaks %(language)s. Use an interpreter.") % said


def no_one_else_speaks(language: Language) -> str:
    return _("No one else available today speaks %(language)s.") % {"language": language.label}


def interpreter_wanted(which: str) -> str:
    if not which:
        return _("The sender asked for an interpreter. Ask them for which language.")
    return _("The sender asked for an interpreter: %(language)s.") % {"language": which}


def _name_and(user: "User", spoken: list[Language]) -> str:
    listed = get_text_list([str(each.label) for each in spoken], _("and"))
    return _("%(name)s (speaks %(languages)s)") % {"name": user, "languages": listed}
