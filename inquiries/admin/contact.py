"""What the request page says about reaching her, and what is one key away when she is in danger."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from inquiries import access, crisis, deadlines, planning, telling, windows
from inquiries.admin.readonly import ReadOnlyAdmin
from inquiries.forms import CloseForm, StepForm
from inquiries.models import HOW_TO_ANSWER, Event, Inquiry
from inquiries.states import Step

Steps = list[tuple[Step, StepForm]]


class CrisisPage(ReadOnlyAdmin[Inquiry]):
    """For a call that is about no request yet."""

    def crisis(self, request: HttpRequest) -> HttpResponse:
        self.require_access(request)
        shown = {"scripts": crisis.scripts(), "may_enter": request.user.has_perm(access.TRIAGE)}
        return self.page(request, "crisis", "Somebody is in danger", **shown)


def about_contact(
    inquiry: Inquiry, sending: Inquiry, events: Sequence[Event], steps: Steps, user: Any
) -> dict[str, Any]:
    """The plan, what may be said to whom, the crisis script with its step; for who takes part."""
    if not inquiry.is_open or not user.has_perm(access.TRIAGE):
        return {}
    now, level = timezone.now(), deadlines.level(inquiry.urgency)
    caller = user.first_name or "(your first name)"
    done = planning.progress(sending, events, level, now)
    plan = planning.propose(sending, events, level, now, not_before=inquiry.wakes_at)
    why_not = planning.why_not_unreachable(done, by_lead=user.has_perm(access.LEAD_TRIAGE))
    for _, form in steps:
        if isinstance(form, CloseForm) and why_not:
            form.say_why_not_unreachable(why_not)
    return {
        "her_time": windows.her_time(sending, level.timetable, now),
        "done": done,
        "plan": plan,
        # Where another way is to be tried than the one she chose.
        "next_step": (
            HOW_TO_ANSWER[plan.method]
            if plan.method and inquiry.next_step in HOW_TO_ANSWER.values()
            else inquiry.next_step
        ),
        "sentence": plan.slot
        and plan.method
        and telling.for_attempt(sending, plan.method, caller=caller),
        "listeners": telling.listeners(sending, caller=caller),
        "scripts": crisis.scripts(),
        "handover": next((each for each in steps if each[0] == Step.HANDOVER), None),
        "steps": [each for each in steps if each[0] != Step.HANDOVER],
    }
