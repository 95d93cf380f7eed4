"""Each step with the verb that takes it."""

from collections.abc import Callable

from inquiries import privacy
from inquiries.models import Inquiry
from inquiries.states import Step
from inquiries.triage import steps

VERBS: dict[Step, Callable[..., Inquiry]] = {
    Step.CLEAR: steps.clear,
    Step.DISCARD: steps.discard,
    Step.CLAIM: steps.claim,
    Step.RELEASE: steps.release,
    Step.REASSIGN: steps.reassign,
    Step.ATTEMPT: steps.attempt,
    Step.CONNECT: steps.connect,
    Step.WAIT: steps.wait,
    Step.WAKE: steps.wake,
    Step.REPLY: steps.reply,
    Step.LINK: steps.mail_link,
    Step.ACCEPT: steps.accept,
    Step.GRADE: steps.grade,
    Step.HANDOVER: steps.handover,
    Step.NOTE: steps.note,
    Step.LINK_DUPLICATE: steps.link_duplicate,
    Step.UNLINK_DUPLICATE: steps.unlink_duplicate,
    Step.CLOSE: steps.close,
    Step.REOPEN: steps.reopen,
    Step.ERASE: privacy.erase,
}
