"""Markdown with front matter, read and written: out and in again is the same content."""

import re
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from articles.bibliography import identifiers
from articles.bibliography.citations import read_citations
from articles.bibliography.notices import read_standing
from articles.bibliography.parsing import ParsedEntry
from articles.content import Content
from articles.evidence_stages import Stage
from articles.languages import ORIGINAL
from articles.models import Article, Image, Reference, Revision
from articles.posts.front_matter import read_front_matter
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
from articles.rendering import cited_keys
from articles.rendering.library_snapshot import Source, Standing, StudyDesign

_SLUG_LENGTH = Article._meta.get_field("slug").max_length or 0
_CONDITION_LENGTH = Revision._meta.get_field("condition").max_length or 0
#: What has a shape of its own, so that the same is known again however it was written.
_SHAPES = {
    "key": identifiers.clean_key,
    "doi": identifiers.clean_doi,
    "pmid": identifiers.clean_pmid,
    "registry_id": identifiers.clean_registry_id,
    "url": identifiers.clean_url,
}
#: What the front matter may say.
_KEYS = {
    "title", "slug", "summary", "key_points", "stage", "condition", "condition_code", "justified",
    "correction", "categories", "references", "pictures", "language", "translation_of",
}  # fmt: skip
_TITLE_AGAIN = re.compile(r"# +([^\n]+?)(?: +#+)? *(?:\n|$)|([^\n]+)\n=+ *(?:\n|$)")
_SOURCE_FIELDS = {each.name for each in fields(Source)}
_PICTURE_FIELDS = {
    each.name: getattr(Image._meta.get_field(each.name), "max_length", 0)
    for each in fields(PostImage)
}


# --- Reading --------------------------------------------------------------------------------------


def read_markdown(lines: list[str]) -> Post:
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        raise MalformedPost(1, "the front matter has no closing line “---”")
    front = read_front_matter(lines[1:end])
    notes = [
        f"the front matter has “{name}”, which is not read." for name in front if name not in _KEYS
    ]
    body, tags = convert_html("\n".join(lines[end + 1 :]).strip())
    notes += tags
    title = _line_of_text(front, "title", TITLE_LENGTH)
    if not title:
        raise MalformedPost(1, "the front matter has no title")
    if match := _TITLE_AGAIN.match(body):
        if _heading(match).lower() == title.lower():
            notes.append("its title stands again above the text: take it out there.")
        else:
            notes.append(f"“# {_heading(match)}” stands above the text: headings begin at “##”.")
    if not body:
        raise MalformedPost(end + 1, "no text follows the front matter")
    slug = _line_of_text(front, "slug", _SLUG_LENGTH)
    if slug and slug != slugify(slug):
        raise MalformedPost(1, f"the slug {slug!r} may hold small letters, digits and hyphens only")
    content = Content(
        title=title,
        summary=_line_of_text(front, "summary", SUMMARY_LENGTH),
        key_points="\n".join(_list_of_text(front, "key_points")),
        body=body,
        stage=_one_of(Stage, _line_of_text(front, "stage", 20), "the stage"),
        condition=_line_of_text(front, "condition", _CONDITION_LENGTH),
        condition_code=_code(_line_of_text(front, "condition_code", 8)),
        justified=_texts(front, "justified"),
        correction=_line_of_text(front, "correction", 1000),
    )
    sources = _sources(front)
    body = cite_uncited(body, sources, set(cited_keys(content)))
    return Post(
        content=Content(**{**asdict(content), "body": body}),
        slug=slug,
        language=check_language(_line_of_text(front, "language", 10)),
        translation_of=_line_of_text(front, "translation_of", _SLUG_LENGTH),
        categories=clean_category_names(_list_of_text(front, "categories"), 1),
        sources=tuple(sources),
        pictures=tuple(_pictures(front)),
        notes=tuple(notes),
    )


def read_front_references(text: str) -> list[ParsedEntry]:
    """The references in the front matter of a file; one that cannot be read spoils no other.

    Raise MalformedPost where the front matter itself cannot be read.
    """
    lines = text.lstrip().split("\n")
    start = 1 if lines[0].rstrip() == "---" else 0
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), len(lines))
    value = read_front_matter(lines[start:end]).get("references") or []
    if not isinstance(value, list):
        raise MalformedPost(1, "references in the front matter has to be a list")
    entries: list[ParsedEntry] = []
    for item in value:
        try:
            [source] = _sources({"references": [item]})
        except (MalformedPost, ValueError) as error:
            reason = getattr(error, "reason", "it is no reference")
            entries.append(ParsedEntry(line=1, problems=(f"{reason}.",)))
            continue
        standing, is_sure = read_standing(source.title)
        said: tuple[str, ...] = ()
        if source.standing == Standing.CURRENT and standing != Standing.CURRENT:
            source = replace(source, standing=standing)
            said = (f"its title says that it is {standing.value}.",)
        entries.append(
            ParsedEntry(
                line=1, source=source, problems=said, is_doubtful=bool(said) and not is_sure
            )
        )
    return entries


def _heading(match: re.Match[str]) -> str:
    return (match[1] or match[2]).strip()


