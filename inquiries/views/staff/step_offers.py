"""The steps that a request page offers, each with its form and its place on the page."""

from dataclasses import dataclass
from typing import Any

from inquiries import private_links
from inquiries.forms import STEP_FORMS, AcceptForm, CallForm, CloseForm, StepForm
from inquiries.forms.cases import AskReferralForm
from inquiries.ledger import transitions
from inquiries.models import ContactMethod, Referral
from inquiries.outcomes import Outcome
from inquiries.states import CASE_STEPS, NEXT, State, Step
from inquiries.team import permissions
from inquiries.triage import calls
from inquiries.views.staff.contact import Contact, is_logged_next
from inquiries.views.staff.draft import Draft
from inquiries.views.staff.record import Record

#: The usual next step in each state, shown first and large.
MAIN_STEP: dict[State, Step | None] = {
    State.QUARANTINED: Step.CLEAR,
    State.NEW: Step.CLAIM,
    State.CLAIMED: Step.CALL,
    State.CONNECTED: Step.CLOSE,
    State.WAITING: Step.WAKE,
    State.CLOSED: Step.REOPEN,
    State.ERASED: None,
}


@dataclass(frozen=True)
class StepOffer:
    step: Step
    form: StepForm
    is_main: bool

    @property
    def template(self) -> str:
        own = {Step.REPLY: "_reply_form", Step.CALL: "_call_form"}
        return f"admin/inquiries/request/{own.get(self.step, '_step_form')}.html"


@dataclass(frozen=True)
class StepOffers:
    #: The usual next step, whether or not this reader may take it.
    main_step: Step | None
    #: The same step, if it needs only a button: it stands at the top of the page.
    button: StepOffer | None
    #: The form shown open: the usual next step or, if that is no form, the call.
    first: StepOffer | None
    #: Other steps with fields to fill in, each collapsed until opened.
    more: list[StepOffer]
    #: Other steps that need only a button.
    buttons: list[StepOffer]
    #: Steps with their own places on the page.
    note: StepOffer | None
    grade: StepOffer | None
    handover: StepOffer | None
    erase: StepOffer | None
    #: Steps around tasks and referrals, by name.
    cases: dict[str, StepOffer]
    #: Referrals that we have not heard of, each with a form for its answer.
    unanswered: list[tuple[Referral, StepOffer]]
    #: Whether it may be closed as a duplicate of another request.
    may_link: bool
    #: What was typed for a step that is no longer offered.
    unsent: Draft | None
    #: Every step that is offered anywhere on the page.
    names: frozenset[str]


def offer_steps(
    record: Record, contact: Contact | None, draft: Draft | None, user: Any
) -> StepOffers:
    main_step = _main_step(record, contact)
    forms = _build_forms(record, contact, draft, user)
    offers = {
        step: StepOffer(step, form, is_main=step == main_step)
        for step, form in forms.items()
        if contact is None or _is_useful(step, form, contact)
    }
    names = frozenset(step.value for step in offers)
    apart = {step: offers.pop(step, None) for step in _steps_apart(contact)}
    main = offers.get(main_step) if main_step else None
    button = main if main and not main.form.visible_fields() else None
    shown = offers.get(Step.CALL) if main is None or button else main
    others = [offer for offer in offers.values() if offer not in (button, shown)]
    return StepOffers(
        main_step=main_step,
        button=button,
        first=shown,
        more=[offer for offer in others if offer.form.visible_fields()],
        buttons=[offer for offer in others if not offer.form.visible_fields()],
        note=apart.get(Step.NOTE),
        grade=apart.get(Step.GRADE),
        handover=apart.get(Step.HANDOVER),
        erase=apart.get(Step.ERASE),
        cases={step.value: offer for step, offer in apart.items() if offer and step in CASE_STEPS},
        unanswered=_answer_offers(record, draft) if Step.ASK_REFERRAL in forms else [],
        may_link=Step.LINK_DUPLICATE in offers,
        unsent=draft if draft and draft.has_text and draft.step not in forms else None,
        names=names,
    )


def _main_step(record: Record, contact: Contact | None) -> Step | None:
    if contact and is_logged_next(record, contact):
        return contact.step_to_log
    state = State(record.inquiry.state)
    if record.inquiry.outcome == Outcome.DUPLICATE:
        return Step.UNLINK_DUPLICATE
    if state == State.CLAIMED and record.sending.contact_method == ContactMethod.EMAIL:
        return Step.REPLY
    return MAIN_STEP[state]


