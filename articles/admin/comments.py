"""The review page: a version as readers will see it, with comments at its passages."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import get_template
from django.template.response import TemplateResponse
from django.urls import reverse

from articles.admin import words
from articles.admin.article_pages import ArticlePages
from articles.editing import comments, reviewers
from articles.models import Article, CommentThread
from articles.staff_pages import current_user, script_media
from articles.states import StepRefused
from articles.views import pagination
from articles.views.previews import passage_context, preview_context

if TYPE_CHECKING:
    from articles.editing.places import Place
    from articles.forms.passage_comment import AnswerForm, PassageCommentForm

#: The most resolved threads on the page.
_SHOWN = 100
_STEPS = {"resolve": comments.resolve, "reopen": comments.reopen}


class CommentPages(ArticlePages):
    def review(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show the newest version with its comments; with `at`, a form below that passage."""
        from articles.forms.passage_comment import PassageCommentForm  # only this page needs it

        article = self.get_article(request, pk)
        if request.method != "POST":
            place = request.GET.get("at", "")
            form = PassageCommentForm(initial={"place": place, "revision": article.head.number})
            return self._review_page(request, article, form, place=place)
        form = PassageCommentForm(request.POST)
        if form.is_valid():
            said = form.cleaned_data
            revision = get_object_or_404(article.revisions, number=said.pop("revision"))
            try:
                thread = comments.open_thread(revision, **said, by=current_user(request))
            except StepRefused as refusal:
                form.add_error(None, list(refusal.reasons))
            else:
                messages.success(request, words.COMMENT_SENT)
                return redirect(_address(thread))
        return self._review_page(request, article, form, place=form["place"].value() or "")

    def thread(self, request: HttpRequest, pk: UUID, thread: int) -> HttpResponse:
        """Answer, resolve, or reopen a thread, or delete the words of one comment."""
        from articles.forms.passage_comment import AnswerForm  # only this page needs it

        article = self.get_article(request, pk)
        found = get_object_or_404(article.threads, pk=thread)
        if request.method != "POST":
            return redirect(_address(found))
        by, taken = current_user(request), request.POST.get("taken", "")
        if taken not in words.COMMENT_DONE:
            raise Http404
        form = AnswerForm(request.POST)
        if taken == "answer" and not form.is_valid():
            return self._review_page(request, article, None, place="", answer=(found, form))
        try:
            if taken in _STEPS:
                _STEPS[taken](found, by=by)
            elif taken == "erase":
                number = pagination.parse_number(request.POST.get("comment", ""))
                comments.erase_words(get_object_or_404(found.comments, pk=number), by=by)
            else:
                comments.answer(found, text=form.cleaned_data["text"], by=by)
        except StepRefused as refusal:
            if taken == "answer":
                form.add_error("text", list(refusal.reasons))
                return self._review_page(request, article, None, place="", answer=(found, form))
            messages.error(request, str(refusal))
        else:
            messages.success(request, words.COMMENT_DONE[taken])
        return redirect(_address(found))

    def _review_page(
        self,
        request: HttpRequest,
        article: Article,
        form: "PassageCommentForm | None",
        *,
        place: str,
        answer: "tuple[CommentThread, AnswerForm] | None" = None,
    ) -> HttpResponse:
        from articles.editing import last_read  # only this page needs them
        from articles.editing.places import read_places

        by = current_user(request)
        context = preview_context(article.head)
        places = read_places(article.head, context["live_page"])
        threads = list(article.threads.open().for_review())
        resolved = list(article.threads.resolved().for_review()[:_SHOWN])
        here, lost = _at_places(threads, places)
        authors = reviewers.authors(article)
        shown: dict[str, Any] = {
            "article": article,
            "answer": answer,
            "may_settle": [
                each.pk
                for each in (*threads, *resolved)
                if comments.may_settle(each, by, authors=authors)
            ],
            "may_erase": [
                said.pk
                for each in (*threads, *resolved)
                for said in each.comments.all()
                if comments.may_erase(said, by)
            ],
            "csrf_token": get_token(request),
            "lang": article.lang,
        }
        template = get_template("admin/articles/article/_passage.html")

        def draw(each: "Place") -> str:
            own = form if each.key == place else None
            return template.render(
                shown | {"place": each, "form": own, "threads": here.get(each.key, ())}
            )

        context |= shown | {
            **passage_context(context["live_page"], places, draw, form=form, chosen=place),
            "threads": threads,
            "lost": lost,
            "resolved": resolved,
            "before": last_read.note_reading(article, by=by),
            "media": script_media("quoted_words"),
        }
        is_wrong = bool((form and form.errors) or answer)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
        return TemplateResponse(
            request, "admin/articles/article/review.html", context, status=status
        )


def _at_places(
    threads: list[CommentThread], places: "list[Place]"
) -> tuple[dict[str, list[CommentThread]], list[CommentThread]]:
    """Return the threads at each passage by its key, and those whose passage is gone."""
    from articles.editing.places import find_place  # as above

    here: dict[str, list[CommentThread]] = {}
    lost = []
    for thread in threads:
        # The library can change what a page says without a new revision.
        found = find_place(
            places, passage=thread.passage, digest=thread.digest, ordinal=thread.ordinal
        )
        if thread.is_placed and found:
            here.setdefault(found.key, []).append(thread)
        else:
            lost.append(thread)
    return here, lost


def _address(thread: CommentThread) -> str:
    page = reverse("admin:articles_article_review", args=[thread.article_id])
    return f"{page}#comment-{thread.pk}"
