"""Content of the demo: the project's own articles, in its five categories, and a cast of staff."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from articles import library
from articles.models import Article, Category, Term
from articles.posts import read_post
from articles.posts.importer import ImportOutcome, import_post
from articles.posts.publication import publish_at_once
from articles.rendering.library_snapshot import GlossaryEntry
from articles.states import StepRefused
from portal.models import Role, User

#: The interests that the demo's made-up people declare.
_INTERESTS = "None"
FOLDER = Path(__file__).parent

#: Each with its Spanish translation. Lists show the newest first, and the last one here is
#: the newest: so readers find what the disease is, and when to get help, before all the rest.
ARTICLES = {
    "questions-before-a-stem-cell-study.md": "preguntas-antes-de-un-estudio-de-celulas-madre.md",
    "stem-cells-for-lupus-nephritis.md": "celulas-madre-para-la-nefritis-lupica.md",
    "dialysis-and-kidney-transplant.md": "dialisis-y-trasplante-de-rinon.md",
    "pregnancy-and-lupus-nephritis.md": "embarazo-y-nefritis-lupica.md",
    "living-with-lupus-nephritis.md": "vivir-con-nefritis-lupica.md",
    "medicines-and-side-effects.md": "medicinas-y-efectos-secundarios.md",
    "tests-and-kidney-biopsy.md": "analisis-y-biopsia-del-rinon.md",
    "when-to-get-help.md": "cuando-buscar-ayuda.md",
    "what-is-lupus-nephritis.md": "que-es-la-nefritis-lupica.md",
}

#: By user name. Plainly made up: nobody real wrote or reviewed anything here.
STAFF = {
    "demo-editor": (Role.EDITOR, "Demo", "Editor"),
    "demo-reviewer": (Role.REVIEWER, "Demo", "Reviewer"),
    "demo-coordinator": (Role.COORDINATOR, "Demo", "Coordinator"),
    "demo-lead": (Role.LEAD, "Demo", "Lead"),
    "demo-privacy": (Role.PRIVACY, "Demo", "Privacy Officer"),
}


@transaction.atomic
def load(password: str, *, articles: Iterable[str] = ARTICLES) -> None:
    """Add what is missing; leave what is there as it is, including passwords.

    `articles` are those of `ARTICLES` that are wanted. Their translations come with them, and the
    terms that they use.
    """
    files = [FOLDER / name for original in articles for name in (original, ARTICLES[original])]
    for name, (role, first_name, last_name) in STAFF.items():
        if not User.objects.filter(username=name).exists():
            User.objects.create_user(
                name,
                password=password,
                role=role,
                first_name=first_name,
                last_name=last_name,
                is_staff=True,
            )
    first_reads = _load_categories()
    _load_glossary("\n".join(path.read_text(encoding="utf-8") for path in files).lower())
    for path in files:
        _publish(path)
    for slug, first in first_reads.items():
        article = Article.objects.filter(slug=first).first()
        Category.objects.filter(slug=slug).update(start_with=article)


def _load_categories() -> dict[str, str]:
    """Return the article to start with by category, both by slug, for those that are new."""
    first_reads = {}
    for category in yaml.safe_load((FOLDER / "categories.yaml").read_text(encoding="utf-8")):
        translations, first = category.pop("translations"), category.pop("start_with")
        row, is_new = Category.objects.get_or_create(slug=category.pop("slug"), defaults=category)
        if is_new:
            first_reads[row.slug] = first
        for language, words in translations.items():
            row.translations.get_or_create(language=language, defaults=words)
    return first_reads


def _load_glossary(texts: str) -> None:
    known = set(Term.objects.values_list("name", flat=True))
    reviewer = User.objects.get(username="demo-reviewer")
    editor = User.objects.get(username="demo-editor")
    for term in yaml.safe_load((FOLDER / "glossary.yaml").read_text(encoding="utf-8")):
        if term["name"] not in known and is_used(term, texts):
            translations = {
                language: {**words, "forms": "\n".join(words["forms"])}
                for language, words in term.pop("translations").items()
            }
            words = GlossaryEntry(slug="", **{**term, "forms": tuple(term["forms"])})
            proposal = library.propose_term(None, words, translations=translations, by=reviewer)
            assert proposal  # noqa: S101 - nothing that is new is unchanged
            library.approve_proposal(proposal, by=editor)


def is_used(term: dict[str, Any], texts: str) -> bool:
    """Return whether texts in lowercase contain the term, in any form and language."""
    forms = [term, *term["translations"].values()]
    return any(
        form.lower() in texts for words in forms for form in (words["name"], *words["forms"])
    )


def _publish(path: Path) -> None:
    editor = User.objects.get(username="demo-editor")
    reviewer = User.objects.get(username="demo-reviewer")
    raw = path.read_bytes()
    try:
        article, outcome = import_post(
            raw, source=f"demo/{path.name}", interests=_INTERESTS, by=editor
        )
    except StepRefused:
        return  # An older demo has it, and someone worked on it there: keep their version.
    if outcome is ImportOutcome.CREATED:
        publish_at_once(
            article,
            author=editor,
            author_interests=_INTERESTS,
            reviewer=reviewer,
            reviewer_interests=_INTERESTS,
            ratings=read_post(raw).ratings,
        )
