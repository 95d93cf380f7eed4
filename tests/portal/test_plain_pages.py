"""The site's own text can be read by people who left school after sixth grade."""

import re
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from articles.checking.english import grade_of
from inquiries import private_links
from tests.factories import make_inquiry
from tests.inquiries.private_page.browser import PRIVATE, prove, with_link_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

#: US school grade, the same limit as for articles.
HIGHEST_GRADE = 6.0
PAGES = (
    *("/", "/articles/", "/categories/", "/glossary/", "/search/?q=xyzzy", "/privacy/"),
    *("/accessibility/", "/care-coordinator/", "/care-coordinator/ask/"),
    *("/care-coordinator/paper/", "/care-coordinator/sent/", "/no-such-page/"),
    "/care-coordinator/request/new-link/",
    *("/about/", "/about/how-we-write/", "/about/people/", "/about/funding/"),
    *("/about/complaints/", "/about/corrections/"),
)


def sentences_of(page: str) -> Iterator[str]:
    """Yield whole sentences only: labels would count as short ones and hide the long ones."""
    soup = BeautifulSoup(page, "html.parser")
    for each in soup.select("p, li, dd, label"):
        if each.find(["p", "li", "dd", "label"]):
            continue
        text = " ".join(each.get_text(" ").split())
        # A single letter of an address, a time or a number does not end a sentence.
        for sentence in re.split(r"(?<=[a-z][.?!])\s+(?=[A-Z])", text.replace("p.m.", "pm")):
            if sentence.endswith((".", "?", "!")):
                yield sentence


@pytest.mark.parametrize("address", PAGES)
def test_a_public_page_reads_at_sixth_grade_or_below(client: Client, address: str) -> None:
    sentences = [*sentences_of(client.get(address).text)]
    assert sentences
    assert grade_of(sentences) <= HIGHEST_GRADE, sorted(
        sentences, key=lambda one: -grade_of([one])
    )[:5]


def test_a_private_page_reads_at_sixth_grade_or_below() -> None:
    inquiry = make_inquiry()
    private_links.create_link(inquiry)
    visitor = with_link_of(inquiry)
    prove(visitor)
    sentences = [*sentences_of(visitor.get(PRIVATE).text)]
    assert grade_of(sentences) <= HIGHEST_GRADE, sorted(
        sentences, key=lambda one: -grade_of([one])
    )[:5]
