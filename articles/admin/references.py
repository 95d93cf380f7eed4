"""The sources that articles cite: added one by one or from a file, and their status."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from articles import library
from articles.admin import words
from articles.admin.filters import LookupFilter
from articles.admin.proposals import tell_what_waits, waiting_link
from articles.admin.verb_admin import VerbAdmin
from articles.forms import ImportForm, ReferenceForm, StandingForm
from articles.library import words as library_words
from articles.library.reference_import import ImportPreview, preview_import, unmarked
from articles.models import Article, Proposal, Reference, SourceNotice
from articles.permissions import APPROVE, CHANGE_REFERENCES
from articles.rendering.sources import source_html
from articles.staff_pages import current_user
from articles.states import StepRefused

#: The most pages that are named as affected by a status change.
_NAMED = 100


@admin.register(Reference)
class ReferenceAdmin(VerbAdmin):
    form = ReferenceForm
    list_display = ("key", "authors", "title", "year", "standing")
    list_filter = ("standing", LookupFilter, "design")
    search_fields = ("key", "authors", "title", "doi", "pmid")

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("import/", wrap(self.import_file), name="articles_reference_import"),
            path("<uuid:pk>/standing/", wrap(self.standing), name="articles_reference_standing"),
            path("number/", wrap(self.look_up_number), name="articles_reference_number"),
            path("<uuid:pk>/read/", wrap(self.mark_read), name="articles_reference_read"),
            *super().get_urls(),
        ]

    # --- One by one -------------------------------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: Reference | None = None) -> bool:
        """Let only reviewers change a source that live pages cite, as the verb does."""
        may = super().has_change_permission(request, obj)
        if obj is None or not may or request.method == "POST" or request.user.has_perm(APPROVE):
            return may
        return not obj.live_pages.exists()

    def get_fields(self, request: HttpRequest, obj: Reference | None = None) -> tuple[str, ...]:
        fields: tuple[str, ...] = ReferenceForm.Meta.fields
        if obj is None:
            return (*fields, "opened_version")
        fields = (*fields, "standing", "standing_note", "standing_by")
        return (*fields, "opened_version") if self.has_change_permission(request, obj) else fields

    def get_readonly_fields(
        self, request: HttpRequest, obj: Reference | None = None
    ) -> tuple[str, ...]:
        if obj is None:
            return ()
        fixed = ("standing", "standing_note", "standing_by")
        return ("key", *fixed) if library.is_cited(obj) else fixed

    def save_model(
        self,
        request: HttpRequest,
        obj: Reference,
        form: ReferenceForm,
        change: bool,  # noqa: FBT001 - Django passes it so
    ) -> None:
        by: Any = request.user
        if change:
            version = form.cleaned_data["opened_version"]
            saved = library.edit_reference(obj, form.source(), version=version, by=by)
            tell_what_waits(request, (Proposal.Kind.SOURCE,), saved.pk)
        else:
            saved = library.add_reference(form.source(), by=by)
        obj.pk, obj.key = saved.pk, saved.key

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        kinds = (Proposal.Kind.SOURCE, Proposal.Kind.STANDING)
        context["waiting"] = waiting_link(kinds, obj.pk) if obj else ""
        if obj:
            context["notices"] = list(obj.notices.all())
            context["has_unread"] = SourceNotice.objects.unread().filter(reference=obj).exists()
        return super().render_change_form(request, context, *args, **kwargs)

    # --- By its number ----------------------------------------------------------------------------

    def look_up_number(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        from articles.admin.source_lookup import look_up_number  # and what reads the answers

        frame = {**self.admin_site.each_context(request), "opts": self.opts}
        return look_up_number(request, frame)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Fill in what was just looked up, if the address says so."""
        if "number" not in request.GET:
            return super().get_changeform_initial_data(request)
        from articles.admin.source_lookup import found_before

        return found_before(request)

    def mark_read(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Take its corrections off the list of those that nobody has read."""
        if not request.user.has_perm(CHANGE_REFERENCES):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        from articles.library.source_notices import mark_corrections_read

        reference = get_object_or_404(Reference, pk=pk)
        mark_corrections_read(reference, by=current_user(request))
        messages.success(request, library_words.READ % {"key": reference.key})
        return redirect("admin:articles_reference_change", pk)

    # --- What is said of it -----------------------------------------------------------------------

    def standing(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show which pages a status would reach; once it is saved, they show it at once."""
        if not super().has_change_permission(request):
            raise PermissionDenied
        reference = get_object_or_404(Reference.objects.select_related("standing_by"), pk=pk)
        form = StandingForm(request.POST or None, initial=_standing_now(reference))
        status = 200
        if request.method == "POST":
            status = 422
            if form.is_valid():
                try:
                    said = library.set_standing(
                        reference, by=current_user(request), **form.cleaned_data
                    )
                except StepRefused as refusal:
                    form.add_error(None, list(refusal.reasons))
                    status = 409
                else:
                    status_name = said.get_standing_display()
                    logged = words.STATUS_LOGGED[said.standing]
                    self.log_change(request, reference, [{"changed": {"fields": [logged]}}])
                    done = {"source": reference, "status": status_name.lower()}
                    messages.success(request, words.STATUS_CHANGED % done)
                    tell_what_waits(request, (Proposal.Kind.STANDING,), said.pk)
                    return redirect("admin:articles_reference_change", reference.pk)
        articles = Article.objects.citing(reference).only(
            "title", "slug", "language", "translation_of", "published_at"
        )
        found = list(articles[: _NAMED + 1])
        context = {
            **self.admin_site.each_context(request),
            "title": words.CHANGE_STATUS % {"source": reference},
            "opts": self.opts,
            "reference": reference,
            "entry": source_html(reference.as_source()),
            "articles": found[:_NAMED],
            "has_more": len(found) > _NAMED,
            "form": form,
        }
        return TemplateResponse(
            request, "admin/articles/reference/standing.html", context, status=status
        )

    # --- From a file ------------------------------------------------------------------------------

    def import_file(self, request: HttpRequest) -> HttpResponse:
        """Read what was pasted, show what it would add, and add the entries that were chosen."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None)
        context: dict[str, Any] = {}
        status = 200
        if request.method == "POST":
            if form.is_valid():
                # Imported only when a file comes in: serving pages never needs its parsers.
                from articles.posts.reference_files import read_reference_file

                text = form.cleaned_data["text"]
                preview = preview_import(read_reference_file(text.encode("utf-8", "replace")))
                context = _preview_context(preview)
                context["problems"] = [*form.notes, *context["problems"]]
                # A file is uploaded once; its text is sent again along with the chosen entries.
                form.data = {**request.POST.dict(), "text": text}
                if "add" in request.POST and self._added(request, form, context["rows"]):
                    return redirect("admin:articles_reference_changelist")
            status = 422 if form.errors else 200
        context = {
            **self.admin_site.each_context(request),
            "title": words.IMPORT_REFERENCES,
            "opts": self.opts,
            "form": form,
            **context,
        }
        return TemplateResponse(
            request, "admin/articles/reference/import.html", context, status=status
        )

    def _added(self, request: HttpRequest, form: ImportForm, rows: list[dict[str, Any]]) -> bool:
        chosen = set(request.POST.getlist("chosen"))
        marked = set(request.POST.getlist("marked"))
        wanted = [
            row["source"] if row["place"] in marked else unmarked(row["source"])
            for row in rows
            if row["place"] in chosen and row["candidate"].can_be_added
        ]
        if not wanted:
            form.add_error(None, words.CHOOSE_ONE)
            return False
        try:
            added = library.add_references(wanted, by=current_user(request))
        except StepRefused as refusal:
            form.add_error(None, list(refusal.reasons))
            return False
        for reference in added:
            self.log_addition(request, reference, [{"added": {}}])
        messages.success(request, words.sources_added([reference.key for reference in added]))
        return True


def _preview_context(preview: ImportPreview) -> dict[str, Any]:
    """Return each entry as readers would see it, with what the library already has of it."""
    rows = [
        {
            "place": str(place),
            "candidate": candidate,
            "source": candidate.source,
            "entry": source_html(candidate.source),
        }
        for place, candidate in enumerate(preview.candidates)
        if candidate.source
    ]
    unread = [
        words.LINE_PROBLEM % {"line": candidate.line, "problem": problem}
        for candidate in preview.candidates
        if not candidate.source
        for problem in candidate.problems
    ]
    return {
        "rows": rows,
        "problems": [*unread, *preview.faults],
        "has_new": any(candidate.can_be_added for candidate in preview.candidates),
    }


def _standing_now(reference: Reference) -> dict[str, Any]:
    """Return the current status, with the note that waits for a second person if there is one."""
    kind = Proposal.Kind.STANDING
    waiting = Proposal.objects.waiting().filter(kind=kind, target=reference.pk).first()
    words = waiting.after.get("standing_note") if waiting else ""
    return {
        "version": reference.version,
        "standing": reference.standing,
        "note": words or reference.standing_note,
        "by_source": reference.standing_by.key if reference.standing_by else "",
    }
