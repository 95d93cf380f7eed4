"""What docs/security.md promises exists: its tests, its packages, its rows, its links."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
DOCUMENT = REPOSITORY / "docs" / "security.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")

TESTS = sorted(set(re.findall(r"`(tests/[\w/]+\.py::\w+)`", TEXT)))
LINKS = sorted(set(re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", TEXT)))
SAFEGUARDS = (
    *("(a)(1)", "(a)(2)(i)", "(a)(2)(ii)", "(a)(2)(iii)", "(a)(2)(iv)", "(b)", "(c)(1)", "(c)(2)"),
    *("(d)", "(e)(1)", "(e)(2)(i)", "(e)(2)(ii)"),
)
#: For each section of OWASP ASVS 5.0.0, the last item of level 1 or 2; level 3 items come after it.
LAST_ITEMS = """
    1.1:2 1.2:9 1.3:11 1.4:3 1.5:2
    2.1:3 2.2:3 2.3:4 2.4:1
    3.2:2 3.3:4 3.4:6 3.5:5 3.7:2
    4.1:3 4.2:1 4.3:2 4.4:4
    5.1:1 5.2:3 5.3:2 5.4:3
    6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4
    7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2
    8.1:2 8.2:3 8.3:1 8.4:1
    9.1:3 9.2:4
    10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3
    11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1
    12.1:3 12.2:2 12.3:4
    13.1:1 13.2:5 13.3:2 13.4:5
    14.1:2 14.2:4 14.3:3
    15.1:3 15.2:3 15.3:7
    16.1:1 16.2:5 16.3:4 16.4:3 16.5:3
    17.1:1 17.2:4 17.3:2
"""
STATUS = re.compile(r"(met|in part|not yet|operator|n/a)\b")


def section(title: str) -> str:
    """Return the text from its heading to the next one of the same level."""
    found = re.search(
        rf"^## (?:\d+\. )?{re.escape(title)}.*?(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL
    )
    assert found, title
    return found[0]


def rows(text: str) -> Iterator[list[str]]:
    """Yield the cells of each row of its tables."""
    for line in text.splitlines():
        if line.startswith("| "):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


@cache
def names_in(path: str) -> frozenset[str]:
    """Return the names of the tests in one file."""
    file = REPOSITORY / path
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def anchors(path: Path) -> set[str]:
    """Return the anchors of its headings, as links use them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("test", TESTS)
def test_every_named_test_exists(test: str) -> None:
    path, _, name = test.partition("::")
    assert name in names_in(path)


def test_every_runtime_dependency_is_in_the_inventory() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.split(r"[\[=<>~! ]", each)[0] for each in project["dependencies"]}
    listed = [cells[0].strip("`") for cells in rows(section("What the portal is built from"))]
    assert wanted <= set(listed)
    assert all(listed.count(name) == 1 for name in wanted)


def test_every_technical_safeguard_has_a_row_and_names_a_test() -> None:
    table = {
        cells[0]: cells
        for cells in rows(section("HIPAA Security Rule: technical safeguards"))
        if cells[0].startswith("(")
    }
    assert tuple(table) == SAFEGUARDS
    for cells in table.values():
        assert "::test_" in cells[-1], cells[0]


def test_every_level_1_and_2_item_has_one_row_with_status_and_proof() -> None:
    found: list[str] = []
    for cells in rows(section("OWASP ASVS 5.0.0, levels 1 and 2")):
        if not cells[0][0].isdigit():
            continue
        items, _, status, proof = cells
        assert STATUS.match(status), items
        assert proof == "read" or "no test yet" in proof or "::test_" in proof, items
        first, _, last = items.partition("–")
        stem, _, number = first.rpartition(".")
        end = int((last or first).rpartition(".")[2])
        found += [f"{stem}.{each}" for each in range(int(number), end + 1)]
    lasts = [each.split(":") for each in LAST_ITEMS.split()]
    wanted = [f"{stem}.{number}" for stem, last in lasts for number in range(1, int(last) + 1)]
    assert len(wanted) == 253  # the standard's own count
    assert found == wanted


@pytest.mark.parametrize("link", LINKS)
def test_every_link_target_exists(link: str) -> None:
    path, _, anchor = link.partition("#")
    target = DOCUMENT.parent / path if path else DOCUMENT
    assert target.exists()
    if anchor:
        assert anchor in anchors(target)
