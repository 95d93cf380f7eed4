"""What WordPress really writes, shape by shape, and what each becomes here."""

import json
from typing import Any

import pytest

from articles import rendering
from articles.posts import Item, MalformedPost, Post, read_items
from articles.rendering.html_tags import find_html
from tests.articles.posts.exports import write_export, write_item, write_meta

LONG_PICTURE = "data:image/png;base64," + "iVBORw0KGgo" * 100_000


def read(*items: str, language: str = "en-US") -> list[Item]:
    return list(read_items(write_export(*items, language=language), name="x.xml", source="x"))


def read_one(content: str, **said: Any) -> Post:
    [item] = read(write_item(content, **said))
    return item.read_post()


SHAPES = {
    "paragraphs without tags": ("One\ntwo\n\nthree", "One\\\ntwo\n\nthree"),
    "emphasis at a line's end": ("<b>One</b>\n<i>two</i>", "**One**\\\n*two*"),
    "a list in the text": ("A\n\n<ul>\n<li>b</li>\n<li>c</li>\n</ul>\n\nD", "A\n\n- b\n- c\n\nD"),
    "blocks": ("<!-- wp:paragraph -->\n<p>One</p>\n<!-- /wp:paragraph -->", "One"),
    "nested blocks": (
        (
            '<!-- wp:columns --><div class="wp-block-columns"><!-- wp:column --><div>'
            "<!-- wp:list --><ul><!-- wp:list-item --><li>a<!-- wp:list --><ul><li>b</li></ul>"
            "<!-- /wp:list --></li><!-- /wp:list-item --></ul><!-- /wp:list --></div>"
            "<!-- /wp:column --></div><!-- /wp:columns -->"
        ),
        "- a\n  - b",
    ),
    "the end of a CDATA section": ("a ]]> b", "a \\]\\]> b"),
    "entities": ("Tom &amp; Jerry&nbsp;&lt;3", "Tom & Jerry\N{NO-BREAK SPACE}\\<3"),
    "entities twice": ("Tom &amp;amp; Jerry", "Tom & Jerry"),
    "emoji": ("Well 😀👩‍⚕️", "Well 😀👩‍⚕️"),
    "right to left": ("<p dir='rtl'>שלום עולם</p>", "שלום עולם"),
    "a caption": (
        (
            '[caption id="attachment_5" align="alignleft" width="300"]<a href="x"><img '
            'src="https://www.clinic.example/wp-content/uploads/2019/03/Foot_bath-300x200.jpg" '
            'alt="A foot" /></a> In warm water[/caption]'
        ),
        "![A foot](image:foot-bath-2019-03)\n\nIn warm water",
    ),
    "an unknown shortcode": ("[contact-form-7 id=\"1\"]Words [sic] here", "Words \\[sic\\] here"),
    "a page builder": ('[et_pb_text size="1"]Words[/et_pb_text]', "Words"),
    "a shortcode that is shown": ("[[gallery]] shows all", "\\[gallery\\] shows all"),
    "a footnote plugin": ("Feet swell[efn_note]At night.[/efn_note].", "Feet swell (At night.)."),
    "more": ("One\n\n<!--more-->\n\nTwo", "One\n\nTwo"),
    "preformatted": ("<pre>a\n\n  b &lt;c></pre>", "```\na\n\n  b <c>\n```"),
    "a table": (
        "<table><tr><th>Day</th><th>Feet</th></tr><tr><td>1</td><td>a|b</td></tr></table>",
        "| Day | Feet |\n| --- | --- |\n| 1 | a\\|b |",
    ),
    "headings too high": ("<h1>A</h1><h1>B</h1><h3>C</h3>", "## A\n\n## B\n\n### C"),
    "headings too low": ("<h4><strong>A</strong></h4>Text", "## A\n\nText"),
    "text like Markdown": (
        "1. a\n\n# b\n\n* c_d_ [@key]",
        "1\\. a\n\n\\# b\n\n\\* c_d\\_ \\[@key\\]",
    ),
    "a part of ours": ("::: caution", "\\::: caution"),
    "a link": ('<a href="https://e.org/a(b)">x</a>', "[x](https://e.org/a%28b%29)"),
    "a link that runs": ('<a href="javascript:alert(1)">x</a> y', "x y"),
    "struck-out words": ("Take <del>10</del> 5 drops", "Take 5 drops"),
    "a picture in the text": (f'<img src="{LONG_PICTURE}" alt="A foot"> Words', "A foot Words"),
    "small figures": ("H<sub>2</sub>O, 10<sup>6</sup>", "H₂O, 10⁶"),
    "a link in emphasis": (
        '<b>See <a href="https://e.org/">this</a></b> and <b><a href="https://e.org/">that</a></b>',
        "**See [this](https://e.org/)** and **[that](https://e.org/)**",
    ),
    "emphasis over paragraphs": ("<b>One\n\ntwo</b> three", "**One**\n\n**two** three"),
    "emphasis before a letter": ("<b>Note:</b>wash", "**Note**:wash"),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_becomes_our_markdown(shape: str) -> None:
    written, becomes = SHAPES[shape]
    body = read_one(written).content.body
    assert body == becomes
    assert not find_html(body), "readers would see it"


LOSSES = {
    '<iframe src="https://v.example/1"></iframe>Words': "something embedded from another site",
    "[gallery ids='7,8']Words": "the shortcodes [gallery]",
    "[contact-form-7 id='1']Words": "the shortcodes [contact-form-7]",
    "<!-- wp:latest-posts {\"n\":5} /-->Words": "these blocks show: latest-posts",
    '<p style="color: red">Words</p>': "colors, fonts, and other styles",
    f'<img src="{LONG_PICTURE}">Words': "a picture that is written into the page",
    "Words <s>not</s>": "struck-out words",
    "<form><input></form>Words": "a form",
}  # fmt: skip


@pytest.mark.parametrize("written", LOSSES, ids=LOSSES.values())
def test_what_is_lost_is_named(written: str) -> None:
    post = read_one(written)
    assert LOSSES[written] in " ".join(post.notes)
    assert post.content.body == "Words"


def test_a_gallery_shows_the_pictures_that_the_export_names() -> None:
    address = "https://www.clinic.example/wp-content/uploads/2019/03/a.jpg"
    said = f"<wp:attachment_url>{address}</wp:attachment_url>"
    picture = write_item(kind="attachment", number=7, more=said)
    [item] = read(picture, write_item('[gallery ids="7"]'))
    assert item.read_post().content.body == "![](image:a-2019-03)"


def test_the_notes_of_the_block_editor_come_at_the_end() -> None:
    notes = json.dumps([{"id": "a1", "content": "See <em>this</em>."}])
    written = (
        '<!-- wp:paragraph --><p>Words<sup data-fn="a1" class="fn"><a href="#a1">1</a></sup></p>'
    )
    post = read_one(written, more=write_meta("footnotes", notes))
    assert post.content.body == "Words¹\n\n1. See *this*."


def test_a_post_keeps_what_the_export_says_of_it() -> None:
    terms = (
        '<category domain="category" nicename="feet"><![CDATA[Feet &amp; Legs]]></category>'
        '<category domain="category" nicename="uncategorized"><![CDATA[Uncategorized]]></category>'
        '<category domain="post_tag" nicename="water"><![CDATA[Water]]></category>'
    )
    [item] = read(
        write_item(title="Tom &amp;amp; <i>Jerry</i>", excerpt="<p>Short.</p>", terms=terms)
    )
    post = item.read_post()
    assert (post.content.title, post.content.summary) == ("Tom & Jerry", "Short.")
    assert (post.categories, post.tags) == (("Feet & Legs",), ("Water",))
    assert (post.slug, post.language) == ("foot-baths", "en")
    assert (post.written_by, post.written_on) == ("Jane Writer", "March 2, 2019")
    assert post.old_paths == ("/2019/03/foot-baths", "/?p=12")
    assert not post.hold
    assert item.source == "wordpress clinic.example 12"


def test_a_post_without_title_gets_its_first_words() -> None:
    post = read_one("Warm water helps tired feet.", title="")
    assert post.content.title == "Warm water helps tired feet."
    assert "it has no title" in " ".join(post.notes)


@pytest.mark.parametrize("status", ["draft", "pending", "future"])
def test_what_was_not_published_there_is_never_published_here_unseen(status: str) -> None:
    post = read_one("Words", status=status)
    assert post.hold
    assert post.old_paths == ()


@pytest.mark.parametrize(
    ("item", "why"),
    [
        (write_item(status="private"), "private"),
        (write_item().replace("password><![CDATA[]]>", "password><![CDATA[s]]>"), "password"),
        (write_item(status="trash"), "trash"),
    ],
)  # fmt: skip
def test_what_few_could_read_there_is_left_out_by_name(item: str, why: str) -> None:
    [found] = read(item)
    assert found.label == "Foot baths"
    assert why in str(found.left_out)


@pytest.mark.parametrize("kind", ["revision", "nav_menu_item", "attachment", "wp_block"])
def test_copies_menus_and_files_are_no_posts(kind: str) -> None:
    assert read(write_item(kind=kind), write_item(status="auto-draft")) == []


def test_comments_are_left_out() -> None:
    comment = "<wp:comment><wp:comment_content>Call me</wp:comment_content></wp:comment>"
    assert "Call me" not in read_one("Words", more=comment).content.body


def test_only_what_readers_see_makes_a_post_a_changed_one() -> None:
    first, again, counted, changed = (
        read(item)[0].digest
        for item in (
            write_item(),
            write_item(),
            write_item(more=write_meta("views", "9")),
            write_item("Other words."),
        )
    )
    assert first == again == counted != changed


def test_a_language_of_its_own_counts_more_than_that_of_the_site() -> None:
    assert read(write_item(), language="es-MX")[0].read_post().language == "es"
    term = '<category domain="language" nicename="es"><![CDATA[Español]]></category>'
    assert read_one("Hola", terms=term).language == "es"
    with pytest.raises(MalformedPost, match="language"):
        read(write_item(), language="fr-FR")[0].read_post()


def test_a_post_without_text_is_named() -> None:
    with pytest.raises(MalformedPost, match="no text"):
        read_one("<!--more-->")


def test_paths_of_another_host_and_of_our_own_pages_are_not_kept() -> None:
    for link in (
        "https://evil.example/2019/x/",
        "https://clinic.example/admin/x/",
        "//",
        "/\\e.org",
    ):
        assert read_one("Words", link=link).old_paths == ("/?p=12",), link


def test_earlier_slugs_lead_here_too() -> None:
    post = read_one("Words", more=write_meta("_wp_old_slug", "baths"))
    assert "/2019/03/baths" in post.old_paths


def test_the_text_survives_as_readers_see_it() -> None:
    written = "<p>A * b_c_ [d](e) `f` &lt;g&gt; # h</p><p>- i</p><p>2) j</p><p>&gt; k ~~~ | l</p>"
    text = rendering.to_text(rendering.to_html(read_one(written).content.body))
    assert " ".join(text.split()) == "A * b_c_ [d](e) `f` <g> # h - i 2) j > k ~~~ | l"
