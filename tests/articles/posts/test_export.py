"""Articles exported to files come back the same when they are imported."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from articles.content import Content
from articles.editing import writing
from articles.posts import Post, read_post, write_markdown
from articles.posts.importer import export_post, import_post
from articles.rendering.library_snapshot import Source, StudyDesign
from articles.text_cleaning import clean_line
from portal.models import User
from tests.factories import make_article, make_content

# Without “<”: HTML is changed to Markdown when a file is read.
_line = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="<"), min_size=1
)
# What nobody sees is dropped before an article is written.
_word = _line.map(clean_line).filter(bool)


@given(
    content=st.builds(
        Content,
        title=_word.map(lambda text: text[:200]),
        summary=st.just("") | _word,
        key_points=st.lists(_word, max_size=3).map("\n".join),
        body=st.lists(_word | st.sampled_from(["---", "- one", "[@a-1]"]), min_size=1).map(
            "\n".join
        ),
        stage=st.sampled_from(["", "early", "not_proven", "none"]),
        justified=st.dictionaries(_word.map(str.lower), _word, max_size=2),
        correction=st.just("") | _word,
    ).map(Content.cleaned)
)
def test_an_export_is_read_back_unchanged(content: Content) -> None:
    sources = (Source(key="a-1", title="A: b # c", year=1999, design=StudyDesign.REVIEW),)
    content = Content(**{**vars(content), "body": f"{content.body}\n\n[@a-1]"})
    post = Post(content=content, slug="a", categories=("B: c",), sources=sources)
    assert read_post(write_markdown(post).encode()) == post


@pytest.mark.django_db
def test_live_articles_are_exported_and_changed_drafts_on_request(
    tmp_path: Path, editor: User
) -> None:
    article = make_article(slug="seen", title="Seen")
    writing.save_revision(article, make_content(title="Draft"), version=article.version, by=editor)
    call_command("export_articles", tmp_path / "live", stdout=StringIO())
    call_command("export_articles", tmp_path / "drafts", "--drafts", stdout=StringIO())
    live = read_post((tmp_path / "live/seen.md").read_bytes())
    draft = read_post((tmp_path / "drafts/seen.md").read_bytes())
    assert (live.content.title, draft.content.title) == ("Seen", "Draft")
    article.refresh_from_db()
    assert live == export_post(article, is_live=True)
    again, _ = import_post(
        write_markdown(live).replace("seen", "new").encode(), source="x", by=None
    )
    assert again.head.digest == live.content.digest()
