"""A new site without categories or articles: nothing breaks."""

import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

EMPTY = {
    "/": "No articles yet. Please come back soon.",
    "/articles/": "No articles yet. Please come back soon.",
    "/categories/": "No topics yet. Please come back soon.",
    "/glossary/": "",
    "/search/?q=kidney": "",
    "/feed/": "",
    "/sitemap.xml": "",
    "/care-coordinator/": "",
    "/care-coordinator/ask/": "",
    "/care-coordinator/paper/": "",
}


@pytest.mark.parametrize("address", EMPTY)
def test_each_page_of_an_empty_site_opens_and_says_it_is_empty(
    client: Client, address: str
) -> None:
    page = client.get(address)
    assert page.status_code == 200
    assert EMPTY[address] in re.sub(r"\s+", " ", page.text)
    for heading in re.findall(r"<ul[^>]*>\s*</ul>", page.text):
        raise AssertionError(f"an empty list: {heading}")
