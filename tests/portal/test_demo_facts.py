"""The demo's articles say and cite only what was collected for them, in either language."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from portal.demo import content
from tests.portal.demo_facts import IDENTIFIERS, NAMED, NUMBERS

FILES = sorted(content.FOLDER.glob("*.md"))
#: The two others have cards; tests/portal/test_truth.py and the checks hold their numbers.
SHORT = [
    path
    for path in FILES
    if path.stem not in {"stem-cells-for-lupus-nephritis", "questions-before-a-stem-cell-study"}
]
_CENTRAL = re.compile(r"https://pmc\.ncbi\.nlm\.nih\.gov/articles/(PMC\d+)/")
_NO_WORDS = re.compile(r"\[@[^\]]*\]|\]\([^)]*\)")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
#: Whom to call needs no source.
_PHONES = {"911", "988"}


def read(path: Path) -> tuple[dict[str, Any], str]:
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(front), body


def is_allowed(reference: dict[str, Any]) -> bool:
    """Return whether it is one of ours, with no identifier or address that is not."""
    found = [str(reference[name]) for name in ("doi", "pmid", "registry_id") if name in reference]
    address = reference.get("url", "")
    if central := _CENTRAL.fullmatch(address):
        found.append(central[1])
    elif address and not address.startswith(NAMED.get(reference["title"], "not named")):
        return False
    return bool(found or address) and {each.lower() for each in found} <= _LOWERED


_LOWERED = {each.lower() for each in IDENTIFIERS}


def test_each_term_of_the_glossary_is_used() -> None:
    texts = "\n".join(path.read_text(encoding="utf-8") for path in FILES).lower()
    terms = yaml.safe_load((content.FOLDER / "glossary.yaml").read_text(encoding="utf-8"))
    assert [each["name"] for each in terms if not content.is_used(each, texts)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_source_is_one_that_was_collected(path: Path) -> None:
    front, _ = read(path)
    assert [each["key"] for each in front["references"] if not is_allowed(each)] == []


@pytest.mark.parametrize(
    "change",
    [
        {"doi": "10.1000/made.up"},
        {"pmid": "12345678"},
        {"registry_id": "NCT00000000"},
        {"url": "https://pmc.ncbi.nlm.nih.gov/articles/PMC1/"},
        {"url": "https://www.niddk.nih.gov/", "title": "A page that nobody read"},
        {"url": "https://shop.example/", "title": "Kidney Biopsy"},
        {},
    ],
)
def test_any_other_source_is_found(change: dict[str, str]) -> None:
    assert not is_allowed({"key": "new", "title": "New"} | change)


@pytest.mark.parametrize("path", SHORT, ids=lambda path: path.stem)
def test_each_number_in_a_short_article_is_one_that_was_collected(path: Path) -> None:
    front, body = read(path)
    texts = (front["title"], front["summary"], *front["key_points"], body)
    numbers = {found for text in texts for found in _NUMBER.findall(_NO_WORDS.sub("", text))}
    assert numbers == set(NUMBERS[front.get("translation_of", path.stem)])


@pytest.mark.parametrize("path", SHORT, ids=lambda path: path.stem)
def test_each_paragraph_with_a_number_cites_a_source(path: Path) -> None:
    """A list or table can rely on the sentence that introduces it, in the paragraph before."""
    front, body = read(path)
    before, uncited = "", []
    for block in (*front["key_points"], *body.split("\n\n")):
        numbers = set(_NUMBER.findall(_NO_WORDS.sub("", block))) - _PHONES
        introduced = block.startswith(("- ", "|")) and "[@" in before
        if numbers and "[@" not in block and not introduced and not block.startswith("#"):
            uncited.append(block)
        before = block
    assert uncited == []