def _steps_apart(contact: Contact | None) -> set[Step]:
    """Return steps with a place of their own on the page."""
    if contact is None:
        return {Step.ERASE, Step.NOTE, *CASE_STEPS}
    if contact.next_step.is_danger:
        return {Step.ERASE, Step.NOTE, Step.HANDOVER, Step.GRADE, *CASE_STEPS}
    return {Step.ERASE, Step.NOTE, Step.HANDOVER, *CASE_STEPS}


def _answer_offers(record: Record, draft: Draft | None) -> list[tuple[Referral, StepOffer]]:
    """Return a form for each referral; the one that was tried keeps its input."""
    step = Step.ASK_REFERRAL
    tried = draft.form if draft and draft.step == step else None
    found: list[tuple[Referral, StepOffer]] = []
    for referral in record.referrals:
        form: StepForm = AskReferralForm(
            prefix=step.value,
            initial={"version": record.inquiry.version, "referral": referral.pk},
            auto_id=f"id_{referral.pk}_%s",
        )
        if tried and tried["referral"].value() == str(referral.pk):
            form = tried
        if not referral.is_settled:
            found.append((referral, StepOffer(step, form, is_main=False)))
    return found


def _allowed_steps(record: Record, user: Any) -> list[Step]:
    inquiry = record.inquiry
    # Parts of a call have no form; a lead has nobody to ask.
    without = {step for step in Step if step not in STEP_FORMS}
    if user.has_perm(permissions.LEAD_TRIAGE):
        without.add(Step.ASK_LEAD)
    if not inquiry.duplicate_of_id:
        without.add(Step.UNLINK_DUPLICATE)
    if inquiry.outcome == Outcome.DUPLICATE:
        without |= {Step.REOPEN}
    elif inquiry.state == State.CLOSED:
        without |= {Step.UNLINK_DUPLICATE}
    if record.repeats or record.open_tasks:
        without |= {Step.LINK_DUPLICATE}
    if not any(task.may_be_settled for task in record.tasks):
        without |= {Step.SETTLE_TASK}
    if all(referral.is_settled for referral in record.referrals):
        without |= {Step.ASK_REFERRAL}
    if not inquiry.is_suspect:
        without |= transitions.SUSPECT_STEPS
    return [
        step
        for step in NEXT[State(inquiry.state)]
        if step not in without and not permissions.explain_refusal(step, inquiry, user)
    ]


def _build_forms(
    record: Record, contact: Contact | None, draft: Draft | None, user: Any
) -> dict[Step, StepForm]:
    """Return a form for each step that is allowed now; the step that was tried keeps its input."""
    initial = {"version": record.inquiry.version}
    forms = {
        step: draft.form
        if draft and draft.step == step
        else STEP_FORMS[step](prefix=step.value, initial=initial)
        for step in _allowed_steps(record, user)
    }
    is_doubted = private_links.is_address_doubted(record.sending)
    for form in forms.values():
        form.adapt_to(record.inquiry, record.sending)
        if isinstance(form, AcceptForm):
            form.set_choices(record.sent, is_doubted=is_doubted)
        if isinstance(form, CloseForm):
            form.set_tasks([task.text for task in record.open_tasks if not task.referral_id])
        if isinstance(form, CloseForm) and contact and contact.why_not_unreachable:
            form.explain_not_unreachable(contact.why_not_unreachable)
        if isinstance(form, CallForm) and contact:
            offer = calls.prepare_call(
                record.inquiry,
                record.sending,
                record.timeline,
                method=contact.next_step.method,
                by=user,
                has_tasks=any(not task.referral_id for task in record.open_tasks),
            )
            form.offer(offer, record.inquiry)
    return forms


def _is_useful(step: Step, form: StepForm, contact: Contact) -> bool:
    """Whether to offer the step. A form with input stays, even if its step is refused."""
    if form.is_bound:
        return True
    if isinstance(form, AcceptForm):
        return form.has_choices
    return {Step.LINK: contact.may_mail_link, Step.REPLY: contact.may_write}.get(step, True)
