"""The steps that a request page offers, each with its form and its place on the page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from inquiries import private_links
from inquiries.forms import STEP_FORMS, StepForm
from inquiries.forms.accept import choices_among
from inquiries.forms.call import call_choices
from inquiries.forms.cases import CloseChoices
from inquiries.forms.use_details import choices_of_details
from inquiries.ledger import transitions
from inquiries.models import ContactMethod, Referral, Task
from inquiries.outcomes import Outcome
from inquiries.states import CASE_STEPS, NEXT, State, Step
from inquiries.team import permissions
from inquiries.triage import calls
from inquiries.views.staff.contact import Contact, is_logged_next
from inquiries.views.staff.draft import Draft
from inquiries.views.staff.drawn_forms import Sheet, StepOffer
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
    #: Open tasks, each with a form that gives it to someone else.
    to_give: list[tuple[Task, StepOffer]]
    #: Whether it may be closed as a duplicate of another request.
    may_link: bool
    #: What was typed for a step that is no longer offered.
    unsent: Draft | None
    #: Every step that is offered anywhere on the page.
    names: frozenset[str]


def offer_steps(record: Record, contact: Contact | None, sheet: Sheet, user: Any) -> StepOffers:
    main_step, draft = _main_step(record, contact), sheet.draft
    allowed = _allowed_steps(record, user)
    offers: dict[Step, StepOffer] = {}
    for step in allowed:
        choices = _choices(step, record, contact, user)
        tried = draft.form if draft and draft.step == step else None
        if tried:
            tried.take(choices)
        elif contact and not _is_useful(step, choices, contact):
            continue
        offers[step] = StepOffer(step, sheet, choices, step == main_step, tried)
    names = frozenset(step.value for step in offers)
    apart = {step: offers.pop(step, None) for step in _steps_apart(contact)}
    main = offers.get(main_step) if main_step else None
    button = main if main and not main.has_fields else None
    shown = offers.get(Step.CALL) if main is None or button else main
    others = [offer for offer in offers.values() if offer not in (button, shown)]
    return StepOffers(
        main_step=main_step,
        button=button,
        first=shown,
        more=[offer for offer in others if offer.has_fields],
        buttons=[offer for offer in others if not offer.has_fields],
        note=apart.get(Step.NOTE),
        grade=apart.get(Step.GRADE),
        handover=apart.get(Step.HANDOVER),
        erase=apart.get(Step.ERASE),
        cases={step.value: offer for step, offer in apart.items() if offer and step in CASE_STEPS},
        unanswered=_row_offers(
            Step.ASK_REFERRAL,
            "referral",
            [each for each in record.referrals if not each.is_settled],
            sheet,
        )
        if Step.ASK_REFERRAL in allowed
        else [],
        to_give=_row_offers(Step.GIVE_TASK, "task", record.open_tasks, sheet)
        if Step.GIVE_TASK in allowed
        else [],
        may_link=Step.LINK_DUPLICATE in offers,
        unsent=draft if draft and draft.has_text and draft.step not in allowed else None,
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


def _row_offers(
    step: Step, name: str, rows: Iterable[Any], sheet: Sheet
) -> list[tuple[Any, StepOffer]]:
    """Return a form for each row, which its field `name` names; the tried one keeps its input."""
    draft, inquiry = sheet.draft, sheet.inquiry
    tried = draft.form if draft and draft.step == step else None
    choices = STEP_FORMS[step].choices_for(inquiry, sheet.sending)
    found: list[tuple[Any, StepOffer]] = []
    for row in rows:
        form: StepForm = STEP_FORMS[step](
            prefix=step.value,
            initial={"version": inquiry.version, name: row.pk},
            auto_id=f"id_{row.pk}_%s",
        )
        if tried and tried[name].value() == str(row.pk):
            form = tried
        form.take(choices)
        found.append((row, StepOffer(step, sheet, choices, own_form=form, mark=f"-{row.pk}")))
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
    if not inquiry.is_suspect:
        without |= transitions.SUSPECT_STEPS
    without |= {step for step, is_vain in _explain_vain(record).items() if is_vain}
    return [
        step
        for step in NEXT[State(inquiry.state)]
        if step not in without and not permissions.explain_refusal(step, inquiry, user)
    ]


def _explain_vain(record: Record) -> dict[Step, bool]:
    """Return for each step about tasks, referrals, and duplicates whether it has nothing to do."""
    return {
        Step.USE_DETAILS: not record.repeats and not record.chosen_details,
        Step.LINK_DUPLICATE: bool(record.repeats or record.open_tasks),
        Step.SETTLE_TASK: not any(task.may_be_settled for task in record.tasks),
        Step.GIVE_TASK: not record.open_tasks,
        Step.ASK_REFERRAL: all(referral.is_settled for referral in record.referrals),
    }


def _choices(step: Step, record: Record, contact: Contact | None, user: Any) -> Any:
    """Return what the form of a step takes."""
    inquiry, sending = record.inquiry, record.sending
    tasks = tuple(task.text for task in record.open_tasks if not task.referral_id)
    if step == Step.ACCEPT:
        is_doubted = private_links.is_address_doubted(sending)
        return choices_among(record.sent, is_doubted=is_doubted)
    if step == Step.USE_DETAILS:
        return choices_of_details(inquiry)
    if step == Step.CLOSE:
        return CloseChoices(contact.why_not_unreachable if contact else "", tasks)
    if step == Step.CALL and contact:
        offer = calls.prepare_call(
            inquiry,
            sending,
            record.timeline,
            method=contact.next_step.method,
            by=user,
            has_tasks=bool(tasks),
        )
        is_claimed_by_other = inquiry.owner is not None and inquiry.owner != user
        return call_choices(offer, inquiry, owner=str(inquiry.owner) if is_claimed_by_other else "")
    return STEP_FORMS[step].choices_for(inquiry, sending)


def _is_useful(step: Step, choices: Any, contact: Contact) -> bool:
    if step in {Step.ACCEPT, Step.USE_DETAILS}:
        return bool(choices)
    return {Step.LINK: contact.may_mail_link, Step.REPLY: contact.may_write}.get(step, True)
