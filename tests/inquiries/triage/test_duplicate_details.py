"""Which details we go by if a duplicate says something else about how to reach the sender."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from inquiries import submission_history
from inquiries.ledger.transitions import StepRefused
from inquiries.ledger.verification import verify_ledger
from inquiries.models import Delivery, Event, Inquiry
from inquiries.search import lookup
from inquiries.states import State, Step
from inquiries.triage import duplicate_details, duplicates
from inquiries.triage.duplicate_details import use_details
from portal.models import User
from tests.factories import correct, make_inquiry, make_submission

pytestmark = pytest.mark.django_db

OTHER = "(202) 555-0177"


def linked(by: User, **fields: Any) -> tuple[Inquiry, Inquiry]:
    """Return a request that they own and its duplicate, which says something else."""
    first = make_inquiry(State.CLAIMED, owner=by, never_contact="Never at work")
    said: dict[str, Any] = {
        "phone": OTHER,
        "phone_e164": "+12025550177",
        "best_time": "evening",
        "language": "es",
        "never_contact": "Not on Sundays",
        **fields,
    }
    again = make_inquiry(**said)
    again = duplicates.link_duplicate(again, of=first, version=again.version, by=by)
    return Inquiry.objects.get(pk=first.pk), again


def choose(inquiry: Inquiry, of: Inquiry, by: User) -> Inquiry:
    return use_details(inquiry, of=of.reference, version=inquiry.version, by=by)


def test_the_chosen_details_are_those_of_the_plan(coordinator: User) -> None:
    first, again = linked(coordinator)
    chosen = choose(first, again, coordinator)
    counting = submission_history.current_submission(chosen)
    assert (counting.phone, counting.best_time, counting.language) == (OTHER, "evening", "es")
    assert counting.message == first.message
    chosen.refresh_from_db()
    assert chosen.current_language == "es", "the queue goes by it too"
    assert first in lookup.find_inquiries(OTHER).inquiries
    assert verify_ledger().faults == []


def test_no_wish_not_to_be_contacted_is_forgotten(coordinator: User) -> None:
    first, again = linked(coordinator)
    chosen = choose(first, again, coordinator)
    never = submission_history.current_submission(chosen).never_contact
    assert never == "Never at work Not on Sundays"
    back = choose(chosen, first, coordinator)
    assert submission_history.current_submission(back).never_contact == never


def test_emails_and_links_never_go_to_the_address_of_a_duplicate(coordinator: User) -> None:
    first, again = linked(coordinator, contact_method="email", email="other@example.org")
    Delivery.objects.all().delete()
    chosen = choose(first, again, coordinator)
    counting = submission_history.current_submission(chosen)
    assert counting.email == first.email
    assert counting.contact_method == first.contact_method
    assert not Delivery.objects.filter(inquiry=first).exists()


def test_without_a_phone_number_the_known_one_stays(coordinator: User) -> None:
    fields = {"phone": "", "phone_e164": "", "contact_method": "email", "email": "a@example.org"}
    first, again = linked(coordinator, **fields)
    counting = submission_history.current_submission(choose(first, again, coordinator))
    assert (counting.phone, counting.voicemail) == (first.phone, first.voicemail)
    assert counting.language == "es"


def test_a_choice_can_be_taken_back(coordinator: User) -> None:
    first, again = linked(coordinator, never_contact="")
    before = submission_history.current_submission(first)
    chosen = choose(first, again, coordinator)
    with pytest.raises(StepRefused, match="already"):
        choose(chosen, again, coordinator)
    chosen.refresh_from_db()
    back = choose(chosen, first, coordinator)
    assert submission_history.current_submission(back) == before
    assert verify_ledger().faults == []


def test_what_the_sender_says_later_counts_and_is_what_a_choice_goes_back_to(
    coordinator: User,
) -> None:
    first, again = linked(coordinator, never_contact="")
    corrected = correct(first, make_submission(phone="(202) 555-0188", phone_e164="+12025550188"))
    chosen = choose(corrected, again, coordinator)
    assert submission_history.current_submission(chosen).phone == OTHER
    back = choose(chosen, first, coordinator)
    assert submission_history.current_submission(back).phone == "(202) 555-0188"


def test_if_the_two_are_unrelated_after_all_nobody_is_called_at_the_wrong_number(
    coordinator: User,
) -> None:
    first, again = linked(coordinator)
    choose(first, again, coordinator)
    duplicates.unlink_duplicate(again, version=again.version, by=coordinator)
    first.refresh_from_db()
    assert submission_history.current_submission(first).phone == first.phone
    assert verify_ledger().faults == []


def test_a_choice_of_ones_own_details_survives_that(coordinator: User) -> None:
    first, again = linked(coordinator)
    duplicates.unlink_duplicate(again, version=again.version, by=coordinator)
    assert not first.events.filter(kind=Event.Kind.ADDED).exists()


def test_details_of_a_request_that_is_not_linked_are_refused(coordinator: User) -> None:
    first, _again = linked(coordinator)
    with pytest.raises(StepRefused, match="not handled with this one"):
        choose(first, make_inquiry(), coordinator)


def test_the_page_offers_the_choice_and_says_what_counts(client: Client, coordinator: User) -> None:
    first, again = linked(coordinator)
    client.force_login(coordinator)
    address = f"/admin/inquiries/inquiry/{first.pk}/"
    page = BeautifulSoup(client.get(f"{address}change/").content, "html.parser")
    assert [each["value"] for each in page.select("[name=use_details-of]")] == [
        first.reference,
        again.reference,
    ]
    typed = {"use_details-version": first.version, "use_details-of": again.reference}
    assert client.post(f"{address}{Step.USE_DETAILS}/", typed).status_code == 302
    said = BeautifulSoup(client.get(f"{address}change/").content, "html.parser")
    assert "We go by what it says" in said.select(f"#repeat-{again.reference}")[0].text
    assert OTHER in said.select(".request-what")[0].text


def test_nothing_is_offered_if_both_say_the_same(client: Client, coordinator: User) -> None:
    first, again = make_inquiry(State.CLAIMED, owner=coordinator), make_inquiry()
    duplicates.link_duplicate(again, of=first, version=again.version, by=coordinator)
    client.force_login(coordinator)
    page = client.get(f"/admin/inquiries/inquiry/{first.pk}/change/").content.decode()
    assert "use_details" not in page


def test_once_the_duplicate_is_erased_one_can_still_go_back(
    coordinator: User, privacy: User, client: Client
) -> None:
    from tests.inquiries.triage.step_arguments import take

    first, again = linked(coordinator)
    choose(first, again, coordinator)
    take(Step.ERASE, again, privacy)
    client.force_login(coordinator)
    page = client.get(f"/admin/inquiries/inquiry/{first.pk}/change/").content.decode()
    assert "use_details-of" in page
    first.refresh_from_db()
    assert [name for name, _ in duplicate_details.offered_details(first)] == [first.reference]
