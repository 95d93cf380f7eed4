"""The page of one request, and the steps that are taken there."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from articles.staff_pages import current_user, script_media
from inquiries import private_links, submission_history
from inquiries.contact import language_wishes, next_step
from inquiries.contact_details import email_typos
from inquiries.forms import STEP_FORMS, StepForm
from inquiries.intake import consent
from inquiries.ledger import transitions
from inquiries.ledger.transitions import StepRefused
from inquiries.models import Inquiry
from inquiries.search import lookup
from inquiries.states import State, Step
from inquiries.team import permissions, viewers
from inquiries.triage import following
from inquiries.triage.step_verbs import STEP_VERBS
from inquiries.triage.words import DONE
from inquiries.views.staff import integrity, words
from inquiries.views.staff.contact import Contact, plan_contact
from inquiries.views.staff.draft import Draft, refuse_draft
from inquiries.views.staff.drawn_forms import Sheet
from inquiries.views.staff.layout import render_page, staff_page
from inquiries.views.staff.record import Record, find_inquiry, open_record
from inquiries.views.staff.repeats import read_repeats
from inquiries.views.staff.request_rows import (
    draw_deadlines,
    draw_linked,
    draw_listeners,
    draw_others,
    draw_timeline,
)
from inquiries.views.staff.step_offers import offer_steps

#: Seconds between two polls of an open page, well within the time that `team.viewers` keeps.
PULSE_SECONDS = 20.0


@staff_page(permissions.VIEW)
def show_request(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render_request(request, pk)


@staff_page(permissions.VIEW)
def take_step(request: HttpRequest, pk: UUID, step: str) -> HttpResponse:
    if step not in STEP_FORMS:
        raise Http404
    inquiry = get_object_or_404(Inquiry, pk=pk)
    if request.method != "POST":  # the address of a refused step, reloaded
        return redirect("admin:inquiries_inquiry_change", pk)
    form = STEP_FORMS[Step(step)](request.POST, prefix=step)
    if draft := _try_step(request, inquiry, Step(step), form):
        return render_request(request, pk, draft)
    is_done = step in following.ENDS_WORK or form.ends_work(inquiry, current_user(request))
    messages.success(request, DONE[Step(step)], extra_tags="then-next" if is_done else "")
    return redirect("admin:inquiries_inquiry_change", pk)


@staff_page(permissions.TRIAGE)
def show_next(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lead on from this request to the one to take next, or to the queue if there is none."""
    inquiry = get_object_or_404(Inquiry.objects.only("pk"), pk=pk)
    found = following.find_next(current_user(request), but=inquiry.pk)
    if found:
        return redirect("admin:inquiries_inquiry_change", found.pk)
    messages.info(request, words.NOTHING_NEXT)
    return redirect("admin:inquiries_inquiry_changelist")


def _try_step(request: HttpRequest, inquiry: Inquiry, step: Step, form: StepForm) -> Draft | None:
    """Try the step; return None if it was taken."""
    if "version" in form.errors:
        return refuse_draft(inquiry, step, form, str(words.NOT_WHOLE))
    if not form.is_valid():
        return Draft(step, form)
    try:
        if form.needs_confirmation(inquiry):
            version = form.cleaned_data["version"]
            transitions.check_transition(inquiry, step, version=version, by=current_user(request))
            return Draft(step, form, is_asked=True)
        STEP_VERBS[step](inquiry, by=current_user(request), **form.arguments())
    except StepRefused as refusal:
        return refuse_draft(inquiry, step, form, str(refusal))
    return None


# --- The page -------------------------------------------------------------------------------------


def render_request(request: HttpRequest, pk: UUID, draft: Draft | None = None) -> HttpResponse:
    """Show what was asked, how to reach the patient, what happened, and what can be done now.

    Everyone who is shown the page has read the request, and that is recorded.
    """
    return integrity.render_or_explain(request, pk, lambda: _render_whole(request, pk, draft))


