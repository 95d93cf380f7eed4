"""Writing, reviewing and publishing at the desk."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import checking
from articles.checking.all_checks import CHECKS
from articles.editing import writing
from articles.models import Article, Category, Feedback
from articles.reading import feedback
from articles.states import State
from portal.models import User
from tests.factories import (
    approve,
    make_article,
    make_category,
    make_content,
    make_draft,
    make_reference,
    make_term,
    submit,
)

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"
#: Each box of a reviewer, ticked.
ATTESTED = {
    f"attest-{check.id}": "on" for check in CHECKS if check.level is checking.Level.ATTESTED
}
STALE = "Somebody changed this article after you opened it"


def form(**fields: Any) -> dict[str, Any]:
    return {
        "title": "Kidney tests",
        "slug": "kidney-tests",
        "summary": "What they show.",
        "key_points": "",
        "body": "## Protein",
        "stage": "early",
        "justified_words": "",
        "interests": "None",
        "categories": [str(make_category().pk)],
        **fields,
    }


def page_of(article: Article, page: str = "change") -> str:
    return f"{LIST}{article.pk}/{page}/"


def words_of(response: Any) -> str:
    return " ".join(BeautifulSoup(response.text, "html.parser").get_text(" ").split())


# --- Writing --------------------------------------------------------------------------------------


def test_an_editor_writes_a_draft_and_is_its_author(client: Client, editor: User) -> None:
    client.force_login(editor)
    response = client.post(f"{LIST}add/", form(justified_words="Hope: it is the charity's name"))
    article = Article.objects.get()
    assert response["Location"] == page_of(article)
    assert [each.author for each in article.head.authorships.all()] == [editor]
    assert article.head.justified == {"hope": "it is the charity's name"}
    assert article.categories.count() == 1
    assert not article.is_live


def test_saving_a_live_article_makes_a_draft_and_readers_see_the_old(
    client: Client, editor: User
) -> None:
    article = make_article(title="Kidney tests", body="The old words.")
    client.force_login(editor)
    page = client.get(page_of(article))
    assert "The old words." in page.text
    response = client.post(
        page_of(article), form(body="The new words.", version=article.version), follow=True
    )
    assert "Draft: readers see an older revision" in words_of(response)
    assert "The old words." in client.get(article.get_absolute_url()).text


@pytest.mark.parametrize("version", [1, "", "x", "-1", "9" * 30])
def test_a_stale_page_changes_nothing_and_keeps_what_was_typed(
    client: Client, editor: User, version: object
) -> None:
    draft = make_draft()
    writing.save_revision(draft, make_content(title="Newer"), version=draft.version, by=editor)
    client.force_login(editor)
    response = client.post(page_of(draft), form(title="Mine", version=version))
    assert response.status_code == 422
    assert STALE in response.text
    assert 'value="Mine"' in response.text
    draft.refresh_from_db()
    assert draft.title == "Newer"


def test_who_is_overtaken_while_saving_is_told_so_too(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = make_draft()
    revise = writing.save_revision

    def overtaken(*args: Any, **kwargs: Any) -> Article:
        monkeypatch.undo()
        revise(draft, make_content(title="Newer"), version=1, by=editor)
        return revise(*args, **kwargs)

    monkeypatch.setattr(writing, "save_revision", overtaken)
    client.force_login(editor)
    response = client.post(page_of(draft), form(title="Mine", version=draft.version))
    assert (response.status_code, 'value="Mine"' in response.text) == (422, True)
    assert STALE in response.text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": ""}, "This field is required"),
        ({"slug": "no slug!"}, "Enter a valid"),
        ({"slug": "taken"}, "already has the address “taken”"),
        ({"body": ""}, "This field is required"),
        ({"body": "x" * 200_001}, "200,000 are the most"),
        ({"condition_code": "lupus"}, "no ICD-10-CM code"),
        ({"justified_words": "hope"}, "“hope”: write the word, a colon, and why."),
    ],
)
def test_a_form_with_errors_keeps_what_was_typed(
    client: Client, editor: User, fields: dict[str, str], message: str
) -> None:
    make_draft(slug="taken")
    client.force_login(editor)
    response = client.post(f"{LIST}add/", form(summary="Typed with care.") | fields)
    assert response.status_code == 422
    top = BeautifulSoup(response.text, "html.parser").select_one(".errornote")
    assert top
    assert message in top.text
    for link in top.select("a[href]"):
        assert f'id="{str(link["href"])[1:]}"' in response.text
    assert "Typed with care." in response.text
    assert Article.objects.count() == 1


def test_unsaved_words_are_shown_as_the_page_and_its_checks_and_not_kept(
    client: Client, editor: User, reviewer: User
) -> None:
    article = make_article(body="Saved.")
    typed = form(title="", body="Foamy *urine*. <script>alert(1)</script>")
    client.force_login(editor)
    for address in (f"{LIST}try/", page_of(article, "try")):
        page = client.post(address, typed)
        assert "<em>urine</em>" in page.text
        assert "<script>alert" not in page.text
        answer = client.post(address, typed, headers={"X-Asked-By": "script"}).json()
        assert answer.keys() == {"page", "checks", "said"}
        assert "<em>urine</em>" in answer["page"]
    too_long = client.post(f"{LIST}try/", form(body="x" * 200_001))
    assert (too_long.status_code, "200,000 are the most" in too_long.text) == (422, True)
    asked = client.post(f"{LIST}try/", form(body="x" * 200_001), headers={"X-Asked-By": "script"})
    assert "200,000 are the most" in asked.json()["refused"]
    article.refresh_from_db()
    assert article.head.number == 1
    assert client.get(f"{LIST}try/").status_code == 405
    client.force_login(reviewer)
    assert client.post(f"{LIST}try/", typed).status_code == 403


def test_a_check_says_what_where_and_how_to_mend_it(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = make_draft()
    _with_answers(monkeypatch)
    client.force_login(editor)
    page = client.get(page_of(draft))
    assert "1 thing to mend before review" in words_of(page)
    link = BeautifulSoup(page.text, "html.parser").select_one("a[data-field]")
    assert link
    assert (link["data-field"], link["data-line"]) == ("body", "3")
    assert "Send to review : not now. 1 check stands against it" in words_of(page)
    refused = client.post(page_of(draft, "step/submit"), {"version": draft.version})
    assert refused.status_code == 409


def _with_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """One check that blocks, with a place, and one that the reviewer answers."""
    words: Any = {"source": "Our own", "hint": "Say it plainly."}
    hype = checking.Check(
        id="hype", level=checking.Level.BLOCKING, title="No word of hype", **words
    )
    asked = checking.Check(id="facts", level=checking.Level.ATTESTED, title="I read it", **words)
    spot = checking.Issue(where="body line 3", quote="miracle", why="A word of hype.")
    found = (
        checking.CheckResult(check=hype, issues=(spot,), is_met=False),
        checking.CheckResult(check=asked, issues=(), is_met=False),
    )
    monkeypatch.setattr(checking, "run_checks", lambda content, library: found)


def test_the_library_is_searched_by_each_word(client: Client, editor: User) -> None:
    make_reference("gu-2014", title="Stem cells in lupus nephritis", authors="Gu F")
    make_reference("other-2020", title="Stem cells in another disease")
    make_term("remission", definition="The disease is quiet.")
    client.force_login(editor)
    found = client.get(f"{LIST}library/sources/?q=lupus gu").json()["found"]
    assert [each["insert"] for each in found] == ["[@gu-2014]"]
    found = client.get(f"{LIST}library/terms/?q=").json()["found"]
    assert found[0]["detail"] == "The disease is quiet."
    assert client.get(f"{LIST}library/nowhere/").status_code == 404


# --- Steps ----------------------------------------------------------------------------------------


def test_a_draft_goes_to_review_is_approved_and_published(
    client: Client, editor: User, reviewer: User
) -> None:
    draft = make_draft(by=editor, body="Words to vouch for.")
    client.force_login(editor)
    _take(client, draft, "submit")
    client.force_login(reviewer)
    page = client.get(page_of(draft))
    assert 'name="title"' not in page.text, "a reviewer reads and does not write"
    _take(client, draft, "approve", interests="None", **ATTESTED)
    assert client.get(draft.get_absolute_url()).status_code == 404
    _take(client, draft, "publish")
    assert "Words to vouch for." in client.get(draft.get_absolute_url()).text


def _take(client: Client, article: Article, step: str, **fields: Any) -> None:
    """By the main button of the article's page."""
    page = BeautifulSoup(client.get(page_of(article)).text, "html.parser")
    main = page.select_one(".action-menu .default")
    assert main
    assert f"/step/{step}/?version=" in str(main["href"])
    asked = BeautifulSoup(client.get(str(main["href"])).text, "html.parser")
    version = asked.select_one("input[name=version]")
    assert version
    sent = {"version": version["value"], **fields}
    assert client.post(str(main["href"]), sent).status_code == 302


