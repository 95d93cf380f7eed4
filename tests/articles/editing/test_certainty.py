"""How certain the evidence is: rated by the reviewer of exactly this text, and kept with it."""

from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, transaction
from django.test import Client

from articles import checking
from articles.editing import publishing, reviewing, writing
from articles.models import Approval, Article
from articles.rendering.certainty import Certainty, Ground, Rating
from portal.models import Role, User
from tests.articles.editing.admin_pages import page_of, words_of
from tests.articles.editing.test_steps_admin import ATTESTED
from tests.articles.editing.verbs import approve_head, reasons_of_refusal
from tests.articles.texts import FINDING
from tests.factories import make_content, make_draft, make_reference, make_staff, submit

pytestmark = pytest.mark.django_db

LOW = Rating(level=Certainty.LOW, grounds=(Ground.FEW_PEOPLE, Ground.NO_COMPARISON))
WHY = "Why: few people took part; no one went without the treatment."
NOT_RATED = "Not rated. No medical reviewer has rated how certain this evidence is."


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Article:
    """An article with one card, in review. Its other words don't matter here."""
    monkeypatch.setattr(checking, "blocking", lambda answers: ())
    make_reference("sole-2013")
    return submit(make_draft(**_content()))


def _content() -> dict[str, Any]:
    return {"body": FINDING, "stage": "none"}


def _publish(article: Article, **approval: Any) -> Article:
    reviewer = make_staff(Role.REVIEWER)
    article = approve_head(article, reviewer, **approval)
    return publishing.publish(article, version=article.version, by=reviewer)


def test_readers_see_the_rating_of_the_reviewer_with_its_reasons(
    client: Client, waiting: Article
) -> None:
    article = _publish(waiting, certainty={1: LOW})
    said = words_of(client.get(article.get_absolute_url()))
    assert "Low certainty. The true effect may be quite different from what was found." in said
    assert f"{WHY} The medical reviewer of this page gave this rating." in said
    assert NOT_RATED not in said


def test_truth_a_card_without_a_rating_is_never_given_one(client: Client, waiting: Article) -> None:
    article = _publish(waiting)
    said = words_of(client.get(article.get_absolute_url()))
    assert NOT_RATED in said
    assert "certainty." not in said


def test_an_approval_from_before_ratings_existed_has_none() -> None:
    assert Approval(certainty=None).ratings == {}


def test_truth_a_rating_belongs_to_one_text_and_a_changed_text_has_none(
    client: Client, waiting: Article
) -> None:
    article = _publish(waiting, certainty={1: LOW})
    changed = replace(make_content(), body=FINDING.replace("5 of 8", "6 of 8"), stage="none")
    article = writing.save_revision(
        article, changed, interests="None", version=article.version, by=make_staff(Role.EDITOR)
    )
    client.force_login(make_staff(Role.EDITOR))
    preview = words_of(client.get(page_of(article, "preview")))
    assert NOT_RATED in preview
    assert WHY in words_of(client.get(article.get_absolute_url())), "readers see the approved one"


def test_a_later_review_can_rate_it_anew(client: Client, waiting: Article) -> None:
    article = _publish(waiting, certainty={1: LOW})
    very_low = replace(LOW, level=Certainty.VERY_LOW)
    reviewing.confirm_review(
        article,
        interests="None",
        attested=checking.ATTESTED,
        certainty={1: very_low},
        version=article.version,
        by=make_staff(Role.REVIEWER),
    )
    assert "Very low certainty." in words_of(client.get(article.get_absolute_url()))


@pytest.mark.parametrize(
    ("certainty", "why"),
    [
        ({2: LOW}, "This article has no evidence card 2."),
        ({1: Rating(level=Certainty.LOW)}, "Evidence card 1: say why its certainty isn’t high."),
        (
            {1: replace(LOW, level=Certainty.HIGH)},
            "Evidence card 1: a high certainty has no reasons against it.",
        ),
    ],
)
def test_a_rating_that_says_too_little_or_contradicts_itself_is_refused(
    waiting: Article, certainty: dict[int, Rating], why: str
) -> None:
    [reason] = reasons_of_refusal(
        reviewing.approve,
        waiting,
        interests="None",
        attested=checking.ATTESTED,
        certainty=certainty,
        by=make_staff(Role.REVIEWER),
    )
    assert reason.startswith(why)


def test_a_high_certainty_needs_no_reason(waiting: Article) -> None:
    article = approve_head(
        waiting, make_staff(Role.REVIEWER), certainty={1: Rating(level=Certainty.HIGH)}
    )
    assert article.state == "approved"


def test_a_rating_never_changes_afterward(waiting: Article) -> None:
    approve_head(waiting, make_staff(Role.REVIEWER), certainty={1: LOW})
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.update(certainty={})


def test_a_reviewer_rates_each_card_on_the_page_that_approves(
    client: Client, waiting: Article, reviewer: User
) -> None:
    client.force_login(reviewer)
    asked = BeautifulSoup(client.get(page_of(waiting, "step/approve")).text, "html.parser")
    levels = [each["value"] for each in asked.select("[name=certainty-1] option")]
    assert levels == ["", "high", "moderate", "low", "very_low"]
    assert len(asked.select("[name=because-1]")) == len(Ground)
    sent = {"version": waiting.version, "interests": "None", **ATTESTED, "certainty-1": "low"}
    refused = client.post(page_of(waiting, "step/approve"), sent)
    assert refused.status_code == 409
    assert "say why its certainty isn’t high" in words_of(refused)
    kept = BeautifulSoup(refused.text, "html.parser")
    assert kept.select_one("[name=certainty-1] option[value=low][selected]"), "nothing is lost"
    sent["because-1"] = ["few_people", "no_comparison"]
    assert client.post(page_of(waiting, "step/approve"), sent).status_code == 302
    assert Approval.objects.get().ratings == {
        1: replace(LOW, grounds=(Ground.FEW_PEOPLE, Ground.NO_COMPARISON))
    }


@pytest.mark.parametrize(("field", "value"), [("certainty-1", "sure"), ("because-1", "no idea")])
def test_made_up_ratings_are_refused(
    client: Client, waiting: Article, reviewer: User, field: str, value: str
) -> None:
    client.force_login(reviewer)
    sent = {"version": waiting.version, "interests": "None", **ATTESTED, field: value}
    assert client.post(page_of(waiting, "step/approve"), sent).status_code == 422
    assert not Approval.objects.exists()


def test_who_reviews_it_again_starts_from_the_rating_that_is_valid_now(
    client: Client, waiting: Article, reviewer: User
) -> None:
    article = _publish(waiting, certainty={1: LOW})
    client.force_login(reviewer)
    asked = BeautifulSoup(client.get(page_of(article, "confirm")).text, "html.parser")
    assert asked.select_one("[name=certainty-1] option[value=low][selected]")
    checked = {each["value"] for each in asked.select("[name=because-1][checked]")}
    assert checked == {"few_people", "no_comparison"}
