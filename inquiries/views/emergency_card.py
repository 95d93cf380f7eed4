"""The emergency card: in which languages it speaks to the sender of a request."""

from collections.abc import Iterable

from django.conf import settings

from inquiries.forms.fields import page_language


def list_card_languages(languages: Iterable[str]) -> list[str]:
    """Each of `languages` and that of the page, once.

    The page's comes first where somebody chose it by the address. The first language of the site
    is what everybody meets and tells nothing of who reads: then `languages` come in their order.
    """
    page = page_language()
    chosen = [] if page == settings.LANGUAGE_CODE else [page]
    wanted = dict.fromkeys([*chosen, *languages, page])
    return [each for each in wanted if each in dict(settings.LANGUAGES)]