def test_who_wrote_a_part_of_it_is_told_that_another_has_to_review_it(client: Client) -> None:
    both = User.objects.create_superuser("both", password="x")
    draft = submit(make_draft(by=both))
    client.force_login(both)
    page = words_of(client.get(page_of(draft)))
    assert "Approve : not now. You wrote a part of it. Somebody else has to review it." in page
    response = client.get(page_of(draft, "step/approve"))
    assert "You wrote a part of it." in response.text
    assert 'type="submit" class="default"' not in response.text


@pytest.mark.parametrize("version", ["1", "0", "x", "²", "9" * 5000])
def test_what_changed_after_it_was_read_is_not_approved(
    client: Client, reviewer: User, version: str
) -> None:
    draft = submit(make_draft())
    client.force_login(reviewer)
    sent = {"version": version, "interests": "None"}
    response = client.post(page_of(draft, "step/approve"), sent)
    assert (response.status_code, STALE in response.text) == (409, True)
    assert 'type="submit" class="default"' not in response.text, "first it has to be read"
    assert client.get(page_of(draft, f"step/approve/?version={version}")[:-1]).status_code in {
        409,
        400,
    }
    draft.refresh_from_db()
    assert draft.state == State.IN_REVIEW


def test_a_reviewer_answers_each_question_by_a_box(
    client: Client, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = submit(make_draft())
    _with_answers(monkeypatch)
    monkeypatch.setattr(checking, "blocking", lambda answers: ())
    client.force_login(reviewer)
    page = client.get(page_of(draft, "step/approve"))
    assert "Say it plainly." in words_of(page)
    sent = {"version": draft.version, "interests": "None"}
    response = client.post(page_of(draft, "step/approve"), sent)
    assert (response.status_code, "I read it : Not confirmed yet." in words_of(response)) == (
        422,
        True,
    )
    sent["attest-facts"] = "on"
    assert client.post(page_of(draft, "step/approve"), sent).status_code == 302


def test_sending_back_shows_the_words_to_the_editor(
    client: Client, editor: User, reviewer: User
) -> None:
    draft = submit(make_draft(by=editor))
    client.force_login(reviewer)
    sent = {"version": draft.version, "words": "Name the harms."}
    assert client.post(page_of(draft, "step/send_back"), sent).status_code == 302
    client.force_login(editor)
    assert "Name the harms." in client.get(page_of(draft)).text


def test_what_is_approved_is_scheduled_and_taken_off_again(client: Client, editor: User) -> None:
    draft = approve(make_draft(by=editor))
    client.force_login(editor)
    day = timezone.localdate() + timedelta(days=2)
    sent = {"version": draft.version, "at_0": str(day), "at_1": "10:00"}
    assert client.post(page_of(draft, "step/schedule"), sent).status_code == 302
    assert "Comes up by itself" in words_of(client.get(page_of(draft)))
    draft.refresh_from_db()
    client.post(page_of(draft, "step/unschedule"), {"version": draft.version})
    draft.refresh_from_db()
    assert draft.state == State.APPROVED


def test_a_retired_article_names_what_to_read_instead(client: Client, editor: User) -> None:
    article, other = make_article(), make_article(title="Read me")
    client.force_login(editor)
    sent = {
        "version": article.version,
        "because": "A source was retracted.",
        "instead": f"https://portal.example{other.get_absolute_url()}",
    }
    wrong = client.post(page_of(article, "step/retire"), sent | {"instead": "nowhere"})
    assert (wrong.status_code, "no article at that address" in wrong.text) == (422, True)
    client.post(page_of(article, "step/retire"), sent)
    gone = client.get(article.get_absolute_url())
    assert (gone.status_code, "Read me" in gone.text) == (410, True)


def test_what_readers_see_is_reviewed_again_retired_later_and_moved(
    client: Client, reviewer: User, editor: User
) -> None:
    article = make_article()
    Article.objects.update(review_due_at=timezone.now() - timedelta(days=1))
    client.force_login(reviewer)
    page = BeautifulSoup(client.get(page_of(article)).text, "html.parser")
    main = page.select_one(".action-menu .default")
    assert main
    assert main.text == "Review again"
    sent = {"version": article.version, "interests": "None", **ATTESTED}
    assert client.post(page_of(article, "confirm"), sent).status_code == 302
    article.refresh_from_db()
    assert not article.is_overdue(timezone.now())
    client.force_login(editor)
    day = timezone.localdate() + timedelta(days=2)
    sent = {"version": article.version, "at_0": day, "at_1": "10:00", "because": "It ends."}
    assert client.post(page_of(article, "leave"), sent).status_code == 302
    article.refresh_from_db()
    client.post(page_of(article, "move"), {"version": article.version, "slug": "elsewhere"})
    assert client.get(article.get_absolute_url())["Location"] == "/articles/elsewhere/"


def test_a_step_that_cannot_be_taken_says_why(client: Client, editor: User) -> None:
    draft, live = make_draft(), make_article()
    live = writing.save_revision(live, make_content(), version=live.version, by=editor)
    client.force_login(editor)
    response = client.get(page_of(draft, "step/publish"))
    assert "“Publish now” is not possible from where it stands: draft." in words_of(response)
    assert "Readers do not see this article" in words_of(client.get(page_of(draft, "leave")))
    client.force_login(User.objects.create_superuser("root", password="x"))
    assert "It has a newer draft" in words_of(client.get(page_of(live, "confirm")))


# --- Revisions ------------------------------------------------------------------------------------


def test_revisions_are_listed_with_who_wrote_and_approved_them(
    client: Client, editor: User, reviewer: User
) -> None:
    article = make_article(reviewer=reviewer)
    client.force_login(editor)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page_of(article, "revisions")).status_code == 200
        return len(asked)

    queries()
    once = queries()
    for _ in range(60):
        article = writing.save_revision(article, make_content(), version=article.version, by=editor)
    feedback.count_answer(
        article, number=1, choice=Feedback.Answer.TOO_LONG, on=timezone.localdate()
    )
    assert queries() == once
    newest = client.get(page_of(article, "revisions"))
    assert "?before=12" in newest.text
    assert "No: it is too long" in newest.text
    oldest = words_of(client.get(f"{page_of(article, 'revisions')}?before=12"))
    assert f"{reviewer}" in oldest
    assert "Readers see this" in oldest


