"""Each step with the function that takes it."""

from collections.abc import Callable

from inquiries import privacy
from inquiries.models import Inquiry
from inquiries.states import Step
from inquiries.triage import (
    calls,
    contact_steps,
    duplicate_details,
    duplicates,
    leads,
    referrals,
    steps,
    tasks,
)

STEP_VERBS: dict[Step, Callable[..., Inquiry]] = {
    Step.CLEAR: steps.clear_from_quarantine,
    Step.DISCARD: steps.discard,
    Step.CLAIM: steps.claim,
    Step.TAKE_OVER: steps.take_over,
    Step.RELEASE: steps.release,
    Step.REASSIGN: steps.reassign,
    Step.CALL: calls.log_call,
    Step.ATTEMPT: steps.log_attempt,
    Step.CONNECT: steps.log_conversation,
    Step.WAIT: steps.set_aside,
    Step.WAKE: steps.wake,
    Step.REPLY: steps.reply,
    Step.LINK: contact_steps.mail_link,
    Step.ACCEPT: contact_steps.confirm_submission,
    Step.USE_DETAILS: duplicate_details.use_details,
    Step.GRADE: steps.set_urgency,
    Step.HANDOVER: steps.log_handover,
    Step.NOTE: steps.add_note,
    Step.ADD_TASK: tasks.add_task,
    Step.ADD_CHECKLIST: tasks.add_checklist,
    Step.SETTLE_TASK: tasks.settle_task,
    Step.GIVE_TASK: tasks.give_task,
    Step.REFER: referrals.refer,
    Step.ASK_REFERRAL: referrals.log_answer,
    Step.ASK_LEAD: leads.ask_lead,
    Step.LINK_DUPLICATE: duplicates.link_duplicate,
    Step.UNLINK_DUPLICATE: duplicates.unlink_duplicate,
    Step.CLOSE: steps.close,
    Step.REOPEN: steps.reopen,
    Step.ERASE: privacy.erase_inquiry,
}
