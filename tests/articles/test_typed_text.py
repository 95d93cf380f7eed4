"""Text from outside: invisible characters are removed, unless they change what is visible."""

import re
import time
import unicodedata
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from articles.admin.clean_text import CleanTextAdmin, CleanTextMixin
from articles.forms import (
    STEP_FORMS,
    ArticleForm,
    ImageDescriptionForm,
    ImageForm,
    StandingForm,
    WithdrawImageForm,
)
from articles.forms.fields import CleanTextField
from articles.models import Category
from articles.posts import read_post
from articles.text_cleaning import clean_code, clean_line, clean_text, drop_invisible
from portal.accounts.forms import RenamePasskeyForm
from portal.models import Role
from tests.factories import approve_waiting, make_article, make_draft, make_staff, make_term

#: Visible format characters: signs of Arabic and Syriac numbers, verses and abbreviations.
SEEN = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
#: Invisible, but of other categories: fillers, vowels that are not written, a Braille blank.
UNSEEN = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc\u2065\ufdd0\ufffe\uffff\U0010ffff"
LINE_BREAKS = frozenset("\t\n\r\x0b\x0c\x85")

NEEDED = {
    "a man who is a health worker": "👨🏽‍⚕️",
    "a family": "👨‍👩‍👧‍👦",
    "a rainbow flag": "🏳️‍🌈",
    "a heart on fire": "❤️‍🔥",
    "a head that shakes": "🙂‍↔️",
    "a telephone and a sign as pictures": "☎️ ♀️ ℹ️ ‼️ ✔️",
    "a sign as text": "☎︎",
    "a key": "2️⃣ #️⃣",
    "the flag of England": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "Persian, where a word has two parts": "می‌خواهم نامه‌ای",
    "Persian, an initial that is shortened": "ه‍",
    "Hindi, a half letter and one kept apart": "क्‍ष क्‌ष",
    "Bengali": "র‍্য",
    "Malayalam, at the end of a word": "ന്‍",
    "Sinhala": "ශ්‍රී ලංකා",
    "Mongolian": "ᠠ᠋",
    "a Japanese name with a variant": "葛\U000e0100城",
    "Arabic, Hebrew": "مرحبا بالعالم שלום",
}


@pytest.mark.parametrize("text", NEEDED.values(), ids=NEEDED)
def test_characters_that_change_the_appearance_are_kept(text: str) -> None:
    assert clean_text(text) == unicodedata.normalize("NFC", text)
    assert clean_line(f"Ana {text} Example") == clean_line(clean_line(f"Ana {text} Example"))


STRAY = {
    "pasted from a page": ("ana\u200b", "ana"),
    "a byte order mark": ("\ufeffAna", "Ana"),
    "a soft hyphen": ("Schu\u00adbert", "Schubert"),
    "turned round": ("\u202etxet\u202c", "txet"),
    "isolated": ("\u2066a\u2069", "a"),
    "marks of direction": ("\u200eAna\u200f", "Ana"),
    "a word joiner": ("An\u2060a", "Ana"),
    "joiners where nothing joins": ("A\u200dn\u200ca", "Ana"),
    "joiners in a row": ("می\u200c\u200cخواهم", "می\u200cخواهم"),
    "a joiner at the end": ("می\u200c خواهم", "می خواهم"),
    "a joiner after a digit": ("۱\u200c۲", "۱۲"),
    "a joiner after an emoji": ("😀\u200d", "😀"),
    "a variant of nothing": ("A\ufe0fna", "Ana"),
    "variants in a row": ("☎\ufe0f\ufe0f\ufe0f", "☎\ufe0f"),
    "tags that spell nothing": ("A\U000e0041\U000e0042na", "Ana"),
    "a filler": ("\u3164", ""),
    "an empty cell of Braille": ("\u2800\u2800", ""),
    "half a pair": ("A\ud800na", "Ana"),
    "private": ("A\ue000na\U000f0000", "Ana"),
    "controls": ("A\x00n\x1ba\x9b", "Ana"),
    "letters taken apart": ("Jose\u0301", "José"),
    "taken apart by a joiner": ("Jose\u200d\u0301", "José"),
}


@pytest.mark.parametrize(("typed", "kept"), STRAY.values(), ids=STRAY)
def test_invisible_characters_are_dropped(typed: str, kept: str) -> None:
    """From the report “intake: invisible format characters dropped on the way in”."""
    assert clean_text(typed) == kept
    assert clean_line(typed) == kept


def test_every_invisible_unicode_character_inside_a_word_is_dropped() -> None:
    for code in range(0x110000):
        character = chr(code)
        category = unicodedata.category(character)
        unseen = category in {"Cc", "Cf", "Cs", "Co"} and character not in LINE_BREAKS
        if (unseen and character not in SEEN) or character in UNSEEN:
            assert clean_text(f"a{character}b") == "ab", hex(code)
        elif category[0] in "LNPS":
            # Of two canonically equivalent characters, the usual one is kept.
            expected = unicodedata.normalize("NFC", f"a{character}b")
            assert clean_text(f"a{character}b") == expected, hex(code)


