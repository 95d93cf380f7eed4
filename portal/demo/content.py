"""Content of the demo: the project's own articles, in its five categories, and a cast of staff."""

from pathlib import Path

import yaml
from django.db import transaction

from articles import library
from articles.models import Category, Term
from articles.posts import read_post
from articles.posts.importer import ImportOutcome, import_post, publish_at_once
from articles.rendering.library_snapshot import GlossaryEntry
from articles.states import StepRefused
from portal.models import Role, User

#: The interests that the demo's made-up people declare.
_INTERESTS = "None"
FOLDER = Path(__file__).parent

#: The last one is the newest, and so tops the lists.
ARTICLES = (
    "questions-before-a-stem-cell-study.md",
    "what-is-lupus-nephritis.md",
    "stem-cells-for-lupus-nephritis.md",
)
#: In Spanish; each is loaded after its original.
TRANSLATIONS = ("que-es-la-nefritis-lupica.md",)

#: By user name. Plainly made up: nobody real wrote or reviewed anything here.
STAFF = {
    "demo-editor": (Role.EDITOR, "Demo", "Editor"),
    "demo-reviewer": (Role.REVIEWER, "Demo", "Reviewer"),
    "demo-coordinator": (Role.COORDINATOR, "Demo", "Coordinator"),
    "demo-lead": (Role.LEAD, "Demo", "Lead"),
    "demo-privacy": (Role.PRIVACY, "Demo", "Privacy Officer"),
}


@transaction.atomic
def load(password: str) -> None:
    """Add what is missing; leave what is there as it is, including passwords."""
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
    for category in yaml.safe_load((FOLDER / "categories.yaml").read_text(encoding="utf-8")):
        translations = category.pop("translations")
        row, _ = Category.objects.get_or_create(slug=category.pop("slug"), defaults=category)
        for language, words in translations.items():
            row.translations.get_or_create(language=language, defaults=words)
    _load_glossary()
    for name in (*ARTICLES[:-1], *TRANSLATIONS, ARTICLES[-1]):
        _publish(FOLDER / name)


def _load_glossary() -> None:
    known = set(Term.objects.values_list("name", flat=True))
    reviewer = User.objects.get(username="demo-reviewer")
    editor = User.objects.get(username="demo-editor")
    for term in yaml.safe_load((FOLDER / "glossary.yaml").read_text(encoding="utf-8")):
        if term["name"] not in known:
            translations = {
                language: {**words, "forms": "\n".join(words["forms"])}
                for language, words in term.pop("translations").items()
            }
            words = GlossaryEntry(slug="", **{**term, "forms": tuple(term["forms"])})
            proposal = library.propose_term(None, words, translations=translations, by=reviewer)
            assert proposal  # noqa: S101 - nothing that is new is unchanged
            library.approve_proposal(proposal, by=editor)


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
