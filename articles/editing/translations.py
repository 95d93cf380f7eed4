"""Translations: articles of their own, with a review of their own, that follow an original."""

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from articles.editing import writing
from articles.editing.addresses import free_slug
from articles.editing.transitions import lock_article, record_event
from articles.languages import translated_languages
from articles.models import Article, Event
from articles.permissions import WRITE
from articles.states import StepRefused

if TYPE_CHECKING:
    from portal.models import User


def untranslated_languages(article: Article) -> list[tuple[str, str]]:
    """Into which it can be translated now; none for a translation, and for what nobody reads."""
    if article.translation_of_id or not article.is_live:
        return []
    has = {article.language, *article.translations.values_list("language", flat=True)}
    return [(code, name) for code, name in translated_languages() if code not in has]


@transaction.atomic
def start_translation(article: Article, *, language: str, by: "User") -> Article:
    """A draft in another language with what readers of the original see, to be written over.

    Raise StepRefused.
    """
    if not by.has_perm(WRITE):
        raise StepRefused("Only an editor can start a translation.")
    original = Article.objects.for_staff().get(pk=article.pk)
    if original.translation_of_id:
        raise StepRefused("This is a translation itself: translate the original.")
    if original.live is None:
        raise StepRefused("Readers do not see this article: publish it first.")
    if language not in dict(untranslated_languages(original)):
        raise StepRefused(
            "There is a translation into this language already, or there can be none."
        )
    try:
        return writing.create_draft(
            replace(original.live.content, correction=""),
            slug=free_slug(f"{original.slug[:180]}-{language}"),
            categories=original.categories.all(),
            language=language,
            translation_of=original,
            by=by,
        )
    except IntegrityError:
        raise StepRefused("Somebody started this translation in this very moment.") from None


@transaction.atomic
def confirm_translation(article: Article, *, version: int, by: "User") -> Article:
    """Say that its newest words say what readers of the original see now."""
    article = lock_article(article, version=version)
    if not by.has_perm(WRITE):
        raise StepRefused("Only an editor can say that a translation is up to date.")
    original = article.translation_of
    if original is None or original.live is None:
        raise StepRefused("Readers do not see an original of this article.")
    article.translated_from = original.live
    article.save()
    words = f"Revision {original.live.number}"
    record_event(article, Event.Kind.TRANSLATED, by=by, revision=article.head, words=words)
    return article
