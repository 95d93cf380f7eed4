"""Markdown with front matter, read and written. Writing and reading it again changes nothing."""

import re
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.text import slugify

from articles.bibliography import identifiers
from articles.bibliography.citations import read_citations
from articles.bibliography.notices import read_standing
from articles.bibliography.parsing import ParsedEntry
from articles.content import Content
from articles.evidence_stages import Stage
from articles.languages import ORIGINAL
from articles.models import Article, Image, Reference, Revision
from articles.posts import words
from articles.posts.filed_under import take_filed_under
from articles.posts.front_matter import line_of_text, list_of_text, read_front_matter, texts
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
from articles.rendering import cited_keys
from articles.rendering.library_snapshot import Source, Standing, StudyDesign

_SLUG_LENGTH = Article._meta.get_field("slug").max_length or 0
_CONDITION_LENGTH = Revision._meta.get_field("condition").max_length or 0
#: Fields with a format of their own, normalized so that they match however they were written.
_SHAPES = {
    "key": identifiers.clean_key,
    "doi": identifiers.clean_doi,
    "pmid": identifiers.clean_pmid,
    "registry_id": identifiers.clean_registry_id,
    "url": identifiers.clean_url,
}
#: The fields that front matter can have.
_KEYS = {
    "title", "slug", "summary", "key_points", "stage", "condition", "condition_code", "justified",
    "correction", "categories", "references", "pictures", "language", "translation_of",
    "certainty",
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
        stage=_one_of(Stage, line_of_text(front, "stage", 20), words.THE_STAGE),
        condition=line_of_text(front, "condition", _CONDITION_LENGTH),
        condition_code=_code(line_of_text(front, "condition_code", 8)),
        justified=texts(front, "justified"),
        correction=line_of_text(front, "correction", 1000),
    )
    sources = _sources(front)
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


def read_front_references(text: str) -> list[ParsedEntry]:
    """Read the references in the front matter of a file; one that can't be read spoils no other.

    Raise MalformedPost if the front matter itself can't be read.
    """
    lines = text.lstrip().split("\n")
    start = 1 if lines[0].rstrip() == "---" else 0
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), len(lines))
    value = read_front_matter(lines[start:end]).get("references") or []
    if not isinstance(value, list):
        raise MalformedPost(1, words.NOT_LIST % {"key": "references"})
    return read_reference_rows(value)


def read_reference_rows(rows: list[Any]) -> list[ParsedEntry]:
    """Read references as front matter has them: each a line, or fields. Never raises."""
    entries: list[ParsedEntry] = []
    for item in rows:
        try:
            [source] = _sources({"references": [item]})
        except (MalformedPost, ValueError) as error:
            reason = getattr(error, "reason", words.NO_REFERENCE)
            entries.append(ParsedEntry(line=1, problems=(f"{reason}.",)))
            continue
        standing, is_sure = read_standing(source.title)
        said: tuple[str, ...] = ()
        if source.standing == Standing.CURRENT and standing != Standing.CURRENT:
            source = replace(source, standing=standing)
            said = (words.TITLE_SAYS % {"status": standing.value},)
        entries.append(
            ParsedEntry(
                line=1, source=source, problems=said, is_doubtful=bool(said) and not is_sure
            )
        )
    return entries


def _heading(match: re.Match[str]) -> str:
    return (match[1] or match[2]).strip()


def _one_of(choices: type[Stage | StudyDesign | Standing], value: str, name: Promise) -> str:
    try:
        return choices(value).value if value else ""
    except ValueError as error:
        said = {"field": name, "value": value, "choices": ", ".join(choices.values)}
        raise MalformedPost(1, words.NOT_ONE_OF % said) from error


def _code(value: str) -> str:
    try:
        if value:
            Revision._meta.get_field("condition_code").run_validators(value)
    except ValidationError as error:
        said = {"value": value, "why": " ".join(error.messages)}
        raise MalformedPost(1, words.WRONG_CODE % said) from error
    return value


def _sources(front: dict[Any, Any]) -> list[Source]:
    value = front.get("references") or []
    if not isinstance(value, list):
        raise MalformedPost(1, words.NOT_LIST % {"key": "references"})
    sources: list[Source] = []
    for item in value:
        if isinstance(item, str) and item.strip():
            sources += read_citations([item], taken={source.key for source in sources})
        elif isinstance(item, dict):
            sources.append(_source(item))
        else:
            raise MalformedPost(1, words.NEITHER_LINE_NOR_FIELDS)
    keys = [source.key for source in sources]
    if len(set(keys)) < len(keys):
        raise MalformedPost(1, words.SAME_KEY)
    return sources


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


def _source(item: dict[Any, Any]) -> Source:
    unknown = [str(name) for name in item if name not in _SOURCE_FIELDS]
    if unknown:
        said = {"names": ", ".join(unknown)}
        raise MalformedPost(1, words.UNKNOWN_REFERENCE_FIELDS % said)
    filled: dict[str, Any] = {}
    for name, value in item.items():
        if value == "":
            continue
        if name == "year" and isinstance(value, str):
            if not value.isdecimal() or not 1600 <= int(value) <= 9999:  # noqa: PLR2004
                raise MalformedPost(1, words.WRONG_YEAR % {"value": value})
            filled[name] = int(value)
        elif isinstance(value, str):
            filled[name] = _within(name, " ".join(value.split()))
        else:
            raise MalformedPost(1, words.REFERENCE_NOT_TEXT % {"field": name})
    if not filled.get("key") or not filled.get("title"):
        raise MalformedPost(1, words.REFERENCE_INCOMPLETE)
    for name, clean in _SHAPES.items():
        try:
            filled |= {name: clean(filled[name])} if filled.get(name) else {}
        except ValidationError as error:
            raise MalformedPost(1, error.messages[0]) from error
    filled["design"] = StudyDesign(
        _one_of(StudyDesign, filled.get("design", ""), words.THE_DESIGN) or "other"
    )
    standing = _one_of(Standing, filled.get("standing", ""), words.THE_STANDING)
    filled["standing"] = Standing(standing or "current")
    return Source(**filled)


def _within(name: str, value: str) -> str:
    column = "standing_note" if name == "standing_by" else name
    length = getattr(Reference._meta.get_field(column), "max_length", None)
    return check_length(value, length or 400, words.OF_REFERENCE % {"field": name}, 1)


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
        "pictures": [_filled(asdict(picture)) for picture in post.pictures],
    }
    written = yaml.safe_dump(_filled(front), allow_unicode=True, sort_keys=False, width=100)
    return f"---\n{written}---\n\n{content.body}\n"


def write_reference_row(source: Source) -> dict[str, Any]:
    """Return what `read_reference_rows` reads as the same source."""
    values = {
        name: str(value) if isinstance(value, StudyDesign | Standing) else value
        for name, value in asdict(source).items()
    }
    if source.standing == Standing.CURRENT:
        del values["standing"]
    return _filled(values)


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
