"""After an upgrade, every page is built again from the text that was approved."""

import pytest
from django.core.management import call_command
from django.test import Client

from articles.models import LivePage
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def test_each_live_page_is_built_again(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    article, other = make_article(), make_article()
    built = article.page.body_html
    LivePage.objects.update(body_html="<p>As the release before built it.</p>")
    assert "As the release before built it." in client.get(article.get_absolute_url()).text
    call_command("rebuild_pages")
    assert capsys.readouterr().out == "Pages built again: 2\n"
    assert LivePage.objects.get(pk=article.pk).body_html == built
    assert LivePage.objects.get(pk=other.pk).revision_id == other.live_id
    assert "As the release before" not in client.get(article.get_absolute_url()).text