def test_a_revision_is_compared_with_any_other_and_brought_back(
    client: Client, editor: User
) -> None:
    article = make_article(body="One old word.")
    content = make_content(body="One new word.")
    article = writing.save_revision(article, content, version=article.version, by=editor)
    client.force_login(editor)
    page = client.get(page_of(article, "revisions/2"))
    gone, come = (BeautifulSoup(page.text, "html.parser").select(tag) for tag in ("del", "ins"))
    assert "taken out: old end." in " ".join(gone[-1].text.split())
    assert "put in: new end." in " ".join(come[-1].text.split())
    assert client.get(f"{page_of(article, 'revisions/1')}?against=9").status_code == 404
    sent = {"version": article.version}
    assert client.post(page_of(article, "revisions/1"), sent).status_code == 302
    article.refresh_from_db()
    assert (article.head.number, article.head.body) == (3, "One old word.")
    refused = client.post(page_of(article, "revisions/2"), sent, follow=True)
    assert STALE in refused.text


def test_a_preview_link_is_shown_once_listed_and_ended(client: Client, reviewer: User) -> None:
    draft = make_draft(body="For one reader.")
    client.force_login(reviewer)
    page = BeautifulSoup(client.post(page_of(draft, "share"), {"days": 7}).text, "html.parser")
    address = page.select_one(".address code")
    assert address
    assert "For one reader." in Client().get(address.text).text
    listed = client.get(page_of(draft, "share"))
    assert address.text not in listed.text
    end = BeautifulSoup(listed.text, "html.parser").select_one(".links form")
    assert end
    client.post(str(end["action"]))
    assert Client().get(address.text).status_code == 404
    assert client.post(page_of(draft, "share"), {"days": 99}).status_code == 422


