"""What readers and editors see: no badge without a claim, and one account of each study."""

import json
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from articles.content import CONTENT_FIELDS
from articles.editing import reviewing
from articles.evidence_stages import STAGE_MEANINGS, Stage
from articles.models import Revision
from articles.posts import importer, read_post, write_markdown
from articles.rendering.library_snapshot import StudyDesign
from articles.states import StepRefused
from portal.models import User
from tests.articles.rendering.test_truth_cards import COUNTED, TRIAL
from tests.factories import make_article, make_content, make_draft, make_reference, submit

pytestmark = pytest.mark.django_db

PARTS = "\n\n".join(
    f"::: {name}\nWords.\n:::"
    for name in ("caution", "options", "questions", "medicines", "unknown")
)


def staged(finding: str = TRIAL) -> dict[str, Any]:
    """Return fields of an article with an evidence card, ready to publish."""
    make_reference("deng-2017", design=StudyDesign.RANDOMISED)
    body = f"## Trial\n\n```finding\n{finding}```\n\n{PARTS}"
    return {"body": body, "stage": Stage.NOT_PROVEN}


def test_truth_a_page_that_claims_nothing_has_no_badge_anywhere(client: Client) -> None:
    article = make_article(title="Kidney words", slug="kidney-words", stage=Stage.NONE)
    addresses = (
        *("/", "/articles/", "/feed/", "/articles/kidney-words/", "/search/?q=kidney"),
        article.categories.get().get_absolute_url(),
    )
    for address in addresses:
        page = client.get(address)
        assert page.status_code == 200
        assert "Kidney words" in re.sub("</?mark>", "", page.text)
        for badge in (
            "How strong is the evidence",
            "no claim about",
            STAGE_MEANINGS[Stage.NONE],
            "stage-asked",
        ):
            assert str(badge) not in page.text
    data = BeautifulSoup(client.get(addresses[3]).text, "html.parser").select_one(
        "script[type='application/ld+json']"
    )
    assert data
    assert set(json.loads(data.text)) <= {
        *("@context", "@type", "name", "description", "inLanguage", "datePublished"),
        *("dateModified", "lastReviewed", "reviewedBy", "author", "medicalAudience"),
        *("about", "citation"),
    }, "no evidence level where nothing is claimed"


def test_truth_a_page_with_a_claim_has_a_badge(client: Client) -> None:
    article = make_article(**staged())
    for address in ("/articles/", article.get_absolute_url()):
        assert "<strong>Not proven.</strong>" in client.get(address).text
    assert str(STAGE_MEANINGS[Stage.NOT_PROVEN]) in client.get(article.get_absolute_url()).text


@pytest.mark.parametrize("stage", [Stage.ESTABLISHED, Stage.NOT_PROVEN, Stage.DISPROVEN])
def test_truth_a_badge_without_support_is_not_published(stage: Stage) -> None:
    words = make_content()
    draft = make_draft(**{name: getattr(words, name) for name in CONTENT_FIELDS} | {"stage": stage})
    with pytest.raises(StepRefused, match="Cite studies that support the stage"):
        submit(draft)


def test_truth_another_page_of_the_same_study_is_not_contradicted() -> None:
    silent = TRIAL.replace(COUNTED, "deaths: not stated\n")
    live = make_article(**staged())
    draft = make_draft(**staged(silent))
    assert any("another live page counts" in why for why in reviewing.revision_blockers(draft))
    # An article's own older text does not conflict with a correction of it.
    live.head = live.live = draft.head
    assert reviewing.revision_blockers(live) == []


def test_truth_editors_see_missing_deaths_and_the_stage_while_writing(
    client: Client, editor: User
) -> None:
    draft = make_draft(**staged(TRIAL.replace(COUNTED, "")))
    client.force_login(editor)
    page = client.get(f"/admin/articles/article/{draft.pk}/change/").text
    assert "Report deaths in every finding" in page
    assert str(Stage.NONE.label) in page
    preview = client.get(f"/admin/articles/article/{draft.pk}/preview/").text
    assert "Deaths: not filled in yet" in preview


def test_truth_stage_none_is_exported_and_imported() -> None:
    article = make_article(stage=Stage.NONE, slug="kidney-words")
    written = write_markdown(importer.export_post(article, is_live=True))
    assert "stage: none\n" in written
    assert read_post(written.encode()).content == article.head.content


def test_truth_the_database_checks_stages_and_protects_revisions() -> None:
    article = make_article()
    assert article.live
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.create(
            article=article, number=9, title="A", body="B", stage="sure", made_at=timezone.now()
        )
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
        Revision.objects.filter(pk=article.live.pk).update(stage="")
