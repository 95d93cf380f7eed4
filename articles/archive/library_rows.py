"""Categories, terms, and sources as rows of plain values, written and brought in.

Bringing them in takes two people, like every change that readers see, and leaves what is there.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from articles import library
from articles.archive.reading import MalformedArchive
from articles.bibliography.parsing import ParsedFile
from articles.library.reference_import import preview_import
from articles.models import Article, Category, Proposal, Reference, Term
from articles.posts.reference_rows import read_reference_rows, write_reference_row
from articles.rendering.library_snapshot import GlossaryEntry, Standing
from articles.states import StepRefused

if TYPE_CHECKING:
    from portal.models import User


@dataclass(frozen=True, kw_only=True)
class People:
    """Who brings it in: two different people with accounts here."""

    author: "User"
    reviewer: "User"


# --- Writing --------------------------------------------------------------------------------------


def write_categories(slugs: Collection[str]) -> Iterator[dict[str, Any]]:
    """Yield a row for each; `slugs` are the articles that one may say to start with."""
    rows = Category.objects.select_related("start_with").prefetch_related("translations")
    for row in rows.order_by("slug"):
        first = row.start_with.slug if row.start_with else ""
        yield _filled(
            name=row.name,
            slug=row.slug,
            description=row.description,
            position=row.position,
            picture=row.picture,
            start_with=first if first in slugs else "",
            translations={
                each.language: _filled(name=each.name, description=each.description)
                for each in row.translations.all()
            },
        )


def write_terms() -> Iterator[dict[str, Any]]:
    for row in Term.objects.prefetch_related("translations").order_by("slug"):
        yield _filled(
            name=row.name,
            slug=row.slug,
            forms=row.forms.splitlines(),
            definition=row.definition,
            translations={
                each.language: _filled(
                    name=each.name, forms=each.forms.splitlines(), definition=each.definition
                )
                for each in row.translations.all()
            },
        )


def write_references() -> Iterator[dict[str, Any]]:
    """Yield a row for each; what a row names, such as its successor, comes before it."""
    rows = Reference.objects.select_related("standing_by").order_by("key")
    for row in sorted(rows, key=lambda each: (each.standing_by is not None, each.key)):
        written = write_reference_row(row.as_source())
        yield {name: str(value) for name, value in written.items()}  # as front matter is read


def _filled(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}


# --- Bringing in ----------------------------------------------------------------------------------


def new_categories(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return those whose slug is new here."""
    here = set(Category.objects.values_list("slug", flat=True))
    return [row for row in rows if str(row.get("slug")) not in here]


def import_categories(rows: Iterable[Mapping[str, Any]], people: People) -> Iterator[str]:
    """Add these, which are new here. Yield a line for each that is refused."""
    for row in rows:
        try:
            with transaction.atomic():
                _approve(
                    library.propose_category(
                        None,
                        name=_text(row, "name"),
                        slug=_text(row, "slug"),
                        description=_text(row, "description"),
                        translations=_translations(row, ("name", "description")),
                        shown={
                            "position": _number(row, "position"),
                            "picture": _text(row, "picture") or None,
                        },
                        by=people.reviewer,
                    ),
                    people.author,
                )
        except (MalformedArchive, StepRefused) as refusal:
            yield f"category “{row.get('name')}”: {refusal}"


def import_first_reads(rows: Iterable[Mapping[str, Any]], people: People) -> Iterator[str]:
    """Say which article to start with, in each of these categories that says nothing yet."""
    for row in rows:
        slugs = (row.get("slug"), row.get("start_with"))
        if not all(isinstance(slug, str) for slug in slugs):
            continue
        category = Category.objects.filter(slug=slugs[0], start_with=None).first()
        first = Article.objects.filter(slug=slugs[1], live__isnull=False).first()
        if category is None or first is None:
            continue
        try:
            with transaction.atomic():
                _approve(
                    library.propose_category(
                        category,
                        name=category.name,
                        description=category.description,
                        shown={"start_with_id": first.pk},
                        by=people.reviewer,
                    ),
                    people.author,
                )
        except StepRefused as refusal:
            yield f"category “{category}”: {refusal}"


def import_terms(rows: Iterable[Mapping[str, Any]], people: People) -> Iterator[str]:
    """Add those whose name is new here. Yield a line for each that is refused."""
    known = set(Term.objects.values_list("name", flat=True))
    for row in rows:
        try:
            name = _text(row, "name")
            if name in known:
                continue
            entry = GlossaryEntry(
                slug=_text(row, "slug"),
                name=name,
                definition=_text(row, "definition"),
                forms=tuple(_texts(row, "forms")),
            )
            translations = _translations(row, ("name", "forms", "definition"))
            with transaction.atomic():
                _approve(
                    library.propose_term(
                        None, entry, translations=translations, by=people.reviewer
                    ),
                    people.author,
                )
            known.add(name)
        except (MalformedArchive, StepRefused) as refusal:
            yield f"term “{row.get('name')}”: {refusal}"


def import_references(rows: list[dict[str, Any]], people: People) -> Iterator[str]:
    """Add those that the library lacks. Yield a line for each that is refused."""
    parsed = ParsedFile(entries=tuple(read_reference_rows(rows)), has_own_keys=True)
    for place, candidate in enumerate(preview_import(parsed).candidates, 1):
        if candidate.known:
            continue
        source = candidate.source
        if source is None:
            yield f"source {place}: {' '.join(candidate.problems)}"
            continue
        try:
            with transaction.atomic():
                reference = library.add_reference(source, by=people.author)
                _import_standing(reference, source.standing_by, people)
        except StepRefused as refusal:
            yield f"source {source.key}: {refusal}"


def _import_standing(reference: Reference, by_key: str, people: People) -> None:
    """Have the reviewer approve what the library said about it, and name its successor."""
    waiting = Proposal.objects.waiting().filter(target=reference.pk)
    said = waiting.filter(kind=Proposal.Kind.STANDING).first()
    successor = Reference.objects.filter(key=by_key).first() if by_key else None
    if said and successor:
        library.set_standing(
            reference,
            standing=Standing(reference.standing),
            note=str(said.after["standing_note"]),
            by_source=successor,
            version=reference.version,
            by=people.author,
        )
        said = waiting.filter(kind=Proposal.Kind.STANDING).first()
    _approve(said, people.reviewer)


def _approve(proposal: Proposal | None, by: "User") -> None:
    if proposal:
        library.approve_proposal(proposal, by=by)


# --- Values ---------------------------------------------------------------------------------------


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name, "")
    if not isinstance(value, str):
        raise MalformedArchive(f"“{name}” isn’t text.")
    return value


def _texts(row: Mapping[str, Any], name: str) -> list[str]:
    value = row.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise MalformedArchive(f"“{name}” isn’t a list of words.")
    return value


def _number(row: Mapping[str, Any], name: str) -> int | None:
    value = row.get(name)
    if not (value is None or type(value) is int):
        raise MalformedArchive(f"“{name}” isn’t a number.")
    return value


def _translations(row: Mapping[str, Any], names: Collection[str]) -> dict[str, dict[str, str]]:
    """Return the words in each language; forms as lines, as a form of the admin has them."""
    found = row.get("translations", {})
    if not isinstance(found, dict) or not all(isinstance(each, dict) for each in found.values()):
        raise MalformedArchive("“translations” can’t be read.")
    return {
        language: {
            name: "\n".join(_texts(said, name)) if name == "forms" else _text(said, name)
            for name in names
        }
        for language, said in found.items()
    }
