"""Translations: separate articles, each with its own review, that follow an original."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction

from articles.content import Content
from articles.editing import words as sentences
from articles.editing import writing
from articles.editing.addresses import free_slug
from articles.editing.transitions import lock_article, record_event
from articles.languages import ORIGINAL, translated_languages
from articles.models import Article, Event
from articles.permissions import WRITE
from articles.states import StepRefused

if TYPE_CHECKING:
    from portal.models import User


#: Source keys and addresses contain numbers that mean nothing to readers.
_CITED = re.compile(r"\[@[^\]]*\]|\]\([^)]*\)|^study:.*$", re.MULTILINE)
_MOST_NAMED = 10
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def translation_blockers(article: Article) -> list[str]:
    """Return why the newest text is not a valid translation of the revision it follows."""
    if article.language == ORIGINAL:
        return []
    source = article.translated_from
    if source is None:
        return [str(sentences.NOT_A_TRANSLATION)]
    reasons = []
    if article.head.stage != source.stage:
        reasons.append(str(sentences.STAGE_DIFFERS))
    there, here = _numbers(source.content), _numbers(article.head.content)
    if missing := there - here:
        reasons.append(sentences.NUMBERS_MISSING % {"numbers": _listed(missing)})
    if added := here - there:
        reasons.append(sentences.NUMBERS_ADDED % {"numbers": _listed(added)})
    return reasons


def _numbers(content: Content) -> set[str]:
    words = (content.title, content.summary, content.key_points, content.body)
    return set(_NUMBER.findall(_CITED.sub("", " ".join(words))))


def _listed(numbers: set[str]) -> str:
    return ", ".join(sorted(numbers)[:_MOST_NAMED])


def untranslated_languages(article: Article) -> list[tuple[str, str]]:
    """Return the languages still open; none for a translation or an article that is not live."""
    if article.translation_of_id or not article.is_live:
        return []
    has = {article.language, *article.translations.values_list("language", flat=True)}
    return [(code, name) for code, name in translated_languages() if code not in has]


@transaction.atomic
def start_translation(article: Article, *, language: str, by: "User") -> Article:
    """Make a draft in another language from what readers of the original see, to be translated.

    Raise StepRefused.
    """
    if not by.has_perm(WRITE):
        raise StepRefused(sentences.EDITORS_TRANSLATE)
    original = Article.objects.for_staff().get(pk=article.pk)
    if original.translation_of_id:
        raise StepRefused(sentences.TRANSLATE_THE_ORIGINAL)
    if original.live is None:
        raise StepRefused(sentences.PUBLISH_FIRST)
    if language not in dict(untranslated_languages(original)):
        raise StepRefused(sentences.LANGUAGE_TAKEN)
    return writing.create_draft(
        replace(original.live.content, correction=""),
        slug=free_slug(f"{original.slug[:180]}-{language}"),
        categories=original.categories.all(),
        language=language,
        translation_of=original,
        by=by,
    )


@transaction.atomic
def confirm_translation(article: Article, *, version: int, by: "User") -> Article:
    """Confirm that its newest text matches what readers of the original see now."""
    article = lock_article(article, version=version)
    if not by.has_perm(WRITE):
        raise StepRefused(sentences.EDITORS_CONFIRM)
    original = article.translation_of
    if original is None or original.live is None:
        raise StepRefused(sentences.NO_LIVE_ORIGINAL)
    article.translated_from = original.live
    article.save()
    words = sentences.TRANSLATED_REVISION % {"number": original.live.number}
    record_event(article, Event.Kind.TRANSLATED, by=by, revision=article.head, words=words)
    return article
