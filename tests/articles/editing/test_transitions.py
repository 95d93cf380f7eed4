"""The transition table: each step is possible where the table allows it, and nowhere else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from articles.editing import publishing, reviewing, writing
from articles.models import Article, SearchEntry
from articles.states import NEXT, State, Step, StepRefused, diagram
from portal.models import User
from tests.articles.editing.verbs import approve_head, make_in_each_state
from tests.factories import make_content, make_draft

pytestmark = pytest.mark.django_db


def test_an_article_is_written_reviewed_approved_and_published(
    editor: User, reviewer: User
) -> None:
    article = make_draft(by=editor)
    article = reviewing.submit(article, version=article.version, by=editor)
    article = approve_head(article, reviewer, interests="I advise  a maker.")
    assert not Article.objects.published().exists()
    article = publishing.publish(article, version=article.version, by=editor)
    assert list(Article.objects.published()) == [article]
    assert article.live == article.head
    approval = article.approval
    assert approval
    assert (approval.by, approval.interests) == (reviewer, "I advise a maker.")
    assert approval.digest == article.head.content.digest()
    assert SearchEntry.objects.get().title == article.title
    assert [event.kind for event in article.events.all()] == [
        *("drafted", "submitted", "approved", "published"),
    ]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_each_step_is_possible_only_where_the_table_says_so(
    state: State, step: Step, editor: User, reviewer: User
) -> None:
    article = make_in_each_state(state)
    tomorrow = timezone.now() + timedelta(days=1)
    verbs: dict[Step, Callable[[], Article]] = {
        Step.REVISE: lambda: writing.save_revision(
            article, make_content(title="Other"), version=article.version, by=editor
        ),
        Step.SUBMIT: lambda: reviewing.submit(article, version=article.version, by=editor),
        Step.SEND_BACK: lambda: reviewing.send_back(
            article, words="Why?", version=article.version, by=reviewer
        ),
        Step.APPROVE: lambda: approve_head(article, reviewer),
        Step.PUBLISH: lambda: publishing.publish(article, version=article.version, by=editor),
        Step.SCHEDULE: lambda: publishing.schedule(
            article, at=tomorrow, version=article.version, by=editor
        ),
        Step.UNSCHEDULE: lambda: publishing.unschedule(article, version=article.version, by=editor),
        Step.RETIRE: lambda: publishing.retire(
            article, because="Wrong.", version=article.version, by=editor
        ),
    }
    if step in NEXT[state]:
        assert verbs[step]().state == NEXT[state][step]
    else:
        with pytest.raises(StepRefused, match="with an article in this state"):
            verbs[step]()


def test_the_documentation_has_a_diagram_of_the_table() -> None:
    assert diagram() in (settings.BASE_DIR / "docs/states.md").read_text(), (
        "put into docs/states.md what articles.states.diagram() gives"
    )
