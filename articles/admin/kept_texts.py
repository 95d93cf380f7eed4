"""Text that an editor typed and did not save: kept as they type, and offered to them again."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import time_format

from articles.admin import words
from articles.admin.article_pages import ArticlePages
from articles.content import Content
from articles.editing import kept_texts
from articles.editing.kept_texts import Overtaken, Typed, Window, WindowClosed
from articles.forms import ArticleForm
from articles.models import Article, KeptText
from articles.staff_pages import current_user
from articles.states import StepRefused

#: Offers on one page. A person who has more sees the next ones once these are gone.
_MOST_OFFERED = 5
_MOST_DIGITS = 19


class KeptTextPages(ArticlePages):
    def kept_text_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("keep/", wrap(self.keep), name="articles_article_keep_new"),
            path("<uuid:pk>/keep/", wrap(self.keep), name="articles_article_keep"),
            path("kept/<uuid:pk>/", wrap(self.kept_text), name="articles_article_kept"),
        ]

    def keep(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        """Keep what is in the form, for its script, and say so.

        With GET, return a token for the form: signing in again makes the one on the page invalid.
        """
        article = self.get_article(request, pk) if pk else None
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return JsonResponse({"token": get_token(request)})
        form = ArticleForm(request.POST, article=article, by=current_user(request))
        version, revision = (
            _parse_number(request.POST.get(name, "")) for name in ("version", "revision")
        )
        try:
            kept = kept_texts.keep_text(
                article,
                form.typed(),
                window=read_window(request),
                number=_parse_number(request.POST.get("number", "")),
                version=version if 0 < version < 2**31 else None,
                revision=revision if revision < 2**31 else 0,
                by=current_user(request),
            )
        except WindowClosed:
            return JsonResponse({"closed": True})
        except Overtaken as later:
            return JsonResponse({"overtaken": later.number})
        except StepRefused as refusal:
            return JsonResponse({"refused": words.NOT_KEPT % {"reason": refusal}})
        at = time_format(timezone.localtime(kept.kept_at), "TIME_FORMAT")
        said = {"kept": words.KEPT_AT % {"time": at}}
        if article and kept.based_on_id != article.head_id:
            who = article.head.made_by or words.SOMEBODY
            said["changed"] = words.CHANGED_MEANWHILE % {"who": who}
        return JsonResponse(said)

    def kept_text(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Compare a kept text of their own with what is saved now; with POST, throw it away."""
        by = current_user(request)
        rows = KeptText.objects.still_open().select_related("article")
        kept = get_object_or_404(rows, pk=pk, by=by)
        article = self.get_article(request, kept.article_id) if kept.article_id else None
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            kept_texts.throw_away(kept, by=by)
            messages.success(request, words.THROWN_AWAY)
            return _redirect_to_form(article)
        from articles.editing import diff  # only a comparison needs it

        title = article.title if article else words.NEW_ARTICLE
        opened = ArticleForm(article=article, by=by).opened()
        context = {
            **self.page_context(request, article, words.KEPT_TEXT % {"title": title}),
            "kept": kept,
            "changes": diff.compare(_content_of(opened), _content_of(kept.words)),
        }
        return TemplateResponse(request, "admin/articles/article/kept.html", context)

    def open_kept(self, request: HttpRequest, article: Article | None) -> KeptText | None:
        """Return the text in `kept` of the address, if it is theirs and of this article."""
        try:
            pk = UUID(request.GET.get("kept", ""))
        except ValueError:
            return None
        return KeptText.objects.offered_to(current_user(request), article).filter(pk=pk).first()

    def list_offers(
        self, request: HttpRequest, form: ArticleForm, article: Article | None
    ) -> list[KeptText]:
        """Return what they typed elsewhere and did not save, newest first."""
        rows = KeptText.objects.offered_to(current_user(request), article)
        kept = list(rows.select_related("article")[:_MOST_OFFERED])
        if not kept:
            return []
        open_ = {form["window"].value(), form["kept"].value()}
        opened = form.opened()
        return [
            each
            for each in kept
            if open_.isdisjoint({each.window, str(each.pk)}) and _differs(each, opened)
        ]


def read_window(request: HttpRequest) -> Window:
    return Window(token=request.POST.get("window", ""), opened_with=request.POST.get("kept", ""))


def _parse_number(typed: str) -> int:
    """Return the number, or 0."""
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= _MOST_DIGITS
    return int(typed) if is_number else 0


def _redirect_to_form(article: Article | None) -> HttpResponse:
    if article:
        return redirect("admin:articles_article_change", article.pk)
    return redirect("admin:articles_article_add")


def _differs(kept: KeptText, opened: Typed) -> bool:
    return any(_trim(kept.words.get(name, "")) != _trim(value) for name, value in opened.items())


def _trim(value: str | list[str]) -> str | list[str]:
    return value.strip() if isinstance(value, str) else value or ""


def _content_of(typed: Typed) -> Content:
    return ArticleForm(typed).unsaved_content()
