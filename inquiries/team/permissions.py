"""What each role may do with requests. `portal.roles` maps roles to these permissions."""

from inquiries.states import Step

VIEW = "inquiries.view_inquiry"
TRIAGE = "inquiries.triage_inquiry"
#: Release and close what a colleague has claimed.
LEAD_TRIAGE = "inquiries.lead_inquiry"
ERASE = "inquiries.erase_inquiry"
#: Read the audit trail, and which requests an account has opened; export both.
AUDIT = "inquiries.audit"
#: See how many asked and how soon they were answered, and export it. No request is opened by it.
REPORT = "inquiries.report_inquiry"

#: Who may take which step; whether it is allowed now is in `states.NEXT`.
STEP_PERMISSIONS: dict[Step, str] = {step: step.effect.permission for step in Step}

#: Keep the clinic's lists: phrases that may mean danger, crisis scripts, canned replies, who is
#: away when, when we work. The service levels are there already, one for each urgency.
LIST_PERMISSIONS = frozenset(
    {
        *("inquiries.view_servicelevel", "inquiries.change_servicelevel"),
        *(
            f"inquiries.{step}_{name}"
            for name in ("absence", "calendar", "cannedreply", "crisisscript", "dangerphrase")
            for step in ("view", "add", "change", "delete")
        ),
    }
)

COORDINATOR = frozenset({VIEW, TRIAGE})
LEAD = COORDINATOR | {LEAD_TRIAGE, REPORT} | LIST_PERMISSIONS
# Answers for who saw what. She reads requests to find the right one, and takes no part in triage.
PRIVACY = frozenset({VIEW, ERASE, AUDIT})
