"""Content of the demo: the project's own articles, in its five categories, and a cast of staff."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from articles import archive
from articles.states import StepRefused
from portal.models import Role, User

#: The interests that the demo's made-up people declare.
_INTERESTS = ("None", "None")
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
def load(password: str, *, articles: Iterable[str] = ARTICLES) -> list[str]:
    """Add what is missing; leave what is there as it is, including passwords.

    `articles` are those of `ARTICLES` that are wanted. Their translations come with them, and the
    terms that they use. Returns a line for each part that an older demo keeps otherwise.
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
    people = archive.People(
        author=User.objects.get(username="demo-editor"),
        reviewer=User.objects.get(username="demo-reviewer"),
    )
    categories = archive.new_categories(_rows("categories.yaml"))
    texts = "\n".join(path.read_text(encoding="utf-8") for path in files).lower()
    terms = [each for each in _rows("glossary.yaml") if is_used(each, texts)]
    return [
        *archive.import_categories(categories, people),
        *archive.import_terms(terms, people),
        *_publish(files, people),
        *archive.import_first_reads(categories, people),
    ]


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return rows


def is_used(term: dict[str, Any], texts: str) -> bool:
    """Return whether texts in lowercase contain the term, in any form and language."""
    forms = [term, *term["translations"].values()]
    return any(
        form.lower() in texts for words in forms for form in (words["name"], *words["forms"])
    )


def _publish(files: Iterable[Path], people: archive.People) -> Iterator[str]:
    for path in files:
        source = f"demo/{path.name}"
        try:
            archive.publish_post(
                path.read_bytes(), source=source, people=people, interests=_INTERESTS
            )
        except StepRefused as refusal:
            yield f"{path.name}: {refusal}"
