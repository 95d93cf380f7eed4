"""An article's page, parsed as people and machines read it."""

import json
from typing import Any

from bs4 import BeautifulSoup
from django.test import Client

from articles.models import Article


def soup_of(client: Client, address: str, status: int = 200) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == status
    return BeautifulSoup(response.text, "html.parser")


def words_of(client: Client, article: Article, status: int = 200) -> str:
    main = soup_of(client, article.get_absolute_url(), status).select_one("main")
    assert main
    return " ".join(main.get_text(" ").split())


def linked_data(client: Client, article: Article) -> dict[str, Any]:
    found = soup_of(client, article.get_absolute_url()).select('script[type="application/ld+json"]')
    assert len(found) == 1
    data: dict[str, Any] = json.loads(found[0].text)
    return data
