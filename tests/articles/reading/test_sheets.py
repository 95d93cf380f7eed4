"""How an article is printed, and the code that leads back to it."""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from articles.reading.sheets import Sheet, choose_sheet
from articles.templatetags.qr_code import qr_code
from tests.factories import make_article

#: As long as a code of this size can hold: with room left, libraries fill it up differently.
ADDRESS = "https://portal.example/articles/what-is-lupus-nephritis-in-sh/"
LONGEST = 62
QUESTIONS = ("part-questions", 2, "Questions to ask")
GROUPS = [("on-cells", 3, "What are the cells?"), ("on-harms", 3, "What could go wrong?")]


@pytest.mark.parametrize(
    ("headings", "minutes", "has_stage", "sheet"),
    [
        ([QUESTIONS], 6, True, Sheet.WHOLE),
        ([QUESTIONS], 7, True, Sheet.SHORT),
        ([QUESTIONS], 7, False, Sheet.WHOLE),
        ([QUESTIONS, *GROUPS], 3, False, Sheet.CHECKLIST),
        ([QUESTIONS, GROUPS[0]], 3, False, Sheet.WHOLE),
        ([*GROUPS, QUESTIONS], 3, False, Sheet.WHOLE),
        ([QUESTIONS, ("on-why", 2, "Why"), *GROUPS], 3, False, Sheet.WHOLE),
        ([], 0, False, Sheet.WHOLE),
    ],
)
def test_a_sheet_is_chosen_by_what_the_page_is_for(
    headings: list[tuple[str, int, str]], minutes: int, has_stage: bool, sheet: Sheet
) -> None:
    assert choose_sheet(headings, minutes=minutes, has_stage=has_stage) is sheet


def read_modules(svg: str) -> list[list[bool]]:
    """Read the dark squares from the path: `h` draws one after another, `m` moves."""
    size = int(re.findall(r'viewBox="0 0 (\d+) ', svg)[0])
    modules = [[False] * size for _ in range(size)]
    x, y = 0.0, 0.0
    for command, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", svg):
        if command == "h":
            for place in range(int(x), int(x) + int(first)):
                modules[int(y)][place] = True
            x += int(first)
        elif command == "M":
            x, y = float(first), float(second)
        else:
            x, y = x + float(first), y + float(second)
    return modules


def test_the_code_is_the_address_as_another_library_writes_it() -> None:
    assert len(ADDRESS) == LONGEST
    drawn = read_modules(qr_code(ADDRESS))
    others = []
    for mask in range(8):
        code: QRCode[Any] = QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=mask)
        code.add_data(ADDRESS, optimize=0)
        code.make()
        others.append(code.get_matrix())
    assert drawn in others
    assert read_modules(qr_code(ADDRESS.upper())) not in others


def test_an_address_cannot_break_out_of_the_drawing() -> None:
    drawing = qr_code('https://portal.example/"><script>')
    assert "script" not in drawing
    assert BeautifulSoup(drawing, "html.parser").select_one("svg[aria-hidden=true] > path")


@pytest.mark.django_db
def test_a_short_article_is_printed_whole_and_offers_no_choice(client: Client) -> None:
    article = make_article()
    page = BeautifulSoup(client.get(article.get_absolute_url()).content, "html.parser")
    assert page.select_one("article.sheet-whole")
    assert not page.select("#print-whole")
    link = page.select_one(".sheet-link")
    assert link
    assert f"http://testserver{article.get_absolute_url()}" in link.get_text()
