"""Markdown with front matter, read and written. Writing and reading it again changes nothing."""

import re
from collections.abc import Iterator
from dataclasses import asdict, fields
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from articles.content import Content
from articles.evidence_stages import Stage
from articles.languages import ORIGINAL
from articles.models import Article, Image, Revision
from articles.posts import words
from articles.posts.filed_under import take_filed_under
from articles.posts.front_matter import (
    drop_empty,
    line_of_text,
    list_of_text,
    one_of,
    read_front_matter,
    texts,
)
from articles.posts.html_tags import convert_html
from articles.posts.post import (
    SUMMARY_LENGTH,
    TITLE_LENGTH,
    MalformedPost,
    Post,
    PostImage,
    check_language,
    check_length,
    cite_uncited,
    clean_category_names,
)
from articles.posts.ratings import read_ratings, write_ratings
from articles.posts.reference_rows import read_sources, write_reference_row
from articles.rendering import cited_keys

_SLUG_LENGTH = Article._meta.get_field("slug").max_length or 0
_CONDITION_LENGTH = Revision._meta.get_field("condition").max_length or 0
#: The fields that front matter can have.
_KEYS = {
    "title", "slug", "summary", "key_points", "stage", "condition", "condition_code", "justified",
    "correction", "categories", "references", "pictures", "language", "translation_of",
    "certainty",
}  # fmt: skip
_TITLE_AGAIN = re.compile(r"# +([^\n]+?)(?: +#+)? *(?:\n|$)|([^\n]+)\n=+ *(?:\n|$)")
_PICTURE_FIELDS = {
    each.name: getattr(Image._meta.get_field(each.name), "max_length", 0)
    for each in fields(PostImage)
}


# --- Reading --------------------------------------------------------------------------------------


def read_markdown(lines: list[str]) -> Post:
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        raise MalformedPost(1, words.FRONT_NOT_CLOSED)
    front = read_front_matter(lines[1:end])
    notes = [words.KEY_NOT_READ % {"name": name} for name in front if name not in _KEYS]
    body, tags = convert_html("\n".join(lines[end + 1 :]).strip())
    notes += tags
    title = line_of_text(front, "title", TITLE_LENGTH)
    if not title:
        raise MalformedPost(1, words.NO_TITLE)
    if match := _TITLE_AGAIN.match(body):
        if _heading(match).lower() == title.lower():
            notes.append(str(words.TITLE_AGAIN))
        else:
            notes.append(words.HEADING_TOO_HIGH % {"heading": _heading(match)})
    if not body:
        raise MalformedPost(end + 1, words.NO_TEXT)
    slug = line_of_text(front, "slug", _SLUG_LENGTH)
    if slug and slug != slugify(slug):
        raise MalformedPost(1, words.WRONG_SLUG % {"slug": slug})
    content = Content(
        title=title,
        summary=line_of_text(front, "summary", SUMMARY_LENGTH),
        key_points="\n".join(list_of_text(front, "key_points")),
        body=body,
        stage=one_of(Stage, line_of_text(front, "stage", 20), words.THE_STAGE),
        condition=line_of_text(front, "condition", _CONDITION_LENGTH),
        condition_code=_code(line_of_text(front, "condition_code", 8)),
        justified=texts(front, "justified"),
        correction=line_of_text(front, "correction", 1000),
    )
    sources = read_sources(front)
    language = check_language(line_of_text(front, "language", 10))
    body = cite_uncited(body, sources, set(cited_keys(content)), language)
    return Post(
        content=Content(**{**asdict(content), "body": body}),
        slug=slug,
        language=language,
        translation_of=line_of_text(front, "translation_of", _SLUG_LENGTH),
        categories=clean_category_names(list_of_text(front, "categories"), 1),
        sources=tuple(sources),
        pictures=tuple(_pictures(front)),
        ratings=read_ratings(front),
        notes=tuple(notes),
    )


def read_bare_markdown(lines: list[str]) -> Post:
    """Read Markdown without front matter: its title is its first heading. Raise MalformedPost."""
    body, tags = convert_html("\n".join(lines).strip())
    match = _TITLE_AGAIN.match(body)
    if not match:
        raise MalformedPost(1, words.NO_HEADING)
    body, names = take_filed_under(body[match.end() :].strip())
    if not body:
        raise MalformedPost(len(lines), words.NO_TEXT)
    title = check_length(_heading(match), TITLE_LENGTH, words.THE_TITLE, 1)
    return Post(
        content=Content(title=title, body=body),
        categories=clean_category_names(names, 1) if names else (),
        notes=tuple(tags),
    )


def _heading(match: re.Match[str]) -> str:
    return (match[1] or match[2]).strip()


def _code(value: str) -> str:
    try:
        if value:
            Revision._meta.get_field("condition_code").run_validators(value)
    except ValidationError as error:
        said = {"value": value, "why": " ".join(error.messages)}
        raise MalformedPost(1, words.WRONG_CODE % said) from error
    return value


def _pictures(front: dict[Any, Any]) -> Iterator[PostImage]:
    value = front.get("pictures") or []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise MalformedPost(1, words.NOT_FIELDS)
    for item in value:
        if unknown := [str(name) for name in item if name not in _PICTURE_FIELDS]:
            names = {"names": ", ".join(unknown)}
            raise MalformedPost(1, words.UNKNOWN_PICTURE_FIELDS % names)
        said = {name: line_of_text(item, name, _PICTURE_FIELDS[name]) for name in item}
        if not said.get("name"):
            raise MalformedPost(1, words.PICTURE_NEEDS_NAME)
        try:
            Image._meta.get_field("name").run_validators(said["name"])
        except ValidationError as error:
            raise MalformedPost(1, words.WRONG_PICTURE % {"why": error.messages[0]}) from error
        yield PostImage(**said)


# --- Writing --------------------------------------------------------------------------------------


def write_markdown(post: Post) -> str:
    """Return a file from which `read_post` makes the same post."""
    content = post.content
    front = {
        "title": content.title,
        "slug": post.slug,
        "language": post.language if post.language != ORIGINAL else "",
        "translation_of": post.translation_of,
        "summary": content.summary,
        "key_points": content.key_points.splitlines(),
        "stage": content.stage,
        "condition": content.condition,
        "condition_code": content.condition_code,
        "justified": content.justified,
        "correction": content.correction,
        "certainty": write_ratings(post.ratings),
        "categories": list(post.categories),
        "references": [write_reference_row(source) for source in post.sources],
        "pictures": [drop_empty(asdict(picture)) for picture in post.pictures],
    }
    written = yaml.safe_dump(drop_empty(front), allow_unicode=True, sort_keys=False, width=100)
    return f"---\n{written}---\n\n{content.body}\n"
