"""Reader feedback on an article, where its editors work."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import Aggregate, Count, OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.admin import words
from articles.admin.article_pages import ArticlePages
from articles.models import Feedback, ReaderComment
from articles.reading import feedback
from articles.staff_pages import current_user

#: The most items on one page.
_SHOWN = 100


class FeedbackPages(ArticlePages):
    def feedback_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:pk>/feedback/", wrap(self.feedback), name="articles_article_feedback"),
            path(
                "<uuid:pk>/feedback/<int:number>/",
                wrap(self.moderate),
                name="articles_article_moderate",
            ),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Add what readers answered about each article, counted for the rows of one page."""
        answered = Feedback.objects.filter(revision__article=OuterRef("pk"))
        said_yes = answered.filter(answer=Feedback.Answer.YES)
        waiting = ReaderComment.objects.filter(revision__article=OuterRef("pk"), kept_by=None)
        rows: QuerySet[Any] = super().get_queryset(request)
        counted: QuerySet[Any] = rows.annotate(
            said_yes=_per_article(said_yes, Sum("count")),
            said_all=_per_article(answered, Sum("count")),
            unread=_per_article(waiting, Count("pk")),
        )
        return counted

    @admin.display(description=words.COLUMNS["clear"])
    def was_clear(self, article: Any) -> SafeString | str:
        if not article.said_all and not article.unread:
            return "–"
        yes, total = article.said_yes or 0, article.said_all or 0
        said = words.CLEAR_COUNTS_UNREAD if article.unread else words.CLEAR_COUNTS
        counts = said % {"yes": yes, "no": total - yes, "unread": article.unread}
        address = reverse("admin:articles_article_feedback", args=[article.pk])
        return format_html('<a href="{}">{}</a>', address, counts)

    def feedback(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show the counts by revision and by section, and the comments."""
        article = self.get_article(request, pk)
        titles = feedback.section_titles(article)
        found = list(feedback.list_comments(article)[:_SHOWN])
        context = {
            **self.page_context(request, article, words.READER_FEEDBACK % {"title": article}),
            "answers": Feedback.Answer.labels,
            "tallies": feedback.tally_answers(article)[:_SHOWN],
            "sections": feedback.tally_sections(article),
            "comments": [(each, titles.get(each.section, "")) for each in found if each.text],
            "kept_days": feedback.COMMENTS_KEPT_FOR.days,
        }
        return TemplateResponse(request, "admin/articles/article/feedback.html", context)

    def moderate(self, request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
        """Keep a comment for colleagues, or erase it."""
        article = self.get_article(request, pk)
        back = redirect("admin:articles_article_feedback", article.pk)
        if request.method != "POST":
            return back
        found = get_object_or_404(ReaderComment, pk=number, revision__article=article)
        if "erase" in request.POST:
            found.delete()
            messages.success(request, words.COMMENT_DELETED)
        else:
            ReaderComment.objects.filter(pk=found.pk).update(kept_by=current_user(request))
            messages.success(request, words.COMMENT_KEPT)
        return back


def _per_article(rows: QuerySet[Any], counted: Aggregate) -> Subquery:
    grouped = rows.order_by().values("revision__article")
    return Subquery(grouped.annotate(total=counted).values("total"))
