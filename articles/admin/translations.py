"""An article in other languages: started from what readers see, and kept in step with it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path

from articles.admin import words
from articles.admin.article_pages import ArticlePages
from articles.editing import translations
from articles.languages import language_name
from articles.models import Article
from articles.staff_pages import current_user
from articles.states import StepRefused
from articles.views.pagination import parse_number


class TranslationPages(ArticlePages):
    def translation_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "<uuid:pk>/translate/<slug:language>/",
                wrap(self.translate),
                name="articles_article_translate",
            ),
            path(
                "<uuid:pk>/up-to-date/",
                wrap(self.confirm_translation),
                name="articles_article_up_to_date",
            ),
        ]

    def translate(self, request: HttpRequest, pk: UUID, language: str) -> HttpResponse:
        article = self.get_article(request, pk)
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            draft = translations.start_translation(
                article, language=language, by=current_user(request)
            )
        except StepRefused as refusal:
            messages.error(request, " ".join(refusal.reasons))
            return redirect("admin:articles_article_change", article.pk)
        messages.success(
            request,
            words.TRANSLATION_STARTED % {"language": language_name(language)},
        )
        return redirect("admin:articles_article_change", draft.pk)

    def confirm_translation(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        article = self.get_article(request, pk)
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        version = parse_number(request.POST.get("version", ""))
        try:
            translations.confirm_translation(
                article, version=-1 if version is None else version, by=current_user(request)
            )
        except StepRefused as refusal:
            messages.error(request, " ".join(refusal.reasons))
        else:
            messages.success(request, words.TRANSLATION_CONFIRMED)
        return redirect("admin:articles_article_change", article.pk)


def translation_context(article: Article) -> dict[str, Any]:
    return {
        "article_language": language_name(article.language),
        "translations": article.translations.for_staff(),
        "untranslated": [
            (code, language_name(code)) for code, _ in translations.untranslated_languages(article)
        ],
    }
