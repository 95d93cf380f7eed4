"""Help for whoever is writing: unsaved text previewed, checked, and kept; and the library."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.text import slugify

from articles import checking
from articles.admin import words
from articles.admin.article_pages import ArticlePages
from articles.content import CONTENT_FIELDS, BodyTooLong, Content
from articles.forms import ArticleForm
from articles.models import Article, Authorship, KeptText, Revision
from articles.reading import pages
from articles.staff_pages import current_user
from articles.states import StepRefused
from articles.text_cleaning import clean_line, clean_text
from articles.views import previews
from articles.views.pagination import parse_number

if TYPE_CHECKING:
    from articles.editing.kept_texts import Typed, Window

#: Offers on one page. A person who has more sees the next ones once these are gone.
_MOST_OFFERED = 5
_MOST_DIGITS = 19


class DraftPages(ArticlePages):
    #: Defined by ArticleAdmin: the page to return to when the text cannot be shown.
    writing_page: Callable[[HttpRequest, ArticleForm, Article | None], HttpResponse]

    def draft_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("try/", wrap(self.preview_draft), name="articles_article_try_new"),
            path("<uuid:pk>/try/", wrap(self.preview_draft), name="articles_article_try"),
            path("paste/", wrap(self.convert_pasted), name="articles_article_paste"),
            path("library/<slug:shelf>/", wrap(self.library), name="articles_article_library"),
        ]

    def preview_draft(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        """Show unsaved text: the page that readers would get, and the checks. Saves nothing.

        The script gets both as JSON; the “Preview” button gets the page alone.
        """
        article = self.get_article(request, pk) if pk else None
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form = ArticleForm(request.POST, article=article, by=current_user(request))
        is_script = request.headers.get("X-Asked-By") == "script"
        try:
            content = form.unsaved_content()
        except BodyTooLong as error:
            if is_script:
                return JsonResponse({"refused": str(error)})
            return self.writing_page(request, form, article)
        page = render_to_string(
            "articles/article/page.html", _preview_context(request, article, content), request
        )
        if not is_script:
            return HttpResponse(page)
        from articles.admin.check_panel import build_check_panel  # only editing pages need it

        library = pages.snapshot_library_for_checks(content, article)
        found = build_check_panel(content, checking.run_checks(content, library))
        checks = render_to_string(
            "admin/articles/article/_checks.html",
            {"check_panel": found, "is_writing": True},
            request,
        )
        return JsonResponse({"page": page, "checks": checks, "said": found.summary})

    def convert_pasted(self, request: HttpRequest) -> HttpResponse:
        """Return what was pasted as HTML as Markdown, for the script, and name what is lost."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        from articles.posts import MalformedPost  # with all that reads HTML
        from articles.posts.pasted_html import read_pasted

        try:
            read = read_pasted(request.POST.get("html", ""))
        except MalformedPost as error:
            return JsonResponse({"refused": words.PASTED_PLAIN % {"reason": error.reason}})
        return JsonResponse({"markdown": clean_text(read.markdown), "notes": " ".join(read.notes)})

    def library(self, request: HttpRequest, shelf: str) -> HttpResponse:
        """Find what an editor can insert into a text, by the words that they type."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        from articles.admin.library_search import LIBRARY_SEARCHES  # only editing pages need it

        find = LIBRARY_SEARCHES.get(shelf)
        if find is None:
            raise Http404
        query = clean_line(request.GET.get("q", ""))[:100]
        return JsonResponse({"found": find(query)})


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
        from articles.editing import kept_texts  # only editing pages need it

        version, revision = (
            parse_number(request.POST.get(name, ""), most_digits=_MOST_DIGITS) or 0
            for name in ("version", "revision")
        )
        try:
            kept = kept_texts.keep_text(
                article,
                form.typed(),
                window=read_window(request),
                number=parse_number(request.POST.get("number", ""), most_digits=_MOST_DIGITS) or 0,
                version=version if 0 < version < 2**31 else None,
                revision=revision if revision < 2**31 else 0,
                by=current_user(request),
            )
        except kept_texts.WindowClosed:
            return JsonResponse({"closed": True})
        except kept_texts.Overtaken as later:
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
            from articles.editing import kept_texts  # only editing pages need it

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


def read_window(request: HttpRequest) -> "Window":
    """Return the window that the form was sent from."""
    from articles.editing.kept_texts import Window  # only editing pages need it

    return Window(token=request.POST.get("window", ""), opened_with=request.POST.get("kept", ""))


def _redirect_to_form(article: Article | None) -> HttpResponse:
    if article:
        return redirect("admin:articles_article_change", article.pk)
    return redirect("admin:articles_article_add")


def _differs(kept: KeptText, opened: "Typed") -> bool:
    return any(_trim(kept.words.get(name, "")) != _trim(value) for name, value in opened.items())


def _trim(value: str | list[str]) -> str | list[str]:
    return value.strip() if isinstance(value, str) else value or ""


def _content_of(typed: "Typed") -> Content:
    return ArticleForm(typed).unsaved_content()


def _preview_context(
    request: HttpRequest, article: Article | None, content: Content
) -> dict[str, Any]:
    by = current_user(request)
    slug = slugify(content.title)[:200] or "article"
    shown = article or Article(slug=slug, title=content.title)
    revision = Revision(
        article=shown,
        number=article.head.number + 1 if article else 1,
        made_by=by,
        made_at=timezone.now(),
        **{name: getattr(content, name) for name in CONTENT_FIELDS},
    )
    others = article.head.authorships.select_related("author") if article else ()
    own = Authorship(author=by, interests=request.POST.get("interests", "")[:400])
    authorships = [*(each for each in others if each.author_id != by.pk), own]
    return previews.preview_context(revision) | {"authorships": authorships}
