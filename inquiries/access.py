"""What each role may do with requests. `portal.roles` maps roles to these permissions."""

VIEW = "inquiries.view_inquiry"
TRIAGE = "inquiries.triage_inquiry"
#: Release and close what a colleague has claimed.
LEAD_TRIAGE = "inquiries.lead_inquiry"

COORDINATOR = frozenset({VIEW, TRIAGE})
LEAD = COORDINATOR | {LEAD_TRIAGE}
# Oversight comes with the audit trail; until then there is nothing here for this role.
PRIVACY: frozenset[str] = frozenset()
