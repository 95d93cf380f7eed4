"""Translation catalogs are complete, compiled, and match the current pages."""

import gettext
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings

pytestmark = [pytest.mark.once, pytest.mark.no_cover]
CATALOGS = sorted(Path(settings.BASE_DIR, "portal", "locale").glob("*/LC_MESSAGES/django.po"))
LANGUAGES = [path.parts[-3] for path in CATALOGS]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w+|href=\"[^\"]*\"")

in_every_language = pytest.mark.parametrize("catalog", CATALOGS, ids=LANGUAGES)


def said(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_language_but_the_first_has_a_catalog() -> None:
    assert sorted(LANGUAGES) == sorted(code for code, _ in settings.LANGUAGES[1:])


@in_every_language
def test_every_message_is_translated(catalog: Path) -> None:
    missing = [entry.msgid for entry in polib.pofile(str(catalog)) if not entry.translated()]
    assert not missing


@in_every_language
def test_a_translation_keeps_its_placeholders(catalog: Path) -> None:
    """A lost placeholder loses a number; an extra one causes an error on the page."""
    wrong = [
        (entry.msgid, text)
        for entry in polib.pofile(str(catalog))
        for text in said(entry)
        # A plural contains the number where the singular spells it out.
        if set(PLACEHOLDER.findall(text))
        != set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        and set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(entry.msgid))
    ]
    assert not wrong


@in_every_language
def test_compiled_catalogs_match_their_sources(catalog: Path) -> None:
    with catalog.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for entry in polib.pofile(str(catalog)):
        if entry.msgid_plural:
            assert compiled.ngettext(entry.msgid, entry.msgid_plural, 1) == said(entry)[0]
        elif entry.msgctxt:
            assert compiled.pgettext(entry.msgctxt, entry.msgid) == entry.msgstr
        else:
            assert compiled.gettext(entry.msgid) == entry.msgstr, "run `make messages`"


@pytest.mark.skipif(not shutil.which("xgettext"), reason="no GNU gettext on this machine")
def test_the_catalogs_match_what_the_pages_say_now(tmp_path: Path) -> None:
    for folder in ("articles", "inquiries", "portal", "templates"):
        shutil.copytree(settings.BASE_DIR / folder, tmp_path / folder)
    shutil.copy(settings.BASE_DIR / "manage.py", tmp_path)
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--all"],
        cwd=tmp_path,
        # Coverage is not measured: it runs a copy.
        env={name: value for name, value in os.environ.items() if not name.startswith("COV")},
        check=True,
        capture_output=True,
    )
    for catalog in CATALOGS:
        fresh = polib.pofile(str(tmp_path / catalog.relative_to(settings.BASE_DIR)))
        kept = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(catalog))}
        assert {(entry.msgctxt, entry.msgid) for entry in fresh} == kept, "run `make messages`"
