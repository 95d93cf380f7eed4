"""Atom feeds (RFC 4287) of the newest articles, for the whole site or for one category."""

from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.content import strip_control_characters
from articles.models import Article, Category

LENGTH = 20


class _Atom(Atom1Feed):
    """An Atom feed that marks articles in a language other than its own."""

    def item_attributes(self, item: dict[str, Any]) -> dict[str, Any]:
        attributes = super().item_attributes(item)
        return {**attributes, "xml:lang": item["lang"]} if item["lang"] else attributes


class NewestFeed(Feed[Article, Any]):
    feed_type = _Atom
    title = gettext_lazy("New articles")
    subtitle = gettext_lazy("Articles about lupus, the kidneys, and stem cells. Newest first.")

    def link(self, obj: Any) -> str:
        return reverse("articles:list")

    def items(self, obj: Any) -> list[Article]:
        return list(Article.objects.for_readers().for_feeds()[:LENGTH])

    def item_title(self, item: Article) -> str:
        return item.title

    def item_description(self, item: Article) -> str:
        # Atom's summary is HTML here, so “<normal” would start a tag that hides the rest.
        return escape(item.live.summary) if item.live else ""

    def item_pubdate(self, item: Article) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Article) -> datetime | None:
        return item.live_at

    def item_author_name(self, item: Article) -> str:
        authorships = item.live.authorships.all() if item.live else ()
        return strip_control_characters(", ".join(each.author.public_name for each in authorships))

    def item_categories(self, item: Article) -> list[str]:
        names = (category.words.name for category in item.categories.all())
        return [strip_control_characters(name) for name in names]

    def item_extra_kwargs(self, item: Article) -> dict[str, Any]:
        return {**super().item_extra_kwargs(item), "lang": item.lang}


class CategoryFeed(NewestFeed):
    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Category:
        return get_object_or_404(Category.objects.with_words(), slug=kwargs["slug"])

    def title(self, obj: Category) -> str:  # type: ignore[override]
        words = _("New articles: %(topic)s") % {"topic": obj.words.name}
        return strip_control_characters(words)

    def link(self, obj: Category) -> str:
        return obj.get_absolute_url()

    def items(self, obj: Category) -> list[Article]:
        return list(Article.objects.for_readers().filed_under(obj).for_feeds()[:LENGTH])
