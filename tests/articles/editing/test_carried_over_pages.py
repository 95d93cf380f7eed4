"""What reviewers and readers see of statements that are carried over."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client

from articles.checking.attestations import INTERESTS_FULL
from articles.editing import publishing
from articles.library import people
from articles.models import Article
from articles.reading.people import list_people
from portal.models import Role, User
from tests.articles.editing.admin_pages import page_of, words_of
from tests.articles.editing.test_carrying_over import (
    ASKED,
    CORRECTED,
    OWN,
    SLIP,
    correct,
    edit,
)
from tests.articles.editing.test_steps_admin import ATTESTED
from tests.articles.editing.verbs import approve_head
from tests.factories import make_article, make_draft, make_staff, publish, submit

pytestmark = pytest.mark.django_db

REVIEWED_AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def boxes(response: Any) -> set[str]:
    page = BeautifulSoup(response.text, "html.parser")
    return {str(box["name"]) for box in page.select("input[type=checkbox][name^=attest-]")}


def ask(client: Client, article: Article, reviewer: User, query: str = "") -> Any:
    client.force_login(reviewer)
    return client.get(page_of(article, "step/approve") + query)


def test_a_reviewer_sees_what_is_carried_over_and_from_where(
    client: Client, reviewer: User
) -> None:
    waiting = correct()
    response = ask(client, waiting, reviewer)
    assert boxes(response) == {f"attest-{INTERESTS_FULL}"}
    page = words_of(response)
    assert waiting.approval
    assert f"{waiting.approval.by} approved revision 1 on" in page
    assert "Body, line 3: proceedure → procedure" in page
    assert "Nothing that they are about has changed: I read the sources." in page
    shown = BeautifulSoup(response.text, "html.parser")
    link = shown.find("a", string="Compare the two")
    assert link
    assert client.get(str(link["href"])).status_code == 200


def test_a_small_correction_is_approved_with_one_box(client: Client, reviewer: User) -> None:
    waiting = correct()
    client.force_login(reviewer)
    sent = {"version": waiting.version, "interests": "None"}
    address = page_of(waiting, "step/approve")
    assert client.post(address, sent).status_code == 422
    sent[f"attest-{INTERESTS_FULL}"] = "on"
    assert client.post(address, sent).status_code == 302
    history = words_of(client.get(page_of(waiting, "revisions")))
    assert "Statements carried over from the approval of revision 1: 6." in history


def test_a_reviewer_can_confirm_every_statement(client: Client, reviewer: User) -> None:
    waiting = correct()
    page = BeautifulSoup(ask(client, waiting, reviewer).text, "html.parser")
    link = page.find("a", string=lambda text: text and "Confirm every statement" in text)
    assert link
    address = page_of(waiting, "step/approve") + str(link["href"])
    response = client.get(address)
    assert boxes(response) == {f"attest-{each}" for each in ASKED}
    sent = {"version": waiting.version, "interests": "None"}
    assert client.post(address, {**sent, f"attest-{INTERESTS_FULL}": "on"}).status_code == 422
    assert client.post(address, {**sent, **ATTESTED}).status_code == 302
    approval = waiting.head.approvals.get()
    assert approval.carried_from is None


@pytest.mark.parametrize("query", ["", "?all=", "?all=yes", "?carry_over=1"])
def test_truth_a_crafted_request_cannot_leave_out_what_the_change_touches(
    client: Client, reviewer: User, query: str
) -> None:
    waiting = edit(make_article(body=SLIP), CORRECTED.replace("can show", "will show"))
    client.force_login(reviewer)
    sent = {
        "version": waiting.version,
        "interests": "None",
        f"attest-{INTERESTS_FULL}": "on",
        "carry_over": "true",
        "carried": "facts-match",
    }
    response = client.post(page_of(waiting, "step/approve") + query, sent)
    assert response.status_code == 422
    assert not waiting.head.approvals.exists()


def test_a_reviewer_is_told_why_everything_is_asked(client: Client, reviewer: User) -> None:
    waiting = edit(make_article(body=SLIP), CORRECTED.replace("can show", "will show"))
    response = ask(client, waiting, reviewer)
    assert boxes(response) == {f"attest-{each}" for each in ASKED}
    assert (
        "You’re asked to confirm everything again. “can” became “will”, which may change "
        "what the text says." in words_of(response)
    )


def test_hostile_words_in_a_change_are_shown_as_text(client: Client, reviewer: User) -> None:
    waiting = edit(make_article(body=SLIP), SLIP.replace("simple", "simple &lt;b x%s"))
    response = ask(client, waiting, reviewer)
    assert "“&lt; b x % s” was added, which may change what the text says." in response.text


def test_a_first_version_is_asked_about_without_a_word_on_it(
    client: Client, reviewer: User
) -> None:
    response = ask(client, submit(make_draft()), reviewer)
    assert boxes(response) == {f"attest-{each}" for each in ASKED}
    assert "again" not in words_of(response)


def test_truth_readers_see_who_reviewed_the_text_and_who_approved_the_correction(
    client: Client,
) -> None:
    """A day and a name stand for somebody who read the sources."""
    first, second = (
        make_staff(Role.REVIEWER, first_name=name, last_name="Example") for name in ("Ada", "Bo")
    )
    with time_machine.travel(REVIEWED_AT, tick=False):
        article = publish(make_draft(body=SLIP), reviewer=first)
    with time_machine.travel(REVIEWED_AT + timedelta(days=30), tick=False):
        approved = approve_head(edit(article, CORRECTED), second, interests="A grant.", **OWN)
        article = publishing.publish(approved, version=approved.version, by=second)
        page = words_of(client.get(article.get_absolute_url()))
        listed = words_of(client.get("/articles/"))
        found = words_of(client.get("/search/?q=protein"))
        spanish = words_of(client.get(f"/es{article.get_absolute_url()}"))
    assert "Medically reviewed by Ada Example on March 2, 2026." in page
    assert "such as misspelled words. Approved by Bo Example" in page
    assert "A grant." in page
    assert "Bo Example" in spanish
    for text in (listed, found):
        assert "March 2, 2026" in text
        assert "April 1, 2026" not in text
    assert article.page.linked_data.count("Ada Example") == 1
    assert "Bo Example" not in article.page.linked_data
    counts = {person.name: person.reviewed for person in list_people()}
    assert (counts["Ada Example"], counts.get("Bo Example")) == (1, None)


def test_a_name_that_changes_changes_on_the_page_of_a_corrected_text(client: Client) -> None:
    first = make_staff(Role.REVIEWER, first_name="Ada", last_name="Example")
    article = publish(make_draft(body=SLIP), reviewer=first)
    approved = approve_head(edit(article, CORRECTED), make_staff(Role.REVIEWER), **OWN)
    article = publishing.publish(approved, version=approved.version, by=make_staff(Role.EDITOR))
    User.objects.filter(pk=first.pk).update(first_name="Eda")
    first.refresh_from_db()
    people.rebuild_person_pages(first)
    article.page.refresh_from_db()
    assert "Eda Example" in article.page.linked_data
