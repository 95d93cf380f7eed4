"""The house rules, enforced as ratchets."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import Model
from PIL import ImageColor

from inquiries.forms import STEP_FORMS
from inquiries.states import Step
from inquiries.triage.step_verbs import STEP_VERBS
from portal import roles
from portal.models import Role
from tests import factories

REPOSITORY = Path(__file__).resolve().parent.parent
OURS = ("articles", "inquiries", "portal")
LONGEST_MODULE = 300
LONGEST_TEST_MODULE = 320
LONGEST_LINE = 100
CONDITIONS_A_LINE = 2

MODULES = [
    path
    for app in (*OURS, "tests")
    for path in sorted((REPOSITORY / app).rglob("*.py"))
    if "migrations" not in path.relative_to(REPOSITORY).parts
]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_modules_are_short_and_say_what_they_are(module: Path) -> None:
    source = module.read_text(encoding="utf-8")
    longest = LONGEST_TEST_MODULE if "tests" in module.parts else LONGEST_MODULE
    if module.name != "settings.py":  # settings are one file
        assert source.count("\n") <= longest
    if source.strip() and module.name not in {"apps.py", "sitemaps.py", "urls.py"}:
        assert ast.get_docstring(ast.parse(source)), "a line on what the module is for"


def test_no_module_is_a_junk_drawer() -> None:
    names = {module.stem for module in MODULES}
    assert not names & {"utils", "helpers", "services", "core", "common", "misc", "signals"}


@pytest.mark.parametrize(
    "model", [model for app in OURS for model in apps.get_app_config(app).get_models()]
)
def test_every_model_has_a_factory(model: type[Model]) -> None:
    name = {
        "articles.Event": "make_articleevent",
        "portal.User": "make_staff",
    }.get(model._meta.label, f"make_{model._meta.model_name}")
    assert callable(getattr(factories, name))


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name in dir(factories) if name.startswith("make_")])
def test_every_factory_makes_its_model(name: str) -> None:
    assert getattr(factories, name)()


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_step_has_a_verb_and_a_form() -> None:
    assert set(STEP_VERBS) == set(Step)
    assert set(STEP_FORMS) == set(Step) - {Step.ATTEMPT, Step.CONNECT}, "both are logged as calls"


@pytest.mark.django_db
def test_every_role_has_permissions_and_every_permission_exists() -> None:
    assert set(roles.PERMISSIONS) == set(Role)
    from django.contrib.auth.models import Permission

    known = {
        f"{permission.content_type.app_label}.{permission.codename}"
        for permission in Permission.objects.select_related("content_type")
    }
    for granted in roles.PERMISSIONS.values():
        assert granted <= known


def test_pages_contain_no_inline_scripts_styles_or_handlers() -> None:
    for template in (REPOSITORY / "templates").rglob("*.html"):
        text = template.read_text(encoding="utf-8").lower()
        # A data block never runs (HTML, 4.12.1); every other script is a file.
        text = text.replace('<script type="application/ld+json">', "")
        assert "<script" not in text, template
        assert "<style" not in text, template
        assert " style=" not in text, template
        assert " onclick=" not in text, template
        assert "javascript:" not in text, template


TEMPLATES = sorted((REPOSITORY / "templates").rglob("*.html"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_templates_are_formatted_to_be_readable(template: Path) -> None:
    for number, line in enumerate(template.read_text(encoding="utf-8").splitlines(), 1):
        where = f"{template}:{number}"
        assert len(line) <= LONGEST_LINE, where
        assert len(re.findall(r"{% (?:el)?if ", line)) <= CONDITIONS_A_LINE, where
        assert 'date:"c"' not in line, f"{where}: use ISO_FORMAT, without microseconds"


CSS = REPOSITORY / "portal/static/portal/css"
# `currentcolor`, `transparent` and system colors such as CanvasText are not our choice, and may
# stay where they are.
COLOR = re.compile(
    r"#[0-9a-f]{3,8}\b"
    r"|\b(?:rgba?|hsla?|hwb|(?:ok)?l(?:ab|ch)|color|color-mix|light-dark|device-cmyk)\("
    rf"|(?<![\w-])(?:{'|'.join(ImageColor.colormap)})(?![\w(-])",
    re.IGNORECASE,
)
DECLARED = re.compile(r"[\w-]+\s*:\s*([^;{}]+)[;}]")


def colors_of(css: str) -> list[str]:
    """Return the colors in declared values: a selector such as `#facade` holds none."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return [found for value in DECLARED.findall(css) for found in COLOR.findall(value)]


@pytest.mark.parametrize(
    ("css", "colors"),
    [
        ("p { color: #FFF; }", ["#FFF"]),
        ("p { border: 1px solid tan }", ["tan"]),
        ("@media print { p { fill: rgb(0 0 0 / 0.5); } }", ["rgb("]),
        ("p { --late: light-dark(Red, var(--red)); }", ["light-dark(", "Red"]),
        ("p { background: oklch(0.5 0 0); }", ["oklch("]),
        ("#facade:hover { white-space: pre-wrap; color: var(--red); }", []),
        ("p { color: CanvasText; fill: currentcolor; /* red: #f00; */ stroke: transparent; }", []),
    ],
)
def test_colors_in_a_style_are_found(css: str, colors: list[str]) -> None:
    assert colors_of(css) == colors


def test_only_tokens_name_colors_for_readers_and_staff() -> None:
    found = {
        str(path.relative_to(CSS)): colors
        for path in CSS.rglob("*.css")
        if (colors := colors_of(path.read_text(encoding="utf-8")))
    }
    # Staff colors are in a separate file: on a slow connection, readers would wait for them.
    assert found.keys() == {"tokens.css", "staff/tokens.css"}, found


def test_the_browser_bar_has_the_color_of_the_page() -> None:
    """A `meta` element cannot read a custom property, so the colors are repeated there."""
    head = (REPOSITORY / "templates/portal/base.html").read_text(encoding="utf-8")
    tokens = (CSS / "tokens.css").read_text(encoding="utf-8")
    light, dark, *_ = re.findall(r"--paper: (#\w+);", tokens)
    assert re.findall(
        r'"theme-color" content="(#\w+)" media="\(prefers-color-scheme: (\w+)', head
    ) == [
        (light, "light"),
        (dark, "dark"),
    ]


def test_the_top_of_the_repository_contains_only_what_belongs_there() -> None:
    listed = subprocess.run(
        ["git", "ls-files"],  # noqa: S607 - whichever git this machine has
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.splitlines()
    if not listed:
        pytest.skip("not a git checkout")
    folders = {name.split("/")[0] for name in listed if "/" in name}
    assert folders == {*OURS, "templates", "tests", "docs", "deploy", ".ci"}
