"""Makes findable what a migration left to be filled: entries without lexemes."""

from django.db import transaction

from articles.models import SearchEntry
from articles.search import vocabulary
from articles.search.entries import Text, fields_of


def fill_missing() -> int:
    """Fill in all that is missing, one article at a time; return how many there were."""
    keys = list(SearchEntry.objects.filter(lexemes="").values_list("pk", flat=True))
    for key in keys:
        _fill(key)
    return len(keys)


@transaction.atomic
def _fill(key: int) -> None:
    rows = SearchEntry.objects.select_related("article__page").select_for_update(of=("self",))
    entry = rows.filter(pk=key, lexemes="").first()
    if entry:
        text = Text(
            entry.article.language,
            title=entry.title,
            summary=entry.summary,
            headings=tuple(title for _, _, title in entry.article.page.contents),
            words=entry.words,
        )
        vocabulary.count(text)
        SearchEntry.objects.filter(pk=key).update(**fields_of(text))
