"""The start page of editors and reviewers, and the list of articles that it leads to."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.editing import reviewing
from articles.models import Article, Feedback
from portal.models import Role, User
from tests.articles.editing.admin_pages import LIST
from tests.factories import approve, make_article, make_draft, make_staff, submit

pytestmark = pytest.mark.django_db

START = "/admin/"


def figures(client: Client, user: User) -> dict[str, tuple[int, str]]:
    """Return each count and its address, by label."""
    client.force_login(user)
    page = BeautifulSoup(client.get(START).text, "html.parser")
    found = {}
    for link in page.select("#desk ~ .figures a"):
        count, label = link.select_one(".figure-count"), link.select_one(".figure-label")
        assert count
        assert label
        found[label.text] = (int(count.text), str(link["href"]))
    return found


def titles(client: Client, address: str) -> list[str]:
    page = BeautifulSoup(client.get(address).text, "html.parser")
    return [each.text for each in page.select("#result_list th.field-title")]


def make_desk(editor: User, reviewer: User) -> None:
    """Make an article of each kind that the start page counts."""
    make_draft(title="Mine", by=editor)
    make_draft(title="Of someone else")
    back = submit(make_draft(title="Sent back", by=editor))
    reviewing.send_back(back, words="Too long.", version=back.version, by=reviewer)
    asked = make_draft(title="For me", by=editor)
    reviewing.submit(asked, reviewer=reviewer, version=asked.version, by=editor)
    asked = make_draft(title="For another")
    colleague = make_staff(Role.REVIEWER)
    reviewing.submit(asked, reviewer=colleague, version=asked.version, by=editor)
    submit(make_draft(title="For anyone"))
    approve(make_draft(title="Approved"))
    due = make_article(title="Due")
    Article.objects.filter(pk=due.pk).update(review_due_at=timezone.now())
    unclear = make_article(title="Unclear").live
    fine = make_article(title="Clear").live
    for revision, answer in ((unclear, "too_long"), (unclear, "yes"), (fine, "yes")):
        assert revision
        Feedback.objects.create(revision=revision, answer=answer, day=timezone.localdate(), count=1)


def test_a_reviewer_sees_what_waits_for_them(client: Client, editor: User, reviewer: User) -> None:
    make_desk(editor, reviewer)
    seen = figures(client, reviewer)
    assert {label: count for label, (count, _) in seen.items() if count} == {
        "Waiting for my review": 2,
        "In review, by anyone": 3,
        "Approved, not published yet": 1,
        "Live, but due for a new review": 1,
        "Not clear to some readers in the last 30 days": 1,
    }
    assert "My drafts" not in seen
    assert set(titles(client, seen["Waiting for my review"][1])) == {"For me", "For anyone"}
    assert titles(client, seen["Not clear to some readers in the last 30 days"][1]) == ["Unclear"]


def test_an_editor_sees_what_came_back_and_what_they_write(
    client: Client, editor: User, reviewer: User
) -> None:
    make_desk(editor, reviewer)
    seen = figures(client, editor)
    assert "Waiting for my review" not in seen
    for label, expected in (
        ("Sent back to me", {"Sent back"}),
        ("My drafts", {"Mine", "Sent back"}),
        ("Drafts by anyone", {"Mine", "Sent back", "Of someone else"}),
        ("In review, by anyone", {"For me", "For another", "For anyone"}),
    ):
        count, address = seen[label]
        assert count == len(expected), label
        assert set(titles(client, address)) == expected, label
    assert set(titles(client, f"{LIST}?mine=all")) == {"Mine", "Sent back", "For me"}


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER])
def test_each_number_is_that_of_the_list_it_leads_to(
    client: Client, editor: User, reviewer: User, role: Role
) -> None:
    make_desk(editor, reviewer)
    for label, (count, address) in figures(
        client, {Role.EDITOR: editor, Role.REVIEWER: reviewer}[role]
    ).items():
        page = BeautifulSoup(client.get(address).text, "html.parser")
        assert count == len(page.select("#result_list tbody tr")), label


@pytest.mark.parametrize(
    ("role", "said"),
    [
        (Role.EDITOR, "Nothing is waiting. Start a draft"),
        (Role.REVIEWER, "Nothing is waiting. The review list shows"),
    ],
)
def test_an_empty_desk_says_what_to_do(client: Client, role: Role, said: str) -> None:
    client.force_login(make_staff(role))
    assert said in client.get(START).text
    submit(make_draft())
    assert said not in client.get(START).text


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER])
def test_all_numbers_are_one_query_that_counts_no_whole_table(
    client: Client, editor: User, reviewer: User, role: Role
) -> None:
    client.force_login({Role.EDITOR: editor, Role.REVIEWER: reviewer}[role])
    made = []
    for fill in (lambda: None, lambda: make_desk(editor, reviewer)):
        fill()
        client.get(START)
        with CaptureQueriesContext(connection) as asked:
            client.get(START)
        counts = [each["sql"] for each in asked if "COUNT(" in each["sql"]]
        assert len(counts) == 1
        assert counts[0].count("COUNT(") == counts[0].count("LIMIT 100")
        made.append(len(asked))
    assert made[0] == made[1] <= 5, made


def test_the_list_names_the_authors_in_a_fixed_number_of_queries(
    client: Client, editor: User
) -> None:
    client.force_login(editor)

    def ask_for_list() -> int:
        make_draft(by=editor)
        make_draft()
        client.get(LIST)
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST)
        counts = [each["sql"] for each in asked if "COUNT(*)" in each["sql"]]
        assert all("LIMIT" in each for each in counts)
        return len(asked)

    assert ask_for_list() == ask_for_list()
    page = BeautifulSoup(client.get(LIST).text, "html.parser")
    names = [each.text for each in page.select("td.field-authors")]
    assert names.count(str(editor)) == 2
    heads = [each.get_text(strip=True) for each in page.select("#result_list thead th")]
    assert heads[:6] == ["Title", "Authors", "State", "Stage", "Review due", "Language"]