def test_line_endings_are_normalized_and_removed_from_single_lines() -> None:
    assert clean_text("a\r\nb\rc\x0bd\x85e") == "a\nb\nc\nd\ne"
    assert clean_line(" a\r\nb\u2028c\u00a0\u3000 d\t") == "a b c d"


@given(st.text())
def test_cleaning_is_idempotent(text: str) -> None:
    for clean in (clean_text, clean_line, clean_code, drop_invisible):
        assert clean(clean(text)) == clean(text)
    assert unicodedata.is_normalized("NFC", clean_text(text))


PARTS = [
    *NEEDED.values(),
    *"\u200c\u200d\u200b\ufe0f\u180b\U000e0100\U000e0067\U000e007fe\u0301 =\u0338",
]


@given(st.lists(st.sampled_from(PARTS)).map("".join))
def test_cleaning_is_idempotent_in_hard_cases(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_code(clean_code(text)) == clean_code(text)


def test_codes_are_the_same_in_any_character_width() -> None:
    assert clean_code(" ＡＮＡ＠ｅｘａｍｐｌｅ．ｃｏｍ\u200b ") == "ANA@example.com"
    assert clean_code("２０２-５５５-０１２３") == "202-555-0123"
    assert drop_invisible("می‌خواهم") == "میخواهم"


def test_cleaning_time_grows_linearly_with_the_text() -> None:
    for unit in ("x", "می\u200c", "😀\u200d", "e\u0301", "\u200d", "\U000e0067"):
        started = time.process_time()
        clean_text(unit * 100_000)
        assert time.process_time() - started < 2


# --- Where it comes in ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_article_search_ignores_invisible_characters(client: Client) -> None:
    make_article(title="Foamy urine")
    for typed in ("fo\u200bamy", "\ufefffoamy", "foa\u00admy urine\u200e"):
        page = client.get("/search/", {"q": typed})
        assert "Foamy urine</a>" in re.sub("</?mark>", "", page.text)
        assert f'value="{clean_line(typed)}"' in page.text


@pytest.mark.django_db
def test_article_text_is_cleaned_however_it_arrives() -> None:
    draft = make_draft(title="Foa\u00admy", body="## Protein\n\nA\u200b 👨🏽‍⚕️ می‌خواهم")
    assert draft.title == "Foamy"
    assert draft.head.body == "## Protein\n\nA 👨🏽‍⚕️ می‌خواهم"
    file = "Foa\u00admy\n\nPosted and filed under Lu\u200bpus.\n\nUri\u2060ne."
    post = read_post(file.encode())
    assert (post.content.title, post.content.body) == ("Foamy", "Urine.")
    assert post.categories == ("Lupus",)


DESK = [
    ArticleForm,
    ImageDescriptionForm,
    ImageForm,
    StandingForm,
    WithdrawImageForm,
    *STEP_FORMS.values(),
]


@pytest.mark.parametrize("form", DESK)
def test_desk_forms_clean_every_line(form: Any) -> None:
    for name, field in form.base_fields.items():
        is_typed = hasattr(field, "strip") and not (
            hasattr(field, "choices") or field.widget.is_hidden
        )
        if is_typed and name != "slug":
            assert field.to_python("fi\u200beld") == "field", name


@pytest.mark.django_db
def test_admin_forms_clean_every_line() -> None:
    request = RequestFactory().get("/")
    request.user = make_staff(is_superuser=True)
    seen = 0
    for model, table in admin.site._registry.items():
        fields = [each for each in model._meta.fields if type(each).__name__ == "CharField"]
        assert all(issubclass(each, CleanTextMixin) for each in getattr(table, "inlines", ())), (
            model
        )
        if not isinstance(table, CleanTextMixin):
            assert not table.has_add_permission(request), model
            continue
        for column in fields:
            if not column.choices and column.editable:
                field = table.formfield_for_dbfield(column, request)
                assert isinstance(field, CleanTextField), (model, column.name)
                seen += 1
    assert seen > 10


@pytest.mark.django_db
def test_an_invisible_name_is_refused(client: Client) -> None:
    client.force_login(make_staff(Role.REVIEWER))
    new = {"name": "\u200b\u200b\u200b", "slug": "gout", "description": "", "opened_version": "0"}
    assert "This field is required" in client.post("/admin/articles/category/add/", new).text
    client.post("/admin/articles/category/add/", {**new, "name": "Go\u200but"})
    approve_waiting()
    assert Category.objects.get(slug="gout").name == "Gout"


@pytest.mark.django_db
def test_admin_search_ignores_invisible_characters(client: Client) -> None:
    make_term("podocyte")
    client.force_login(make_staff(Role.REVIEWER))
    page = client.get("/admin/articles/term/", {"q": "podo\u200bcyte\ufeff"})
    assert "1 term" in page.text
    searched = [each for each in admin.site._registry.values() if each.search_fields]
    tables = [each for each in searched if type(each).__module__.split(".")[0] != "django"]
    assert all(
        isinstance(each, CleanTextAdmin) for each in tables if type(each).__name__ != "StaffAdmin"
    )


def test_passkey_names_are_cleaned() -> None:
    form = RenamePasskeyForm({"name": "My\u200b phone"}, instance=SimpleNamespace(wrap=Mock))
    assert form.is_valid()
    assert form.cleaned_data["name"] == "My phone"
