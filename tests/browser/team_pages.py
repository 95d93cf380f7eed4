"""The pages of the team, with something on each of them."""

from datetime import timedelta

from django.utils import timezone

from inquiries.states import State
from inquiries.triage import offers
from portal.models import User
from tests.factories import make_absence, make_inquiry, make_offer


def make_team_pages() -> dict[str, str]:
    """Return the pages of the team as its lead sees them: with an offer, and with some absence."""
    lead = User.objects.get(username="demo-lead")
    held = make_offer().inquiry
    assert held.owner
    offers.offer_request(
        make_inquiry(State.CLAIMED, owner=held.owner),
        to=lead,
        word="",
        answer_by=timezone.now() + timedelta(hours=1),
        version=2,
        by=held.owner,
    )
    make_inquiry(State.CLAIMED, owner=lead)
    make_absence(lead)
    accounts = "/admin/portal/accounts/"
    return {
        "team": "/admin/inquiries/team/",
        "days away": "/admin/inquiries/team/away/",
        "shift hand-over": "/admin/inquiries/team/shift/",
        "requests to move": f"/admin/inquiries/team/{held.owner_id}/move/",
        "accounts": accounts,
        "account": f"{accounts}{held.owner_id}/",
        "account, new": f"{accounts}add/",
    }
