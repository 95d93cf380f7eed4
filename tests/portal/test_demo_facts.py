"""The demo's articles say and cite only what was collected for them, in either language."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from articles.rendering.document import read_document
from articles.rendering.findings import Finding
from articles.rendering.not_stated import NotStated
from portal.demo import content
from tests.portal.demo_facts import IDENTIFIERS, NAMED, NUMBERS

FILES = sorted(content.FOLDER.glob("*.md"))
#: The two others have cards; tests/portal/test_truth.py and the checks hold their numbers.
LONG = ("stem-cells-for-lupus-nephritis.md", "questions-before-a-stem-cell-study.md")
SHORT = [
    content.FOLDER / name
    for twins in content.ARTICLES.items()
    for name in twins
    if twins[0] not in LONG
]
_CENTRAL = re.compile(r"https://pmc\.ncbi\.nlm\.nih\.gov/articles/(PMC\d+)/")
_NO_WORDS = re.compile(r"\[@[^\]]*\]|\]\([^)]*\)")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
#: Whom to call needs no source.
_PHONES = {"911", "988"}
_CITED = re.compile(r"@([\w-]+)")
_PART = re.compile(r"^::: (\w+)", re.MULTILINE)
_DRAWING = re.compile(r"drawing:[\w-]+")
#: What both languages have to say in the same words.
_SAME = ("references", "categories", "condition_code", "stage", "certainty")


def read(path: Path) -> tuple[dict[str, Any], str]:
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(front), body


def words_of(front: dict[str, Any], body: str) -> str:
    return "\n".join((front["title"], front["summary"], *front["key_points"], body))


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
    numbers = set(_NUMBER.findall(_NO_WORDS.sub("", words_of(front, body))))
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


def test_each_article_has_a_twin_in_spanish() -> None:
    assert {path.name for path in FILES} == {*content.ARTICLES, *content.ARTICLES.values()}


@pytest.mark.parametrize("names", content.ARTICLES.items(), ids=lambda names: names[0])
def test_twins_have_the_same_numbers_sources_parts_and_drawings(names: tuple[str, str]) -> None:
    """Each number and source as often in one as in the other: nothing is said in one alone."""
    (english, body), (spanish, cuerpo) = (read(content.FOLDER / name) for name in names)
    assert (spanish["language"], spanish["translation_of"]) == ("es", english["slug"])
    assert [spanish.get(name) for name in _SAME] == [english.get(name) for name in _SAME]
    here, there = words_of(english, body), words_of(spanish, cuerpo)
    assert count(_NUMBER, _NO_WORDS.sub("", there)) == count(_NUMBER, _NO_WORDS.sub("", here))
    assert count(_CITED, there) == count(_CITED, here)
    assert _PART.findall(cuerpo) == _PART.findall(body)
    assert _DRAWING.findall(cuerpo) == _DRAWING.findall(body)
    findings = [read_document(each).findings for each in (body, cuerpo)]
    cards = [[counted(each) for each in found] for found in findings]
    assert cards[0] == cards[1]


def count(pattern: re.Pattern[str], text: str) -> Counter[str]:
    return Counter(pattern.findall(text))


def counted(finding: Finding) -> tuple[Any, ...]:
    """Return what no language changes about a card."""
    return (
        *(finding.study, finding.design, [each.people for each in finding.groups]),
        [(each.kind, each.counts, each.totals) for each in finding.outcomes],
        *(finding.silent, isinstance(finding.followed, NotStated)),
    )
