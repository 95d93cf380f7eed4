"""What the database itself refuses from everyone: changed text, live text without approval."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Model
from django.utils import timezone
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from articles import checking
from articles.editing import publishing, reviewing, writing
from articles.models import Approval, Article, Authorship, Event, Revision
from articles.states import StepRefused
from portal.models import Role, User
from tests.factories import (
    approve,
    make_article,
    make_category,
    make_content,
    make_draft,
    make_staff,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Revision, Authorship, Approval, Event])
def test_written_and_approved_text_is_never_changed_or_deleted(model: type[Model]) -> None:
    make_article()
    for harm in (
        lambda: model._default_manager.update(id=F("id")),
        lambda: model._default_manager.all()._raw_delete(using="default"),
    ):
        with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
            harm()


def test_history_is_not_replaced_on_sqlite() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")
    make_article()
    for table in ("revision", "authorship", "approval", "event"):
        statement = f"INSERT OR REPLACE INTO articles_{table} SELECT * FROM articles_{table}"  # noqa: S608
        with (
            pytest.raises(IntegrityError, match="only grows"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def _live(article: Article, revision: Revision, approval: Approval | None) -> None:
    now = timezone.now()
    Article.objects.filter(pk=article.pk).update(
        live=revision,
        approval=approval,
        state="published",
        head=revision,
        published_at=now,
        live_at=now,
        review_due_at=now,
        publish_at=None,
    )


def _another_approval(article: Article) -> Approval:
    return make_article().approval  # type: ignore[return-value]


def _of_other_words(article: Article) -> Approval:
    approval = article.head.approvals.get()
    return Approval.objects.create(
        revision=approval.revision,
        digest="0" * 64,
        by=approval.by,
        at=approval.at,
        interests="None",
    )


def _by_an_author(article: Article) -> Approval:
    approval = article.head.approvals.get()
    Authorship.objects.create(revision=approval.revision, author=approval.by)
    return approval


@pytest.mark.parametrize(
    "approval", [lambda _: None, _another_approval, _of_other_words, _by_an_author]
)
def test_no_revision_is_live_without_approval_by_someone_else(
    approval: Callable[[Article], Approval | None],
) -> None:
    article = approve(make_draft())
    given_ = approval(article)
    with pytest.raises(IntegrityError), transaction.atomic():
        _live(article, article.head, given_)
    fine = approve(make_draft())
    _live(fine, fine.head, fine.head.approvals.get())


def test_no_article_goes_live_with_another_articles_text() -> None:
    article, other = approve(make_draft()), make_draft()
    with pytest.raises(IntegrityError, match="has to be approved"), transaction.atomic():
        _live(other, article.head, article.head.approvals.get())


def test_no_text_without_an_author_goes_live(reviewer: User) -> None:
    draft = writing.create_draft(make_content(), categories=[make_category()], by=None)
    approval = Approval.objects.create(
        revision=draft.head,
        digest=draft.head.digest,
        by=reviewer,
        at=timezone.now(),
        interests="None",
    )
    with pytest.raises(IntegrityError, match="has to be approved"), transaction.atomic():
        _live(draft, draft.head, approval)


@pytest.mark.parametrize(
    "fields",
    [
        {"title": ""},
        {"slug": ""},
        {"state": "secret"},
        {"state": "retired"},
        {"state": "scheduled"},
        {"publish_at": timezone.now()},
        {"approval": None},
        {"live": None},
        {"live_at": None},
        {"published_at": None},
        {"review_due_at": None},
        {"retired_at": timezone.now()},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_an_impossible_article_is_refused(fields: dict[str, object]) -> None:
    article = make_article()
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(**fields)


# --- No sequence of verbs lets unapproved words be served -----------------------------------------

Given = dict[str, Any]


def _revise(article: Article, number: int, given_: Given) -> None:
    words = make_content(title="Words", body=f"Words {number}.")
    writing.save_revision(article, words, interests="None", **given_)


def _approve(article: Article, number: int, given_: Given) -> None:
    reviewing.approve(article, interests="None", attested=checking.ATTESTED, **given_)


def _confirm(article: Article, number: int, given_: Given) -> None:
    reviewing.confirm_review(article, interests="None", attested=checking.ATTESTED, **given_)


def _review(article: Article, number: int, given_: Given) -> None:
    """Submit and approve at once, so that random sequences get far enough."""
    article = reviewing.submit(article, **given_)
    _approve(article, number, given_ | {"version": article.version})


def _all_the_way(article: Article, number: int, given_: Given) -> None:
    _review(article, number, given_)
    article.refresh_from_db()
    publishing.publish(article, **given_ | {"version": article.version})


_STEPS: dict[str, Callable[[Article, int, Given], object]] = {
    "revise": _revise,
    "restore": lambda article, number, given_: writing.restore_revision(
        article, number=number, **given_
    ),
    "submit": lambda article, _, given_: reviewing.submit(article, **given_),
    "send back": lambda article, _, given_: reviewing.send_back(article, words="Why?", **given_),
    "approve": _approve,
    "review": _review,
    "all the way": _all_the_way,
    "confirm": _confirm,
    "publish": lambda article, _, given_: publishing.publish(article, **given_),
    "schedule": lambda article, _, given_: publishing.schedule(
        article, at=timezone.now() + timedelta(minutes=1), **given_
    ),
    "unschedule": lambda article, _, given_: publishing.unschedule(article, **given_),
    "clock": lambda *_: publishing.run_schedule(timezone.now() + timedelta(minutes=2)),
    "retire": lambda article, _, given_: publishing.retire(article, because="Old.", **given_),
    "file": lambda article, _, given_: writing.set_categories(
        article, categories=[make_category()], **given_
    ),
}


# Steps that lead far are drawn more often.
_WALK = [*_STEPS, *("all the way", "review", "publish", "revise") * 3]
_mostly_fresh = st.sampled_from([False, False, False, True])
_numbers = st.integers(1, 3)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(sorted(_STEPS)), st.integers(0, 2), st.booleans(), st.integers(1, 3)
        ),
        min_size=4,
        max_size=16,
    )
)
def test_no_sequence_of_steps_serves_unapproved_text(
    steps: list[tuple[str, int, bool, int]], cast: list[User]
) -> None:
    with transaction.atomic():
        article = make_draft(by=cast[0])
        for step, who, is_stale, number in steps:
            version = article.version - is_stale
            try:
                with transaction.atomic():
                    _STEPS[step](article, number, {"version": version, "by": cast[who]})
            except StepRefused:
                pass
            article = Article.objects.for_staff().get(pk=article.pk)
            _assert_served_is_approved(article)
            event(f"after {step}: {article.state}, live: {article.is_live}")
        transaction.set_rollback(True)


@pytest.fixture
def cast(db: None) -> list[User]:
    """Two superusers and an editor."""
    return [
        make_staff(is_superuser=True),
        make_staff(is_superuser=True),
        make_staff(Role.EDITOR),
    ]


def _assert_served_is_approved(article: Article) -> None:
    live = article.live
    if live is None:
        assert not hasattr(article, "page")
        assert not hasattr(article, "search_entry")
        return
    assert article.page.revision == live
    assert article.search_entry.title == live.title
    approval = article.approval
    assert approval
    assert approval.revision == live
    assert approval.digest == live.content.digest()
    assert approval.by_id not in live.authorships.values_list("author", flat=True)
    # What is served is exactly what the reviewer approved.
    assert _words(f"{live.key_points} {live.body}") == _words(article.search_entry.words)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", re.sub(r"\[@[^]]*\]", "", text))  # citations are not wording
