"""A post in another language names the article that it translates, on import and on export."""

from pathlib import Path

import pytest
from django.core.management import call_command

from articles.models import Article
from articles.posts import MalformedPost, read_post, write_markdown
from articles.posts.importer import ImportOutcome, export_post, import_post
from articles.states import StepRefused
from portal.models import User
from tests.factories import make_article, make_draft, make_translation

pytestmark = pytest.mark.django_db

POST = """---
title: "Análisis de los riñones"
slug: analisis
{more}
categories: [Lupus]
---

Un análisis muestra proteína.
"""


def post(*more: str) -> bytes:
    return POST.format(more="\n".join(more)).encode()


def test_a_post_states_its_language_and_original(editor: User) -> None:
    original = make_article(slug="kidney-tests")
    raw = post("language: es", "translation_of: kidney-tests")
    article, outcome = import_post(raw, source="a", by=editor)
    assert outcome is ImportOutcome.CREATED
    assert (article.language, article.translation_of) == ("es", original)
    assert article.translated_from == original.live
    assert import_post(raw, source="a", by=editor)[1] is ImportOutcome.UNCHANGED
    changed, outcome = import_post(raw + b"\nMore.\n", source="a", by=editor)
    assert (outcome, changed.language) == (ImportOutcome.UPDATED, "es")


def test_a_post_without_a_language_is_an_original(editor: User) -> None:
    article, _ = import_post(post(), source="a", by=editor)
    assert (article.language, article.translation_of) == ("en", None)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (("language: es", "translation_of: no-such"), "a translation of “no-such”"),
        (("translation_of: kidney-tests",), "can’t be the original of this translation"),
        (("language: es", "translation_of: twin"), "can’t be the original of this translation"),
        (("language: es", "translation_of: done"), "already exists in this language"),
    ],
)
def test_an_article_that_cannot_be_its_original_is_refused(
    editor: User, more: tuple[str, ...], reason: str
) -> None:
    make_draft(slug="kidney-tests")
    make_translation(make_article(slug="done"), slug="twin")
    with pytest.raises(StepRefused, match=reason):
        import_post(post(*more), source="a", by=editor)
    assert not Article.objects.filter(slug="analisis").exists()


def test_an_article_keeps_its_language(editor: User) -> None:
    make_article(slug="kidney-tests")
    import_post(post(), source="a", by=editor)
    with pytest.raises(StepRefused, match="can’t change the language"):
        import_post(post("language: es", "translation_of: kidney-tests"), source="a", by=editor)


def test_an_unsupported_language_is_named() -> None:
    with pytest.raises(MalformedPost, match="the language “xx” isn’t one of en, es"):
        read_post(post("language: xx"))


def test_its_sources_line_is_in_its_language() -> None:
    source = "references: [{key: gu-2014, title: Cells}]"
    assert read_post(post("language: es", source)).content.body.endswith("Fuentes: [@gu-2014]")
    assert read_post(post(source)).content.body.endswith("Sources: [@gu-2014]")


def test_an_export_is_read_back_unchanged(tmp_path: Path) -> None:
    twin = make_translation(make_article(slug="kidney-tests"), slug="analisis")
    twin = Article.objects.for_export().get(pk=twin.pk)
    written = export_post(twin, is_live=True)
    assert (written.language, written.translation_of) == ("es", "kidney-tests")
    assert read_post(write_markdown(written).encode()) == written
    call_command("export_articles", str(tmp_path), verbosity=0)
    assert "translation_of: kidney-tests" in (tmp_path / "analisis.md").read_text()
    assert "language" not in (tmp_path / "kidney-tests.md").read_text()
