"""The emergency card: in which languages it speaks to the sender of a request."""

from collections.abc import Iterable

from django.utils.translation import get_language

from inquiries.models import Language


def list_card_languages(languages: Iterable[str]) -> list[str]:
    """Each of `languages` in which the card is written, once and in this order; then the page's."""
    wanted = dict.fromkeys([*languages, (get_language() or Language.ENGLISH)[:2]])
    return [each for each in wanted if each in Language.values]
