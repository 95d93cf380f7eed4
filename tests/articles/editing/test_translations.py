"""A translation is an article of its own, with the same steps and review as its original."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from articles import checking
from articles.editing import publishing, reviewing, translations, writing
from articles.languages import page_language
from articles.models import Article, Event
from articles.states import State, StepRefused
from portal.models import Role, User
from tests.factories import (
    approve,
    make_article,
    make_content,
    make_draft,
    make_staff,
    make_translation,
    publish,
)

pytestmark = pytest.mark.django_db

ASKED = "9 of 12 people answered. [@example-2020]"


@pytest.fixture
def original() -> Article:
    return make_article(slug="kidney-tests", title="Kidney tests", body=ASKED)


def start(original: Article, by: User) -> Article:
    return translations.start_translation(original, language="es", by=by)


def test_starting_it_twice_at_once_creates_one_translation(
    original: Article, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    save, words = writing._save, make_content()

    def save_after_another(article: Article) -> None:
        monkeypatch.undo()
        writing.create_draft(
            words, categories=[], slug="otra", language="es", translation_of=original, by=editor
        )
        save(article)

    monkeypatch.setattr(writing, "_save", save_after_another)
    with pytest.raises(StepRefused, match="already exists in this language"):
        start(original, editor)


def say(draft: Article, by: User, **words: str) -> Article:
    return writing.save_revision(
        draft,
        replace(draft.head.content, **words),  # type: ignore[arg-type]
        interests="None",
        version=draft.version,
        by=by,
    )


def test_it_starts_as_a_draft_with_the_live_text(original: Article, editor: User) -> None:
    draft = start(original, editor)
    assert original.live
    assert draft.head.content == original.live.content
    assert (draft.language, draft.translation_of, draft.translated_from) == (
        "es",
        original,
        original.live,
    )
    assert (draft.state, draft.slug) == (State.DRAFT, "kidney-tests-es")
    assert list(draft.categories.all()) == list(original.categories.all())
    authors = {each.author for each in draft.head.authorships.all()}
    assert authors == {editor, *(each.author for each in original.live.authorships.all())}


def test_authors_of_the_original_cannot_approve_its_translation(editor: User) -> None:
    both = make_staff(Role.REVIEWER)
    original = publish(make_draft(by=both, title="Kidney tests"))
    draft = start(original, editor)
    draft = reviewing.submit(say(draft, editor), version=draft.version + 1, by=editor)
    with pytest.raises(StepRefused, match="You wrote part of this"):
        reviewing.approve(
            draft, interests="None", attested=checking.ATTESTED, version=draft.version, by=both
        )


def test_there_is_one_translation_per_language_and_none_of_a_translation(
    original: Article, editor: User
) -> None:
    draft = start(original, editor)
    for wrong, language, words in (
        (original, "es", "already"),
        (original, "en", "already"),
        (original, "xx", "doesn’t have that language"),
        (draft, "es", "Translate the original instead"),
        (make_draft(), "es", "Publish it first"),
    ):
        with pytest.raises(StepRefused, match=words):
            translations.start_translation(wrong, language=language, by=editor)
    with pytest.raises(StepRefused, match="Only an editor"):
        start(make_article(), make_staff(Role.COORDINATOR))


def test_the_database_allows_one_translation_per_language(original: Article, editor: User) -> None:
    draft, other = start(original, editor), make_draft()
    for harm in (
        {"translation_of": original, "translated_from": original.live, "language": "es"},
        {"translation_of": original},
        {"translated_from": original.live},
        {"translation_of": other, "translated_from": original.live},
        {"language": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Article.objects.filter(pk=other.pk).update(**harm)
    assert draft.is_behind is False


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({"body": "De 12, 8 contestaron."}, "Numbers of the original are not in it: 9."),
        ({"body": "De 12, 9 contestaron, el 75."}, "Numbers are in it that are not in the .*: 75."),
        ({"stage": ""}, "stage of the evidence is not that"),
    ],
)
def test_numbers_and_stage_must_match_the_original(
    original: Article, editor: User, words: dict[str, str], reason: str
) -> None:
    draft = say(start(original, editor), editor, **words)
    with pytest.raises(StepRefused, match=reason):
        reviewing.submit(draft, version=draft.version, by=editor)


def test_english_checks_skip_translations_and_a_person_answers_instead(
    original: Article, editor: User
) -> None:
    draft = say(start(original, editor), editor, body="De 12, 9 contestaron: cure, amazing.")
    asked = {answer.check.id for answer in reviewing.run_article_checks(draft)}
    assert "says-the-same" in asked
    assert not asked & {"hype", "grade", "figures-cited"}
    of_original = {answer.check.id for answer in reviewing.run_article_checks(original)}
    assert "says-the-same" not in of_original
    assert {"hype", "grade", "figures-cited"} <= of_original


def test_foreign_text_that_translates_nothing_cannot_be_published(
    editor: User,
) -> None:
    draft = make_draft()
    Article.objects.filter(pk=draft.pk).update(language="es")
    draft = Article.objects.for_staff().get(pk=draft.pk)
    with pytest.raises(StepRefused, match="as the translation of an English"):
        reviewing.submit(draft, version=draft.version, by=editor)


def test_it_is_not_published_unless_the_original_is_live(original: Article, editor: User) -> None:
    draft = approve(say(start(original, editor), editor))
    original = Article.objects.get(pk=original.pk)
    publishing.retire(original, because="Wrong.", version=original.version, by=editor)
    draft = Article.objects.for_staff().get(pk=draft.pk)
    assert draft.state == State.APPROVED, "only what readers see goes with the original"
    with pytest.raises(StepRefused, match="Publish it first"):
        publishing.publish(draft, version=draft.version, by=editor)


def test_editors_see_that_it_is_outdated_until_someone_confirms_it(
    original: Article, editor: User
) -> None:
    twin = make_translation(original, body="De 12 personas, 9 contestaron.")
    assert not twin.is_behind
    original = Article.objects.for_staff().get(pk=original.pk)
    publish(say(original, editor, body=f"{ASKED} We looked again."))
    twin = Article.objects.for_staff().get(pk=twin.pk)
    assert twin.is_behind
    assert twin.is_live, "readers go on reading it, with its own dates"
    twin = translations.confirm_translation(twin, version=twin.version, by=editor)
    assert not twin.is_behind
    event = twin.events.latest("id")
    assert (event.kind, event.words) == (Event.Kind.TRANSLATED, "Revision 2")


def test_an_original_has_nothing_to_confirm(original: Article, editor: User) -> None:
    with pytest.raises(StepRefused, match="original of this article isn’t live"):
        translations.confirm_translation(original, version=original.version, by=editor)
    with pytest.raises(StepRefused, match="Only an editor"):
        translations.confirm_translation(
            original, version=original.version, by=make_staff(Role.COORDINATOR)
        )


def test_tests_run_in_english() -> None:
    assert page_language() == "en"
