"""The emergency card: which languages it uses for the sender of a request."""

from collections.abc import Iterable

from django.conf import settings

from inquiries.forms.fields import page_language


def list_card_languages(languages: Iterable[str]) -> list[str]:
    """Return each of `languages` and the page's language, once.

    The page's language comes first if somebody chose it through the address. Everyone gets the
    site's default language first, so it says nothing about the reader: then `languages` come first,
    in their order.
    """
    page = page_language()
    chosen = [] if page == settings.LANGUAGE_CODE else [page]
    wanted = dict.fromkeys([*chosen, *languages, page])
    return [each for each in wanted if each in dict(settings.LANGUAGES)]
