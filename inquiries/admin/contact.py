"""What the request page says about reaching her, and what is one key away when she is in danger."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from inquiries import private_links
from inquiries.admin.readonly import ReadOnlyAdmin
from inquiries.contact import call_windows, disclosure, next_step
from inquiries.contact import crisis_scripts as crisis
from inquiries.contact import plan as planning
from inquiries.deadlines import service_levels
from inquiries.forms import AcceptForm, CloseForm, StepForm
from inquiries.models import ContactMethod, Event, Inquiry
from inquiries.states import NEXT, State, Step
from inquiries.team import permissions

Steps = list[tuple[Step, StepForm]]

#: What is logged after each way to answer her. A text is an attempt until she answers it.
_LOGGED_AS: dict[str, Step] = {
    ContactMethod.PHONE: Step.CONNECT,
    ContactMethod.TEXT: Step.ATTEMPT,
    ContactMethod.EMAIL: Step.REPLY,
}


class CrisisPage(ReadOnlyAdmin[Inquiry]):
    """For a call that is about no request yet."""

    def crisis(self, request: HttpRequest) -> HttpResponse:
        self.require_access(request)
        shown = {
            "scripts": crisis.filled_scripts(),
            "may_enter": request.user.has_perm(permissions.TRIAGE),
        }
        return self.render_page(request, "crisis/page", "Somebody is in danger", **shown)


def contact_context(
    inquiry: Inquiry, sending: Inquiry, events: Sequence[Event], steps: Steps, user: Any
) -> dict[str, Any]:
    """The plan, what may be said to whom, the crisis script with its step; for who takes part."""
    if not inquiry.is_open or not user.has_perm(permissions.TRIAGE):
        return {}
    now, timetable = timezone.now(), service_levels.level_for(inquiry.urgency).timetable
    caller = user.first_name or "(your first name)"
    plan = next_step.plan_for(inquiry, sending, events, now)
    why_not = planning.explain_not_unreachable(
        plan.progress, by_lead=user.has_perm(permissions.LEAD_TRIAGE)
    )
    for _, form in steps:
        if isinstance(form, CloseForm) and why_not:
            form.explain_not_unreachable(why_not)
    # Without a private link she can read nothing of ours: the page offers no writing then.
    may_write = (
        private_links.may_mail_link(inquiry, sending, events)
        or private_links.live_links(inquiry).exists()
    )
    may_ask = private_links.may_mail_link_on_request(inquiry, sending, events)
    useless = {Step.LINK: not may_ask, Step.REPLY: not may_write}
    useless |= {step: not form.has_choices for step, form in steps if isinstance(form, AcceptForm)}
    is_dead_end = plan.method == ContactMethod.EMAIL and not may_write
    step = next_step.next_step_for(inquiry, sending, events, plan, may_write=may_write)
    main_step: dict[str, Step | None] = {}
    logged = _LOGGED_AS[step.method] if step.method else None
    is_logged_here = inquiry.is_to_be_reached and inquiry.state == State.CLAIMED
    if step.is_danger:
        is_logged_here = inquiry.state == State.CONNECTED or logged in NEXT[State(inquiry.state)]
    if is_logged_here:
        main_step = {"main_step": logged}
    # Each has a place of its own on the page.
    apart = {Step.HANDOVER, Step.GRADE} if step.is_danger else {Step.HANDOVER}
    return {
        "patient_time": call_windows.patient_time(sending, timetable, now),
        "progress": plan.progress,
        "plan": plan,
        "next_step": step,
        "is_dead_end": is_dead_end,
        "sentence": plan.slot
        and plan.method
        and disclosure.attempt_wording(sending, plan.method, caller=caller),
        "listeners": disclosure.listeners(sending, caller=caller),
        "scripts": crisis.filled_scripts(),
        **{each[0].value: each for each in steps if each[0] in apart},
        # What was typed stays on the page, also where its step is refused.
        "steps": [
            (step, form)
            for step, form in steps
            if step not in apart and (form.is_bound or not useless.get(step))
        ],
        **main_step,
    }