# --- Lists ----------------------------------------------------------------------------------------


def test_the_list_says_where_each_stands_and_counts_to_an_end(client: Client, editor: User) -> None:
    live = make_article(title="Seen")
    writing.save_revision(live, make_content(), version=live.version, by=editor)
    make_draft(title="Unseen", stage="early")
    client.force_login(editor)
    with CaptureQueriesContext(connection) as asked:
        page = words_of(client.get(LIST))
    assert "Revision 1, not the draft" in page
    assert not [each for each in asked if "COUNT(*)" in each["sql"] and "LIMIT" not in each["sql"]]
    for chosen, seen in (
        ("live=draft", "Seen"),
        ("live=no", "Unseen"),
        ("head__stage=early", "Unseen"),
    ):
        titles = BeautifulSoup(client.get(f"{LIST}?{chosen}").text, "html.parser")
        assert [each.text for each in titles.select("th.field-title")] == [seen]


def test_the_review_list_has_the_longest_overdue_first(client: Client, reviewer: User) -> None:
    now = timezone.now()
    for title, days in (("Fresh", 30), ("Late", -1), ("Later still", -9)):
        article = make_article(title=title)
        Article.objects.filter(pk=article.pk).update(review_due_at=now + timedelta(days=days))
    make_draft(title="Nobody sees it")
    client.force_login(reviewer)
    page = BeautifulSoup(client.get(f"{LIST}due/").text, "html.parser")
    assert [each.text for each in page.select("tbody th")] == ["Later still", "Late", "Fresh"]
    for start in ("/admin/", LIST):
        assert f"{LIST}due/" in client.get(start).text


def test_the_words_of_a_topic_are_a_reviewers_and_its_address_stays(
    client: Client, reviewer: User
) -> None:
    client.force_login(reviewer)
    new = {"name": "Gout", "slug": "gout", "description": "Pages about gout."}
    assert client.post("/admin/articles/category/add/", new).status_code == 302
    category = Category.objects.get(name="Gout")
    changed = {"name": "Gout and joints", "slug": "moved", "description": ""}
    client.post(f"/admin/articles/category/{category.pk}/change/", changed)
    category.refresh_from_db()
    assert (category.name, category.slug) == ("Gout and joints", "gout")
    broken = {"name": "Gout\x0bfoot", "slug": "foot", "description": ""}
    assert "control character" in client.post("/admin/articles/category/add/", broken).text
