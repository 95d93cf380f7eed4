"""Every sentence that people see is marked for translation: each module is searched for others.

What counts as a sentence is a guess: a few words that end like one, or start like a label.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.once, pytest.mark.no_cover]

REPOSITORY = Path(__file__).resolve().parents[2]
MARKS = frozenset(
    f"{prefix}gettext{suffix}" for prefix in ("", "n", "p", "np") for suffix in ("", "_lazy")
) | {"_", "gettext_noop"}
#: Errors whose text goes to a log or a terminal: pages have their own words.
OPERATORS_ERRORS = frozenset(
    {
        "AssertionError",
        "ClockInDoubt",  # `manage.py purge_inquiries`
        "CommandError",
        "Http404",  # the error page has its own words
        "ImproperlyConfigured",
        "KeyRefused",
        "LookupError",
        "NeverOpen",
        "NotImplementedError",
        "OAuth2Error",  # the page for a failed sign-in has its own words
        "RuntimeError",
        "SMTPNotSupportedError",
        "SealBroken",
        "SweepIncomplete",
        "SystemExit",
        "TypeError",
        "ValueError",
    }
)
#: Folders and modules with English-only sentences, and who reads them.
OPERATORS_MODULES = {
    "articles/archive/": "`manage.py import_site`, in a terminal",
    "articles/management/": "commands, in a terminal",
    "inquiries/ledger/anchor_checks.py": "`manage.py verify_ledger`, in a terminal",
    "inquiries/ledger/restarts.py": "`manage.py verify_ledger`, in a terminal",
    "inquiries/management/": "commands, in a terminal",
    "inquiries/models/encryption_keys.py": "labels of keys, which no page lists",
    "portal/accounts/checks.py": "system checks, in a terminal",
    "portal/config/": "checks and faults of the settings, in a terminal",
    "portal/demo/": "the demo, in a terminal, and the words of its clinic",
    "portal/doctor/": "`manage.py doctor`, in a terminal",
    "portal/http/cache.py": "the log",
    "portal/management/": "commands, in a terminal",
    "portal/settings.py": "hints of missing settings, in a terminal",
    "portal/watch/metrics.py": "what numbers mean, for Prometheus",
}
#: Kept word for word: a change would be a new version, in each language.
VERSIONS = {"inquiries/intake/consent.py": "what senders agreed to"}
#: Stored values that people never read as they are.
DATA = re.compile(
    r"NHS standard |The portal’s own rule"  # the basis of an article check, which is shown nowhere
    r"|Not asked for when this article was imported"  # stored; the page says it in its own language
)
UNREAD = {**OPERATORS_MODULES, **VERSIONS}

_TAG = re.compile(r"<[^>]*>")
#: “Try again.”
_SHORT = re.compile(r"[“\"(]?[A-Z][\w’'-]* [a-z’'-]+[.!?…]$")
_LONG = re.compile(r"^(?=.*[a-z’']{2,} [a-z’']{2,})(?:\S+ ){2}.*[.!?…]$")
_LABEL = re.compile(r"[“\"(]?[A-Z][\w’'-]*(?: [a-z’'-]+){3,}")


def is_sentence(text: str) -> bool:
    words = " ".join(_TAG.sub(" ", text).split())
    if "\\" in words or "(?" in words:  # a regular expression
        return False
    if DATA.match(words):
        return False
    return bool(_SHORT.match(words) or _LONG.search(words) or _LABEL.match(words))


def unmarked(source: str) -> Iterator[tuple[int, str]]:
    """Yield each sentence for people that no gettext call wraps: its line, and the sentence.

    A value inside an f-string reads as X. An f-string inside a mark is found too: no catalog can
    contain it.
    """
    tree = ast.parse(source)
    passed = {id(each) for node in ast.walk(tree) if _is_passed(node) for each in ast.walk(node)}
    marked = {
        id(each)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _name(node.func) in MARKS
        for each in ast.walk(node)
    }
    parts = set[int]()
    for node in ast.walk(tree):  # outer nodes first: an f-string before its parts
        if isinstance(node, ast.JoinedStr):
            parts |= {id(part) for part in node.values}
            text = "".join(
                str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values
            )
            is_read = id(node) not in passed
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
            is_read = id(node) not in passed | marked | parts
        else:
            continue
        if is_read and is_sentence(text):
            yield node.lineno, text


def _is_passed(node: ast.AST) -> bool:
    """Return whether nobody reads its content on a screen."""
    if isinstance(node, ast.Expr):  # a docstring
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Raise):
        return isinstance(node.exc, ast.Call) and _name(node.exc.func) in OPERATORS_ERRORS
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (_name(node.func.value) == "logger" or node.func.attr == "add_argument")
    )


def _name(node: ast.expr) -> str:
    return str(getattr(node, "id", getattr(node, "attr", "")))


@pytest.mark.parametrize(
    "line",
    [
        'raise StepRefused("Only an editor can do this.")',
        'raise StepRefused(f"The library already has this, as {key}.")',
        'raise StepRefused(f"{who} can’t take it.")',
        'raise StepRefused(_("Done.") + " Nothing else was changed.")',
        'problems.append("it is no source.")',
        'refuse("Try again.")',
        'STANDING = "standing", "What became of a source"',
        'LABELS = {"a": _("Claim"), "b": "Nothing was saved!"}',
        '"<p>Nothing was {}.</p>"[0]',
        '_(f"The library already has {key}.")',
        "said = 'Send it again?'",
    ],
)
def test_an_unmarked_sentence_is_found(line: str) -> None:
    assert [*unmarked(line)]


@pytest.mark.parametrize(
    "line",
    [
        'raise StepRefused(_("Only an editor can do this."))',
        'said = ngettext("%(count)d source was added.", "%(count)d sources were added.", count)',
        'KIND = "kind", gettext_lazy("What became of a source")',
        '"""A sentence that says what a module is for."""',
        'raise ImproperlyConfigured(f"Set {name} to a number of days.")',
        'raise Http404("There is no article at this address.")',
        'logger.warning("The worker was not heard of.")',
        'parser.add_argument("--all", help="Every article there is.")',
        'QUERY = "SELECT id FROM articles_article"',
        r'WORDS = re.compile(r"\bdo not know\b.")',
        'related_name = "live_pages"',
    ],
)
def test_text_that_nobody_reads_on_screen_is_skipped(line: str) -> None:
    assert not [*unmarked(line)]


def test_every_sentence_that_people_see_is_marked() -> None:
    found = [
        f"{path}:{line}: {text}"
        for path, source in _modules()
        if not path.startswith((*UNREAD,))
        for line, text in unmarked(source)
    ]
    assert not found, "mark it with gettext, in its room’s words.py"


@pytest.mark.parametrize("listed", UNREAD)
def test_every_skipped_path_has_unmarked_sentences(listed: str) -> None:
    """A list that only grew would hide sentences that it was never meant to."""
    assert any([*unmarked(source)] for path, source in _modules() if path.startswith(listed))


def _modules() -> Iterator[tuple[str, str]]:
    for app in ("articles", "inquiries", "portal"):
        for path in sorted((REPOSITORY / app).rglob("*.py")):
            name = path.relative_to(REPOSITORY)
            if "migrations" not in name.parts:
                yield name.as_posix(), path.read_text(encoding="utf-8")
