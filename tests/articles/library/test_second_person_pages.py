"""The pages where a second person finds, reads and decides on what is waiting for approval."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from articles.models import Article, Proposal, Reference
from portal.models import Role, User
from tests.articles.library.ways import (
    PROPOSALS,
    WORDS,
    dispute,
    everything_read,
    make_cited_article,
    name_another_source,
)
from tests.factories import (
    make_staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    return make_cited_article()


def seen_on(client: Client, page: str) -> str:
    field = BeautifulSoup(client.get(page).text, "html.parser").select_one("[name=seen]")
    assert field
    return str(field["value"])


# --- The pages ------------------------------------------------------------------------------------


def test_the_second_person_can_find_read_and_approve_it(
    client: Client, article: Article, editor: User, reviewer: User
) -> None:
    dispute(editor, article)
    proposal = Proposal.objects.get()
    page = f"{PROPOSALS}{proposal.pk}/change/"
    client.force_login(reviewer)
    for found in ("/admin/articles/article/due/", PROPOSALS):
        assert page in client.get(found).text
    reference = f"/admin/articles/reference/{proposal.target}/change/"
    assert page in client.get(reference).text
    assert PROPOSALS in client.get("/admin/").text
    shown = client.get(page).text
    for words in (WORDS, "Live pages this affects", article.title, "Approve and publish"):
        assert words in shown
    refused = client.post(page, {"decline": "1", "answer": ""})
    assert (refused.status_code, "Give a reason" in refused.text) == (409, True)
    assert client.post(page, {"approve": "1", "seen": "else"}).status_code == 409
    assert WORDS not in everything_read()
    sent = {"approve": "1", "seen": seen_on(client, page)}
    assert client.post(page, sent).status_code == 302
    assert page not in client.get(PROPOSALS).text
    assert page in client.get(PROPOSALS, {"decision": "approved"}).text
    assert WORDS in everything_read()
    assert client.post(page, sent).status_code == 409


def test_a_title_changed_during_review_is_not_approved_with_it(
    client: Client, article: Article, editor: User, reviewer: User
) -> None:
    """The second person approves what they read, and that includes the title of a named source."""
    name_another_source(editor, article)
    Reference.objects.filter(key="other-2020").update(title="Harmless")
    page = f"{PROPOSALS}{Proposal.objects.get().pk}/change/"
    client.force_login(reviewer)
    sent = {"approve": "1", "seen": seen_on(client, page)}
    Reference.objects.filter(key="other-2020").update(title=WORDS)
    assert "Something changed after you opened this page" in client.post(page, sent).text
    assert WORDS not in everything_read()


def test_the_proposer_sees_no_way_to_approve_it(
    client: Client, article: Article, editor: User
) -> None:
    dispute(editor, article)
    page = f"{PROPOSALS}{Proposal.objects.get().pk}/change/"
    client.force_login(editor)
    shown = client.get(page).text
    assert "Someone else has to approve it" in shown
    assert "Approve and publish" not in shown
    assert "Withdraw" in shown
    sent = {"approve": "1", "seen": seen_on(client, page)}
    assert client.post(page, sent).status_code == 409
    assert WORDS not in everything_read()


@pytest.mark.parametrize("role", ["", Role.COORDINATOR, Role.LEAD, Role.PRIVACY])
def test_nobody_else_sees_pending_proposals(
    role: str, client: Client, article: Article, editor: User
) -> None:
    dispute(editor, article)
    client.force_login(make_staff(role))
    for page in (PROPOSALS, f"{PROPOSALS}{Proposal.objects.get().pk}/change/"):
        assert client.get(page).status_code in {403, 404}