def _line_of_text(front: dict[Any, Any], key: str, length: int) -> str:
    value = front.get(key) or ""
    if not isinstance(value, str):
        raise MalformedPost(1, f"{key} in the front matter has to be text")
    return check_length(" ".join(value.split()), length, key, 1)


def _list_of_text(front: dict[Any, Any], key: str) -> list[str]:
    value = front.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise MalformedPost(1, f"{key} in the front matter has to be a list of texts")
    return [" ".join(item.split()) for item in value]


def _texts(front: dict[Any, Any], key: str) -> dict[str, str]:
    value = front.get(key) or {}
    if not isinstance(value, dict) or not all(
        isinstance(each, str) for pair in value.items() for each in pair
    ):
        raise MalformedPost(1, f"{key} in the front matter has to be words with a reason each")
    return {" ".join(word.split()).lower(): " ".join(why.split()) for word, why in value.items()}


def _one_of(choices: type[Stage | StudyDesign | Standing], value: str, name: str) -> str:
    if value and value not in choices.values:
        raise MalformedPost(1, f"{name} {value!r} is none of {', '.join(choices.values)}")
    return value


def _code(value: str) -> str:
    try:
        if value:
            Revision._meta.get_field("condition_code").run_validators(value)
    except ValidationError as error:
        raise MalformedPost(1, f"condition_code {value!r}: {' '.join(error.messages)}") from error
    return value


def _sources(front: dict[Any, Any]) -> list[Source]:
    value = front.get("references") or []
    if not isinstance(value, list):
        raise MalformedPost(1, "references in the front matter has to be a list")
    sources: list[Source] = []
    for item in value:
        if isinstance(item, str) and item.strip():
            sources += read_citations([item], taken={source.key for source in sources})
        elif isinstance(item, dict):
            sources.append(_source(item))
        else:
            raise MalformedPost(1, "a reference in the front matter is neither a line nor fields")
    keys = [source.key for source in sources]
    if len(set(keys)) < len(keys):
        raise MalformedPost(1, "two references in the front matter have the same key")
    return sources


def _pictures(front: dict[Any, Any]) -> Iterator[PostImage]:
    value = front.get("pictures") or []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise MalformedPost(1, "pictures in the front matter has to be a list of fields")
    for item in value:
        if unknown := [str(name) for name in item if name not in _PICTURE_FIELDS]:
            raise MalformedPost(
                1, f"a picture has fields that are unknown here: {', '.join(unknown)}"
            )
        words = {name: _line_of_text(item, name, _PICTURE_FIELDS[name]) for name in item}
        if not words.get("name"):
            raise MalformedPost(1, "a picture needs a name")
        try:
            Image._meta.get_field("name").run_validators(words["name"])
        except ValidationError as error:
            raise MalformedPost(1, f"a picture: {error.messages[0]}") from error
        yield PostImage(**words)


def _source(item: dict[Any, Any]) -> Source:
    unknown = [str(name) for name in item if name not in _SOURCE_FIELDS]
    if unknown:
        raise MalformedPost(
            1, f"a reference has fields that are unknown here: {', '.join(unknown)}"
        )
    words: dict[str, Any] = {}
    for name, value in item.items():
        if value == "":
            continue
        if name == "year" and isinstance(value, str):
            if not value.isdecimal() or not 1600 <= int(value) <= 9999:  # noqa: PLR2004
                raise MalformedPost(1, f"the year {value!r} of a reference is no year")
            words[name] = int(value)
        elif isinstance(value, str):
            words[name] = _within(name, " ".join(value.split()))
        else:
            raise MalformedPost(1, f"{name} of a reference has to be text")
    if not words.get("key") or not words.get("title"):
        raise MalformedPost(1, "a reference needs a key and a title")
    for name, clean in _SHAPES.items():
        try:
            words |= {name: clean(words[name])} if words.get(name) else {}
        except ValidationError as error:
            raise MalformedPost(1, error.messages[0]) from error
    words["design"] = StudyDesign(
        _one_of(StudyDesign, words.get("design", ""), "the design") or "other"
    )
    standing = _one_of(Standing, words.get("standing", ""), "the standing")
    words["standing"] = Standing(standing or "current")
    return Source(**words)


def _within(name: str, value: str) -> str:
    column = "standing_note" if name == "standing_by" else name
    length = getattr(Reference._meta.get_field(column), "max_length", None)
    return check_length(value, length or 400, f"{name} of a reference", 1)


# --- Writing --------------------------------------------------------------------------------------


def write_markdown(post: Post) -> str:
    """The file from which `read_post` makes the same post."""
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
        "categories": list(post.categories),
        "references": [_written(source) for source in post.sources],
        "pictures": [_filled(asdict(picture)) for picture in post.pictures],
    }
    written = yaml.safe_dump(_filled(front), allow_unicode=True, sort_keys=False, width=100)
    return f"---\n{written}---\n\n{content.body}\n"


def _written(source: Source) -> dict[str, Any]:
    values = {
        name: str(value) if isinstance(value, StudyDesign | Standing) else value
        for name, value in asdict(source).items()
    }
    if source.standing == Standing.CURRENT:
        del values["standing"]
    return _filled(values)


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
