"""Changes that wait for a second person: listed, compared, and approved or declined."""

import hashlib
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles import library
from articles.admin import words
from articles.admin.base import NoDeleteAdmin
from articles.forms import DecisionForm
from articles.languages import language_name, translated_languages
from articles.models import Article, Proposal, Reference
from articles.permissions import CHANGE_REFERENCES
from articles.staff_pages import current_user
from articles.states import StepRefused

#: The page on which the row of each kind is viewed.
_PAGES = {
    Proposal.Kind.STANDING: "admin:articles_reference_change",
    Proposal.Kind.SOURCE: "admin:articles_reference_change",
    Proposal.Kind.TERM: "admin:articles_term_change",
    Proposal.Kind.CATEGORY: "admin:articles_category_change",
    Proposal.Kind.CREDIT: "admin:articles_image_change",
    Proposal.Kind.ADDRESS: "admin:articles_article_change",
    Proposal.Kind.RETIREMENT: "admin:articles_article_change",
}
_NAMED = 50


class _DecisionFilter(admin.SimpleListFilter):
    """Filter by decision; shows what is waiting unless somebody asks for the rest."""

    title = words.COLUMNS["decision"]
    parameter_name = "decision"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        decisions = [(value, str(label)) for value, label in Proposal.Decision.choices]
        return [("waiting", str(words.WAITING)), *decisions]

    def choices(self, changelist: Any) -> Any:
        for choice in list(super().choices(changelist))[1:]:
            chosen = self.value() or "waiting"
            yield {**choice, "selected": choice["query_string"].endswith(f"={chosen}")}

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = self.value() or "waiting"
        return queryset.filter(decision="" if chosen == "waiting" else chosen)


@admin.register(Proposal)
class ProposalAdmin(NoDeleteAdmin):
    list_display = ("subject", "kind", "proposed_by", "proposed_at", "answered")
    list_display_links = ("subject",)
    list_filter = (_DecisionFilter,)
    list_select_related = ("proposed_by", "decided_by")
    list_per_page = 50
    empty_words = words.NO_PROPOSALS
    ordering = ("proposed_at", "id")
    actions = None

    @admin.display(description=words.COLUMNS["decision"])
    def answered(self, proposal: Proposal) -> str:
        if not proposal.decision:
            return str(words.WAITS_FOR_SECOND)
        said = words.DECIDED_BY if proposal.decided_by else words.DECIDED_ITSELF
        return said % {"decision": proposal.get_decision_display(), "by": proposal.decided_by}

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(CHANGE_REFERENCES)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(CHANGE_REFERENCES)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        title = str(self.opts.verbose_name_plural).capitalize()
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show what the proposal would change, and the two ways to decide."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        proposal = _find(object_id)
        form = DecisionForm(request.POST or None)
        status = 200
        if request.method == "POST":
            status = 422
            if form.is_valid():
                try:
                    said = _decide(request, proposal, form)
                except StepRefused as refusal:
                    form.add_error(None, list(refusal.reasons))
                    status = 409
                    proposal.refresh_from_db()
                else:
                    messages.success(request, said)
                    return redirect("admin:articles_proposal_changelist")
        by, rows = current_user(request), _rows(proposal)
        context = {
            **self.admin_site.each_context(request),
            "title": str(proposal),
            "opts": self.opts,
            "proposal": proposal,
            "rows": rows,
            "seen": _digest(rows),
            "row_url": _row_url(proposal),
            "reached": _reached(proposal),
            "blockers": library.approval_blockers(proposal, by),
            "is_own": proposal.proposed_by_id == by.pk,
            "form": form,
        }
        return TemplateResponse(
            request, "admin/articles/proposal/decide.html", context, status=status
        )


def waiting_link(kinds: tuple[Proposal.Kind, ...], target: UUID) -> SafeString | str:
    """Return a sentence with a link to what is waiting for a row; empty if nothing is."""
    waiting = Proposal.objects.waiting().filter(kind__in=kinds, target=target).first()
    if waiting is None:
        return ""
    return format_html(str(words.CHANGE_WAITS), link=_link(waiting, words.VIEW_CHANGE))


def tell_what_waits(request: HttpRequest, kinds: tuple[Proposal.Kind, ...], target: UUID) -> None:
    """Say after saving that something of these kinds is waiting for the row, if it is."""
    if waiting := Proposal.objects.waiting().filter(kind__in=kinds, target=target).first():
        tell_waiting(request, waiting)


def tell_waiting(request: HttpRequest, proposal: Proposal | None) -> None:
    """Say after saving that readers do not see the change yet."""
    if proposal is None:
        messages.info(request, words.NOTHING_CHANGED)
        return
    messages.warning(
        request, format_html(str(words.NEEDS_APPROVAL), link=_link(proposal, str(proposal)))
    )


def _link(proposal: Proposal, text: object) -> SafeString:
    address = reverse("admin:articles_proposal_change", args=[proposal.pk])
    return format_html('<a href="{}">{}</a>', address, text)


def _find(object_id: str) -> Proposal:
    try:
        key = UUID(object_id)
    except ValueError:
        raise Http404 from None
    return get_object_or_404(Proposal.objects.for_staff(), pk=key)


def _decide(request: HttpRequest, proposal: Proposal, form: DecisionForm) -> str:
    """Carry out the decision and return what was done, in words. Raise StepRefused."""
    by = current_user(request)
    if "approve" in request.POST:
        if request.POST.get("seen") != _digest(_rows(proposal)):
            raise StepRefused(words.CHANGED_SINCE_READ)
        library.approve_proposal(proposal, by=by)
        return words.APPROVED % {"change": proposal}
    decided = library.decline_proposal(proposal, answer=form.cleaned_data["answer"], by=by)
    decision = decided.get_decision_display().lower()
    return words.DECIDED % {"change": proposal, "decision": decision}


def _rows(proposal: Proposal) -> list[dict[str, str]]:
    """Return each field with its values before and after the change."""
    return [
        {
            "name": _field_name(name),
            "before": _words(name, before),
            "after": _words(name, after),
        }
        for name, (before, after) in proposal.changes.items()
    ]


def _field_name(name: str) -> str:
    """Return a field's name for people; for a translated field, with its language."""
    for code, _ in translated_languages():
        if name.endswith(f"_{code}"):
            return f"{_field_name(name.removesuffix(f'_{code}'))} ({language_name(code)})"
    return str(words.CHANGED_FIELDS.get(name, name))


def _digest(rows: list[dict[str, str]]) -> str:
    """Hash what the second person has read, including the title of a source that it names."""
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def _words(name: str, value: object) -> str:
    if name == "standing_by" and value:
        found = Reference.objects.filter(pk=str(value)).first()
        return f"[@{found.key}] {found.title}" if found else str(words.SOURCE_GONE)
    if name == "start_with_id" and value:
        article = Article.objects.filter(pk=str(value)).only("title", "language").first()
        return article.title if article else str(words.ARTICLE_GONE)
    return "" if value is None else str(value)


def _row_url(proposal: Proposal) -> str:
    return (
        reverse(_PAGES[Proposal.Kind(proposal.kind)], args=[proposal.target])
        if proposal.target
        else ""
    )


def _reached(proposal: Proposal) -> list[Article]:
    """Return the live pages that would show a change to a source."""
    if proposal.kind not in {Proposal.Kind.STANDING, Proposal.Kind.SOURCE} or not proposal.target:
        return []
    cited = Reference(pk=proposal.target)
    return list(
        Article.objects.citing(cited).only(
            "title", "slug", "language", "translation_of", "published_at"
        )[:_NAMED]
    )
