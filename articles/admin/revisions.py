"""The revisions of an article: listed, compared side by side, restored, and shared."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import translation

from articles.admin import words
from articles.admin.article_pages import ArticlePages
from articles.editing import previews, writing
from articles.forms import PreviewLinkForm, StepForm
from articles.models import Article, Feedback, PreviewLink, Revision
from articles.reading import feedback
from articles.staff_pages import current_user
from articles.states import State, StepRefused
from articles.views import pagination
from articles.views.previews import preview_context

#: The most revisions on one page of the history.
_SHOWN = 50


class RevisionPages(ArticlePages):
    def revision_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:pk>/preview/", wrap(self.preview), name="articles_article_preview"),
            path("<uuid:pk>/revisions/", wrap(self.revisions), name="articles_article_revisions"),
            path(
                "<uuid:pk>/revisions/<int:number>/",
                wrap(self.revision),
                name="articles_article_revision",
            ),
            path("<uuid:pk>/review/", wrap(self.review), name="articles_article_review"),
            path(
                "<uuid:pk>/review/<int:thread>/",
                wrap(self.thread),
                name="articles_article_thread",
            ),
            path("<uuid:pk>/share/", wrap(self.share), name="articles_article_share"),
            path(
                "<uuid:pk>/share/<int:link>/end/",
                wrap(self.unshare),
                name="articles_article_unshare",
            ),
        ]

    def preview(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show the newest revision as the page that readers would get."""
        article = self.get_article(request, pk)
        return TemplateResponse(
            request, "articles/article/page.html", preview_context(article.head)
        )

    def review(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show the newest revision with comments at its passages, and take new ones."""
        from articles.admin.comments import CommentPages  # few open it

        return CommentPages(self.model, self.admin_site).review(request, pk)

    def thread(self, request: HttpRequest, pk: UUID, thread: int) -> HttpResponse:
        """Do something with one thread of comments."""
        from articles.admin.comments import CommentPages  # as above

        return CommentPages(self.model, self.admin_site).thread(request, pk, thread)

    def revisions(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show revisions and events, newest first; with `before`, only older revisions."""
        article = self.get_article(request, pk)
        before = pagination.parse_number(request.GET.get("before", "")) or article.head.number + 1
        found = list(article.revisions.for_history(before)[: _SHOWN + 1])
        events = article.events.select_related("by", "revision").order_by("-id")
        context = {
            **self.page_context(request, article, words.HISTORY % {"title": article}),
            "revisions": found[:_SHOWN],
            "older": found[_SHOWN - 1].number if len(found) > _SHOWN else None,
            "events": events[: 4 * _SHOWN],
            "answers": Feedback.Answer.labels,
            "tallies": feedback.tally_answers(article)[:_SHOWN],
        }
        return TemplateResponse(request, "admin/articles/article/revisions.html", context)

    def revision(self, request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
        """Compare a revision with what readers see, or with the number in `against`."""
        article = self.get_article(request, pk)
        revision = get_object_or_404(
            article.revisions.select_related("made_by", "made_from"), number=number
        )
        if request.method == "POST":
            return self._restore(request, article, number)
        from articles.editing import diff  # only a comparison needs it

        against = self._against(request, article, revision)
        context = {
            **self.page_context(
                request, article, words.REVISION % {"number": number, "title": article}
            ),
            "revision": revision,
            "against": against,
            "changes": diff.compare(against.content, revision.content) if against else [],
            "others": article.revisions.exclude(pk=revision.pk)
            .only("number", "made_at", "title", "article")
            .order_by("-number")[: 4 * _SHOWN],
            "form": StepForm(initial={"version": article.version}),
            "may_restore": self.has_add_permission(request)
            and (revision.pk != article.head_id or article.state == State.RETIRED),
        }
        return TemplateResponse(request, "admin/articles/article/revision.html", context)

    def _against(
        self, request: HttpRequest, article: Article, revision: Revision
    ) -> Revision | None:
        """Return the older side: the chosen one, the live one, or the one it was made from."""
        chosen = pagination.parse_number(request.GET.get("against", ""))
        if chosen is not None:
            return get_object_or_404(article.revisions, number=chosen)
        if article.live and article.live_id != revision.pk:
            return article.live
        return revision.made_from

    def _restore(self, request: HttpRequest, article: Article, number: int) -> HttpResponse:
        if not self.has_add_permission(request):
            raise Http404
        form = StepForm(request.POST)
        if not form.is_valid():
            return redirect("admin:articles_article_revision", article.pk, number)
        try:
            writing.restore_revision(
                article, number=number, by=current_user(request), **form.arguments()
            )
        except StepRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:articles_article_revision", article.pk, number)
        messages.success(request, words.RESTORED % {"number": number, "title": article})
        return redirect("admin:articles_article_change", article.pk)

    def share(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Make a preview link and show its address, this one time only."""
        article = self.get_article(request, pk)
        form = PreviewLinkForm(request.POST if request.method == "POST" else None)
        address, status = "", 200
        if request.method == "POST":
            status = 422
            if form.is_valid():
                try:
                    _, secret = previews.create_preview_link(
                        article, by=current_user(request), **form.cleaned_data
                    )
                except StepRefused as refusal:
                    form.add_error(None, list(refusal.reasons))
                else:
                    with translation.override(article.language):
                        page = reverse("articles:preview", args=[secret])
                    address = request.build_absolute_uri(page)
                    status = 200
        context = {
            **self.page_context(request, article, words.PREVIEW_LINKS % {"title": article}),
            "form": form,
            "address": address,
            "links": PreviewLink.objects.active_for(article)[:_SHOWN],
        }
        return TemplateResponse(
            request, "admin/articles/article/share.html", context, status=status
        )

    def unshare(self, request: HttpRequest, pk: UUID, link: int) -> HttpResponse:
        article = self.get_article(request, pk)
        found = get_object_or_404(
            PreviewLink.objects.select_related("revision__article"),
            pk=link,
            revision__article=article,
        )
        if request.method == "POST":
            try:
                previews.end_preview_link(found, by=current_user(request))
            except StepRefused as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, words.LINK_REVOKED)
        return redirect("admin:articles_article_share", pk)
