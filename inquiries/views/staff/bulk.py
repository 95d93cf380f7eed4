"""One step for several requests of the queue, and taking it back."""

from itertools import chain
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from articles.staff_pages import current_user
from inquiries.forms import BulkForm
from inquiries.ledger.transitions import StepRefused
from inquiries.models import Inquiry
from inquiries.states import State, Step
from inquiries.team import availability, permissions
from inquiries.triage import queue, steps
from inquiries.triage import words as triage_words
from inquiries.triage.filters import read_filters
from inquiries.triage.rows import Row
from inquiries.triage.step_verbs import STEP_VERBS
from inquiries.views.staff import words
from inquiries.views.staff.layout import staff_page

if TYPE_CHECKING:
    from portal.models import User

_KEPT = "undo"
#: For this long, a step can be taken back.
_SECONDS = 10 * 60
#: Steps that can be taken back. “Not spam” can't: mail goes out.
_REVERSIBLE = frozenset({Step.CLAIM, Step.REASSIGN, Step.DISCARD})


@staff_page(permissions.VIEW)
def take_bulk_step(request: HttpRequest) -> HttpResponse:
    """Take one step for several requests in the queue, each separately."""
    back = redirect("admin:inquiries_inquiry_changelist")
    if request.method != "POST":
        return back
    back["Location"] += _where(request)
    form = BulkForm(request.POST)
    if form.is_valid():
        _take_step_for_each(request, form)
    else:
        messages.error(request, " ".join(str(each) for each in chain(*form.errors.values())))
    return back


def _where(request: HttpRequest) -> str:
    """Return the view to go back to, with its filters."""
    kept = {}
    if (view := request.POST.get("view", "")) in queue.VIEWS:
        kept["view"] = view
        if burst := read_burst(request.POST.get("burst", "")):
            kept["burst"] = str(burst)
    filters = read_filters(request.POST)
    said = [f"{name}={value}" for name, value in kept.items()]
    return f"?{'&'.join([*said, *([filters.query] if filters else ())])}" if said else ""


def read_burst(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def _take_step_for_each(request: HttpRequest, form: BulkForm) -> None:
    """Take it for each; report how many were done, and why any were refused."""
    step, by = form.chosen_step, current_user(request)
    done: list[dict[str, Any]] = []
    for inquiry, version in form.selected():
        before = str(inquiry.owner_id or "")
        try:
            after = STEP_VERBS[step](inquiry, version=version, by=by, **form.arguments())
        except StepRefused as refusal:
            refused = {"reference": inquiry.reference, "why": refusal}
            messages.error(request, words.REFUSED % refused)
        else:
            done.append({"pk": str(after.pk), "version": after.version, "owner": before})
    # Whoever gave requests away can take them back only as a lead.
    may_undo = step != Step.REASSIGN or by.has_perm(permissions.LEAD_TRIAGE)
    if done and step in _REVERSIBLE and may_undo:  # the page says it, beside “Undo”
        at = timezone.now().timestamp()
        request.session[_KEPT] = {"step": step.value, "done": done, "at": at}
    elif done:
        sentence = triage_words.DONE_WITH_SEVERAL[step]
        messages.success(request, sentence % {"count": len(done)})


def undoable(request: HttpRequest) -> str:
    """Return a sentence on what can be taken back now; empty if nothing can."""
    kept = request.session.get(_KEPT)
    if not kept or kept["at"] < timezone.now().timestamp() - _SECONDS:
        return ""
    return triage_words.DONE_WITH_SEVERAL[Step(kept["step"])] % {"count": len(kept["done"])}


@staff_page(permissions.TRIAGE)
def undo_bulk_step(request: HttpRequest) -> HttpResponse:
    """Take the last step for several requests back, except where someone has gone on since."""
    back = redirect("admin:inquiries_inquiry_changelist")
    if request.method != "POST":
        return back
    back["Location"] += _where(request)
    is_known, kept = bool(undoable(request)), request.session.pop(_KEPT, None)
    if not is_known:
        messages.error(request, words.NOTHING_TO_UNDO)
        return back
    undone, colleagues = 0, {str(user.pk): user for user in availability.coordinators()}
    found = Inquiry.objects.in_bulk([UUID(each["pk"]) for each in kept["done"]])
    for each in kept["done"]:
        inquiry = found.get(UUID(each["pk"]))
        if inquiry is None:
            continue
        try:
            former = colleagues.get(each["owner"])
            _undo(inquiry, Step(kept["step"]), each["version"], former, by=current_user(request))
        except StepRefused as refusal:
            refused = {"reference": inquiry.reference, "why": refusal}
            messages.error(request, words.REFUSED % refused)
        else:
            undone += 1
    if undone:
        messages.success(request, words.UNDONE % {"count": undone})
    return back


def _undo(inquiry: Inquiry, step: Step, version: int, former: "User | None", *, by: "User") -> None:
    """Take the step that leads back; `former` owned it before, unless nobody did."""
    if step == Step.DISCARD:
        steps.reopen(inquiry, version=version, by=by)
    elif step == Step.REASSIGN and former:
        steps.reassign(inquiry, to=former, version=version, by=by)
    else:
        steps.release(inquiry, version=version, by=by)


def offered_steps(row: Row, user: Any, *, is_lead: bool, in_burst: bool = False) -> set[Step]:
    """Return the steps that this person could take on this row now, so that no other is offered."""
    values = row.values
    offered = set()
    if row.is_suspect or (in_burst and values.state == State.NEW):
        offered |= {Step.CLEAR, Step.DISCARD}
    if values.state == State.NEW:
        offered.add(Step.CLAIM)
    if row.is_open and (is_lead or values.owner_id == user.pk):
        offered.add(Step.REASSIGN)
    return offered
