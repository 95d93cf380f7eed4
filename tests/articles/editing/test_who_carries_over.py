"""Who may approve a small correction, of which version, and what holds for translations."""

from dataclasses import replace

import pytest

from articles import checking
from articles.checking.attestations import INTERESTS_FULL, SAYS_THE_SAME
from articles.editing import publishing, reviewing, translations, writing
from articles.models import Approval
from articles.states import StepRefused
from portal.models import Role, User
from tests.articles.editing.test_carrying_over import (
    CORRECTED,
    OWN,
    SLIP,
    carried,
    correct,
    edit,
)
from tests.articles.editing.verbs import approve_head, reasons_of_refusal
from tests.concurrency import together
from tests.factories import make_article, make_content, make_staff, make_translation

pytestmark = pytest.mark.django_db


def test_truth_the_author_of_a_small_correction_cannot_approve_it() -> None:
    both = make_staff(is_superuser=True)
    reasons = reasons_of_refusal(
        reviewing.approve, correct(by=both), interests="None", by=both, **OWN
    )
    assert reasons == ["You wrote part of this. Someone else has to review it."]


def test_truth_an_editor_cannot_approve_a_small_correction(editor: User) -> None:
    reasons = reasons_of_refusal(reviewing.approve, correct(), interests="None", by=editor, **OWN)
    assert reasons == ["Only a medical reviewer can approve an article."]


def test_truth_what_was_read_before_another_edit_is_not_approved(reviewer: User) -> None:
    read = correct()
    edit(read, CORRECTED.replace("can show", "will show"))
    with pytest.raises(StepRefused, match="changed this article after you opened it"):
        approve_head(read, reviewer, **OWN)


def test_interests_are_declared_for_a_small_correction_too(reviewer: User) -> None:
    assert reasons_of_refusal(reviewing.approve, correct(), interests=" ", by=reviewer, **OWN) == [
        "You haven’t declared your conflicts of interest. If you have none, write “None”."
    ]


def test_an_approval_that_is_carried_over_is_no_approval_of_the_next_edit(editor: User) -> None:
    waiting = correct()
    approved = approve_head(waiting, make_staff(Role.REVIEWER), **OWN)
    edited = writing.save_revision(
        approved, make_content(), interests="None", version=approved.version, by=editor
    )
    with pytest.raises(StepRefused, match="hasn’t been approved"):
        reviewing.require_approval(edited)


@pytest.mark.django_db(transaction=True)
def test_truth_of_two_who_approve_and_edit_at_once_only_one_succeeds() -> None:
    waiting = correct()
    reviewer, other, editor = (
        make_staff(role) for role in (Role.REVIEWER, Role.REVIEWER, Role.EDITOR)
    )

    def act(number: int) -> bool:
        try:
            if number < 2:
                approve_head(waiting, (reviewer, other)[number], **OWN)
            else:
                content = replace(waiting.head.content, body=SLIP + " It will help.")
                writing.save_revision(
                    waiting, content, interests="None", version=waiting.version, by=editor
                )
        except StepRefused:
            return False
        return True

    assert sum(together(3, act)) == 1
    waiting.refresh_from_db()
    approvals = Approval.objects.filter(revision__article=waiting, carried_from__isnull=False)
    assert approvals.count() == (waiting.state == "approved")


# --- Translations ---------------------------------------------------------------------------------

SPANISH_SLIP = "## Proteína\n\nUn análisis es un procedimeinto simple."
SPANISH = SPANISH_SLIP.replace("procedimeinto", "procedimiento")


def test_a_translation_keeps_that_it_says_the_same_until_it_follows_another_version() -> None:
    original = make_article()
    translated = edit(make_translation(original, body=SPANISH_SLIP), SPANISH)
    assert carried(translated) == checking.ATTESTED - {INTERESTS_FULL}
    original = edit(original, original.head.body + " Ask.")
    publish_again = approve_head(original, make_staff(Role.REVIEWER))
    publishing.publish(publish_again, version=publish_again.version, by=make_staff(Role.REVIEWER))
    assert SAYS_THE_SAME not in carried(translated), "the original has changed"
    translated = translations.confirm_translation(
        translated, version=translated.version, by=make_staff(Role.EDITOR)
    )
    assert SAYS_THE_SAME not in carried(translated), "nobody has compared the two since"
    assert carried(translated)