def _render_whole(request: HttpRequest, pk: UUID, draft: Draft | None) -> HttpResponse:
    user = current_user(request)
    inquiry = find_inquiry(pk)
    all_openings = "all-openings" in request.GET
    record = open_record(inquiry, user, is_draft=draft is not None, with_all_openings=all_openings)
    contact = plan_contact(record, user)
    sheet = Sheet(request, inquiry, record.sending, draft)
    steps = offer_steps(record, contact, sheet, user)
    now = timezone.now()
    page = render_page(
        request,
        "request/page",
        words.REQUEST % {"reference": inquiry.reference},
        status=draft.status if draft else 200,
        media=script_media("request"),
        pulse_every=PULSE_SECONDS,
        viewers=viewers.other_viewers(inquiry, by=user, events=record.events),
        inquiry=inquiry,
        contact=contact,
        steps=steps,
        draft=draft,
        listeners=draw_listeners(contact.listeners if contact else ()),
        deadlines=draw_deadlines((each for each in record.clocks if not each.stopped_at), now),
        deliveries=record.deliveries,
        undelivered_why=record.undelivered_why,
        faults=integrity.find_faults(record),
        tasks=record.tasks,
        referrals=record.referrals,
        repeats=read_repeats(record, user),
        **_asked_context(record),
        **_same_sender_context(record, sheet, may_link=steps.may_link),
        **_next_context(inquiry, contact, user),
        timeline=draw_timeline(record, sheet),
        sittings=record.sittings,
        earlier_openings=len(record.earlier),
        all_openings=all_openings,
        danger_anchor=record.danger_anchor,
        now=now,
    )
    return page.render()


def _asked_context(record: Record) -> dict[str, Any]:
    """Return the submission that counts, what casts doubt on it, and related requests."""
    inquiry, sending, addition = record.inquiry, record.sending, record.addition
    is_doubted = inquiry.is_open and private_links.is_address_doubted(sending)
    return {
        "sending": sending,
        "consent_text": consent.CONSENT_TEXTS.get(sending.consent_version, ""),
        "consent_language": consent.language_of(sending.consent_version),
        "language_wish": language_wishes.wish_of(sending),
        "addition": addition,
        "topic": addition.submission.topic if addition else inquiry.topic,
        # Senders without a phone number need it for the private page, and may have lost it.
        "page_code": "" if private_links.asks_for_digits(sending) else inquiry.page_code,
        "unproven": submission_history.unproven_events(record.timeline) if inquiry.is_open else [],
        "email_hint": email_typos.suggest_domain(sending.email) if is_doubted else None,
    }


def _same_sender_context(record: Record, sheet: Sheet, *, may_link: bool) -> dict[str, Any]:
    inquiry = record.inquiry
    first = inquiry.duplicate_of
    others = [
        each
        for each in lookup.find_with_same_contact(record.sending, exclude=inquiry)
        if each.duplicate_of_id != inquiry.pk
    ]
    return {
        "handled_with": draw_linked([first] if first else []),
        "duplicates": draw_linked(record.repeats),
        "others": "" if inquiry.erased_at else draw_others(others, sheet, may_link=may_link),
    }


def _next_context(inquiry: Inquiry, contact: Contact | None, user: Any) -> dict[str, Any]:
    step = contact.next_step if contact else next_step.next_step_without_plan(inquiry)
    is_claimed_by_other = inquiry.owner is not None and inquiry.owner != user
    return {
        "plan": contact.plan if contact else None,
        "next_step": step,
        "is_claimed_by_other": is_claimed_by_other,
        # Danger comes alone: the plan waits until somebody has judged it.
        "shows_plan": bool(contact) and inquiry.awaits_answer and not step.is_danger,
        "is_next_step_mine": inquiry.state != State.WAITING and not is_claimed_by_other,
        "has_settled_danger": inquiry.urgent and not inquiry.erased_at and not step.is_danger,
    }
