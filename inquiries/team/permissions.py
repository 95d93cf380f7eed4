"""What each role may do with requests. `portal.roles` maps roles to these permissions."""

from typing import TYPE_CHECKING

from inquiries.states import Step, Taker
from inquiries.team import words

if TYPE_CHECKING:
    from inquiries.models import Inquiry
    from portal.models import User

VIEW = "inquiries.view_inquiry"
TRIAGE = "inquiries.triage_inquiry"
#: Release and close requests that a colleague has claimed.
LEAD_TRIAGE = "inquiries.lead_inquiry"
ERASE = "inquiries.erase_inquiry"
#: Read the audit trail, and which requests an account has opened; export both.
AUDIT = "inquiries.audit"
#: See and export how many people asked and how soon we answered. It does not open any request.
REPORT = "inquiries.report_inquiry"

#: The permission that each step needs. Ownership of the request matters too: see `explain_refusal`.
STEP_PERMISSIONS: dict[Step, str] = {step: step.effect.permission for step in Step}

#: Manage the clinic's lists: phrases that may mean danger, crisis scripts, canned replies,
#: checklists, the directory, absences, and working hours. Service levels already exist, one for
#: each urgency.
LIST_PERMISSIONS = frozenset(
    {
        *("inquiries.view_servicelevel", "inquiries.change_servicelevel"),
        *(
            f"inquiries.{step}_{name}"
            for name in (
                *("absence", "calendar", "cannedreply", "checklist", "crisisscript"),
                *("dangerphrase", "directoryentry"),
            )
            for step in ("view", "add", "change", "delete")
        ),
    }
)

# Coordinators read the canned replies, which leads change.
COORDINATOR = frozenset({VIEW, TRIAGE, "inquiries.view_cannedreply"})
LEAD = COORDINATOR | {LEAD_TRIAGE, REPORT} | LIST_PERMISSIONS
# Accountable for who saw what: reads requests to find the right one, but does no triage.
PRIVACY = frozenset({VIEW, ERASE, AUDIT})


def may_set_languages(colleague: "User", *, by: "User") -> bool:
    """Whether `by` may set this colleague's languages: their own, or anyone's as a lead."""
    return _is_own_or_led(colleague, by)


def may_enter_absence(colleague: "User", *, by: "User") -> bool:
    """Whether `by` may say when this colleague is away: their own days, or anyone's as a lead."""
    return _is_own_or_led(colleague, by)


def may_move_requests(colleague: "User", *, by: "User") -> bool:
    """Whether `by` may choose among this colleague's requests. The verbs check each of them."""
    return by.has_perm(LEAD_TRIAGE) or (by.pk == colleague.pk and by.has_perm(TRIAGE))


def _is_own_or_led(colleague: "User", by: "User") -> bool:
    if not colleague.has_perm(TRIAGE):
        return False
    return by.has_perm(LEAD_TRIAGE) or (by.pk == colleague.pk and by.has_perm(TRIAGE))


def explain_refusal(step: Step, inquiry: "Inquiry", user: "User") -> str:
    """Return why this person may not take this step now; empty if they may.

    Pages and verbs both use it, so a page never offers a step that would be refused. Whether anyone
    may take the step in this state is in `states.NEXT`.
    """
    if not user.has_perm(STEP_PERMISSIONS[step]):
        return words.NOT_IN_ROLE % {"step": step.label}
    is_owner = inquiry.owner_id == user.pk
    match step.effect.taker:
        case Taker.OWNER_OR_LEAD if not (is_owner or user.has_perm(LEAD_TRIAGE)):
            if inquiry.owner is None:
                return str(words.NOT_CLAIMED)
            return words.CLAIMED_BY_OTHER % {"owner": inquiry.owner}
        case Taker.OWNER_IF_ANY if inquiry.owner and not (is_owner or user.has_perm(LEAD_TRIAGE)):
            return words.CLAIMED_BY_OTHER % {"owner": inquiry.owner}
        case Taker.OTHERS if is_owner:
            return str(words.YOURS_ALREADY)
    return ""
