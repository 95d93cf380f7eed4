"""Each step with the verb that takes it."""

from collections.abc import Callable

from inquiries import privacy, triage
from inquiries.models import Inquiry
from inquiries.states import Step

VERBS: dict[Step, Callable[..., Inquiry]] = {
    Step.CLEAR: triage.clear,
    Step.DISCARD: triage.discard,
    Step.CLAIM: triage.claim,
    Step.RELEASE: triage.release,
    Step.REASSIGN: triage.reassign,
    Step.ATTEMPT: triage.attempt,
    Step.CONNECT: triage.connect,
    Step.WAIT: triage.wait,
    Step.WAKE: triage.wake,
    Step.REPLY: triage.reply,
    Step.LINK: triage.mail_link,
    Step.ACCEPT: triage.accept,
    Step.GRADE: triage.grade,
    Step.HANDOVER: triage.handover,
    Step.NOTE: triage.note,
    Step.LINK_DUPLICATE: triage.link_duplicate,
    Step.UNLINK_DUPLICATE: triage.unlink_duplicate,
    Step.CLOSE: triage.close,
    Step.REOPEN: triage.reopen,
    Step.ERASE: privacy.erase,
}
