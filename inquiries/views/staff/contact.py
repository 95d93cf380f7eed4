"""What the request page says about reaching the patient, for those who work on the request."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from inquiries import private_links
from inquiries.contact import call_windows, disclosure, next_step
from inquiries.contact import plan as planning
from inquiries.contact.call_windows import PatientTime
from inquiries.contact.crisis_scripts import FilledScript, filled_scripts
from inquiries.contact.disclosure import Listener, Wording
from inquiries.contact.next_step import NextStep
from inquiries.contact.plan import Proposal
from inquiries.deadlines import service_levels
from inquiries.models import ContactMethod, Inquiry, Language
from inquiries.states import NEXT, State, Step
from inquiries.team import languages, permissions, suggestions
from inquiries.team.languages import Speakers
from inquiries.views.staff.record import Record

if TYPE_CHECKING:
    from portal.models import User

#: Where each way to reach them is logged.
_LOGGED_AS: dict[str, Step] = {
    ContactMethod.PHONE: Step.CALL,
    ContactMethod.TEXT: Step.CALL,
    ContactMethod.EMAIL: Step.REPLY,
}


@dataclass(frozen=True)
class Contact:
    plan: Proposal
    next_step: NextStep
    patient_time: PatientTime
    #: Empty if closing as unreachable is allowed.
    why_not_unreachable: str
    #: Without a private link, a patient cannot read our messages, so the page offers no reply.
    may_write: bool
    may_mail_link: bool
    #: What may be said in the next attempt.
    sentence: Wording | None
    listeners: list[Listener]
    #: For a call in the sender’s language.
    scripts: tuple[FilledScript, ...]
    #: None if the sender asked for English.
    speakers: Speakers | None
    #: Who is here and knows the topic of a new request, unless the reader does.
    experts: "list[User]"

    @property
    def is_dead_end(self) -> bool:
        """Whether the plan is to write to someone who cannot read it."""
        return self.plan.method == ContactMethod.EMAIL and not self.may_write

    @property
    def call_language(self) -> Language | None:
        """Return the language of the call if it is not English."""
        return self.speakers.language if self.speakers else None

    @property
    def has_sentence(self) -> bool:
        return self.sentence is not None and not self.is_dead_end

    @property
    def step_to_log(self) -> Step | None:
        """Return the step that logs the next attempt."""
        return _LOGGED_AS[self.next_step.method] if self.next_step.method else None


def plan_contact(record: Record, user: Any) -> Contact | None:
    """Return None for those who take no part, or once nobody has to be reached."""
    inquiry, sending, events = record.inquiry, record.sending, record.timeline
    if not inquiry.is_open or not user.has_perm(permissions.TRIAGE):
        return None
    now, timetable = timezone.now(), service_levels.level_for(inquiry.urgency).timetable
    caller = user.first_name or _("(your first name)")
    plan = next_step.plan_for(inquiry, sending, events, now)
    may_write = private_links.may_mail_link(inquiry, sending, events) or (
        inquiry.has_links and private_links.has_live_link(inquiry)
    )
    return Contact(
        plan=plan,
        next_step=next_step.next_step_for(
            inquiry, sending, events, plan, may_write=may_write, may_name=True
        ),
        patient_time=call_windows.patient_time(sending, timetable, now),
        why_not_unreachable=planning.explain_not_unreachable(
            plan.progress, by_lead=user.has_perm(permissions.LEAD_TRIAGE)
        ),
        may_write=may_write,
        may_mail_link=private_links.may_mail_link_on_request(inquiry, sending, events),
        sentence=_wording(sending, plan, caller),
        listeners=disclosure.listeners(sending, caller=caller),
        scripts=filled_scripts(sending.language or Language.ENGLISH),
        speakers=languages.find_speakers(sending.language, user),
        experts=suggestions.find_experts(inquiry, user),
    )


def _wording(sending: Inquiry, plan: Proposal, caller: str) -> Wording | None:
    if plan.slot is None or plan.method is None:
        return None
    return disclosure.attempt_wording(sending, plan.method, caller=caller)


def is_logged_next(record: Record, contact: Contact) -> bool:
    """Whether the next step is an attempt to be logged on this page."""
    state = State(record.inquiry.state)
    if contact.next_step.is_danger:
        is_taken_up = state != State.NEW and contact.step_to_log in NEXT[state]
        return state == State.CONNECTED or is_taken_up
    return record.inquiry.is_to_be_reached and state == State.CLAIMED
