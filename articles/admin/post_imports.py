"""The import of posts: an upload, what each post becomes, and then the drafts."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from articles.admin import words
from articles.admin.article_pages import ArticlePages
from articles.forms import ImportChoicesForm, PostsForm, Ticked
from articles.models import ImportLine, PostImport
from articles.permissions import WRITE
from articles.staff_pages import current_user
from articles.states import StepRefused
from articles.views.pagination import paginate, parse_number

if TYPE_CHECKING:
    from portal.models import User

_TEMPLATES = {
    PostImport.State.READING: "progress",
    PostImport.State.CHOOSING: "preview",
    PostImport.State.STORING: "progress",
    PostImport.State.DONE: "report",
}


#: Digits of a key that both databases can compare.
_LONGEST_KEY = 18
#: No line has this key.
_NO_LINE = 0


class ChosenPost(NamedTuple):
    #: The key of its line.
    line: int
    is_wanted: bool


class ImportPages(ArticlePages):
    """What posts.page_imports does is imported with the first upload: its parsers are large.

    So is the way out, all of the site as one archive.
    """

    def import_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("export/", wrap(self.export_site), name="articles_article_export"),
            path("import/", wrap(self.upload_posts), name="articles_article_import"),
            path("import/<uuid:pk>/", wrap(self.show_import), name="articles_article_imported"),
        ]

    def export_site(self, request: HttpRequest) -> HttpResponseBase:
        """Say what is in the archive of the site; send it to an editor who asks for it."""
        from articles.admin.site_export import ExportPages  # few take everything away

        return ExportPages(self.model, self.admin_site).export_site(request)

    def upload_posts(self, request: HttpRequest) -> HttpResponse:
        """Take an upload, keep it for its preview, and show the imports that wait."""
        self._require_writer(request)
        form = PostsForm(request.POST if request.method == "POST" else None, request.FILES or None)
        status = 200
        if request.method == "POST":
            status = 422
            if form.is_valid():
                from articles.posts.page_imports import start_import
                from articles.posts.upload_reading import Upload

                uploads = [Upload(name=name, content=read) for name, read in form.uploads()]
                try:
                    started = start_import(uploads, by=current_user(request))
                except StepRefused as refusal:
                    form.add_error("file", list(refusal.reasons))
                else:
                    return redirect("admin:articles_article_imported", started.pk)
        context = {
            **self.page_context(request, None, str(words.IMPORT_POSTS)),
            "form": form,
            "waiting": PostImport.objects.filter(by=current_user(request)),
        }
        return TemplateResponse(
            request, "admin/articles/import/upload.html", context, status=status
        )

    def show_import(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show an import to the editor who began it; while it works, each visit does a part."""
        self._require_writer(request)
        mine = PostImport.objects.filter(by=current_user(request))
        post_import = get_object_or_404(mine, pk=pk)
        form = _choices_form(request, post_import)
        if request.method == "POST":
            if "discard" in request.POST:
                from articles.posts.page_imports import discard_import

                discard_import(post_import)
                messages.success(request, words.IMPORT_DISCARDED)
                return redirect("admin:articles_article_import")
            if chosen := _chosen_post(request):
                from articles.posts.page_imports import choose_post

                choose_post(post_import, chosen.line, is_wanted=chosen.is_wanted)
                form = _choices_form(request, post_import, ticked=form.ticked())
            elif form.is_valid():
                self._confirm(request, post_import, form)
                return redirect("admin:articles_article_imported", pk)
        is_busy = False
        if request.method == "GET" and post_import.is_working:
            from articles.posts.page_imports import continue_import

            is_busy = not continue_import(post_import)
            post_import = get_object_or_404(mine, pk=pk)
            form = _choices_form(request, post_import)
        context = {
            **self.page_context(request, None, str(words.IMPORT_TITLES[post_import.state])),
            "post_import": post_import,
            "form": form,
            "is_busy": is_busy,
            **_progress(post_import),
            "page": paginate(post_import.lines_in_order(), request.GET.get("page", "")),
        }
        name = _TEMPLATES[PostImport.State(post_import.state)]
        status = 422 if form.errors else 200
        return TemplateResponse(
            request, f"admin/articles/import/{name}.html", context, status=status
        )

    def _confirm(
        self, request: HttpRequest, post_import: PostImport, form: ImportChoicesForm
    ) -> None:
        from articles.posts.page_imports import confirm_import

        refused = confirm_import(
            post_import,
            categories=form.cleaned_data.get("categories", ()),
            authors=form.authors(),
            by=current_user(request),
        )
        for reason in refused:
            messages.warning(request, reason)

    def _require_writer(self, request: HttpRequest) -> None:
        if not self.has_add_permission(request):
            raise PermissionDenied


def _chosen_post(request: HttpRequest) -> ChosenPost | None:
    """Return which post was just left out or taken in again; None if another button was pressed."""
    for button, is_wanted in (("take_in", True), ("leave_out", False)):
        if button in request.POST:
            line = parse_number(request.POST[button], most_digits=_LONGEST_KEY)
            return ChosenPost(line or _NO_LINE, is_wanted)
    return None


def _choices_form(
    request: HttpRequest, post_import: PostImport, ticked: Ticked | None = None
) -> ImportChoicesForm:
    """`ticked`: what was said yes to before a post was left out, to be shown and not yet done."""
    is_asked = post_import.state == PostImport.State.CHOOSING
    previews = post_import.previews() if is_asked else []
    people: Iterable[User] = get_user_model().objects.filter(is_active=True) if is_asked else ()
    return ImportChoicesForm(
        request.POST if request.method == "POST" and ticked is None else None,
        ticked=ticked,
        categories=_named(name for shown in previews for name in shown.get("new_categories", ())),
        names=_named(shown.get("written_by", "") for shown in previews),
        accounts=[each for each in people if each.has_perm(WRITE)],
    )


def _named(names: Any) -> list[str]:
    return sorted(filter(None, {*names}), key=str.casefold)


def _progress(post_import: PostImport) -> dict[str, Any]:
    """Return how many posts there are, how many are done, and how they ended."""
    counts = post_import.count_outcomes()
    done = post_import.count_read() if post_import.state == "reading" else sum(counts.values())
    outcomes = [(ImportLine.Outcome(outcome).label, count) for outcome, count in counts.items()]
    return {"total": post_import.lines.count(), "done": done, "outcomes": outcomes}
